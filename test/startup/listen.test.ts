import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeServer } from "../../src/http/server.ts";
import { listen } from "../../src/startup/listen.ts";

const server = () => {
  const made = makeServer({ warn: () => {}, error: () => {} });
  onTestFinished(() => made.close());
  return made;
};

describe("an address to listen on", () => {
  it("that is free is taken, and how it is reached from this machine is said", async () => {
    const url = await listen(server(), { host: "127.0.0.1", port: 0 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(url)).status).toBe(404);
  });
  it("that is every address is reached on the loopback one", async () => {
    expect(await listen(server(), { host: "0.0.0.0", port: 0 })).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
  it("whose port another program has is refused in a sentence that names PORT", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(listen(server(), { host: "127.0.0.1", port })).rejects.toMatchObject({
      code: "http.cannotListen",
      details: { problems: [expect.stringMatching(new RegExp(`^PORT: .*${port}.*in use`))] },
    });
  });
  it("that this machine does not have is refused in a sentence that names HOST", async () => {
    await expect(listen(server(), { host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
      code: "http.cannotListen",
      details: { problems: [expect.stringMatching(/^HOST: /)] },
    });
  });
});
