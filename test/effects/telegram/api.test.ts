import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { makeTelegramApi } from "../../../src/effects/telegram/api.ts";
import { ask } from "../../../src/effects/telegram/calls.ts";
import { failure, startAccess } from "./support.ts";

const TOKEN = "6900000001:secret-secret-secret-secret-secret";
const pacer = { acquire: async () => ({ ok: true }) as const, slowDown: async () => {} };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that begins its answer and never ends it. */
async function neverEnding(): Promise<{ root: string; closed: Promise<void> }> {
  let closed: () => void = () => {};
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = createServer((_request, response) => {
    response.on("close", () => closed());
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write('{"ok":true,"resu');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed: whenClosed };
}

describe("the client of the workers", () => {
  it("speaks with Telegram", async () => {
    const { deps, desk } = await startAccess();
    expect((await deps.api.getChat(desk.id)).title).toBe("Club");
  });

  it("gives up on an answer that stops in the middle, and hangs up", async () => {
    const { root, closed } = await neverEnding();
    const api = makeTelegramApi({ token: TOKEN, apiRoot: root, timeoutSeconds: 0.2 });
    await failure(api.getMe());
    await closed;
  });

  it("stops when the attempt is over, long before its own limit", async () => {
    const { root } = await neverEnding();
    const api = makeTelegramApi({ token: TOKEN, apiRoot: root, timeoutSeconds: 60 });
    const controller = new AbortController();
    const call = failure(api.getChat(-100, controller.signal as never));
    controller.abort();
    expect(await call).toMatchObject({ name: "HttpError" });
  });

  it("lets nothing of the token through to what is logged", async () => {
    const api = makeTelegramApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1", timeoutSeconds: 1 });
    const error = await failure(ask({ pacer }, "-100", () => api.getChat(-100)));
    expect(inspect(error, { depth: 9 })).not.toContain("secret");
    expect(JSON.stringify(error)).not.toContain("secret");
  });
});
