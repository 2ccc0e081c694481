import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { closeServer, makeServer } from "../../src/http/server.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection to the server on which this much was said. */
async function visitor(port: number, words: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  socket.resume(); // an end that nobody reads up to is never seen
  await once(socket, "connect");
  if (words !== "") await new Promise<void>((resolve) => socket.write(words, () => resolve()));
  return socket;
}

describe("a server that closes", () => {
  it.each([
    ["a connection on which nothing was asked", ""],
    [
      "a request of which only half has come",
      "POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
  ])("is not held up by %s", async (_, words) => {
    const server = makeServer({ warn: () => {}, error: () => {} });
    server.post("/telegram/webhook", async () => ({ ok: true }));
    await server.listen({ host: "127.0.0.1", port: 0 });
    const socket = await visitor((server.server.address() as AddressInfo).port, words);
    const ended = once(socket, "close");
    await closeServer(server, 50);
    await ended;
    expect(server.server.listening).toBe(false);
  });

  it("lets a running request finish", async () => {
    const server = makeServer({ warn: () => {}, error: () => {} });
    let finish = (): void => {};
    const isFinished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begin = (): void => {};
    const isBegun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    server.get("/slow", async () => {
      begin();
      await isFinished;
      return { ok: true };
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const answer = fetch(`http://127.0.0.1:${port}/slow`);
    await isBegun;
    const closing = closeServer(server, 60_000);
    finish();
    expect((await answer).status).toBe(200);
    await closing;
  });
});
