import { inspect } from "node:util";
import { Api } from "grammy";
import { describe, expect, it } from "vitest";
import { readBotInfo, setUpWebhook } from "../../src/startup/telegram.ts";
import { startWorld } from "../sandbox/telegram/support.ts";

const SECRET = "secret_0123456789";
const ALLOWED = ["message", "chat_member"];

async function telegram() {
  const { emulator } = await startWorld({ webhook: false });
  const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  const waits: number[] = [];
  const setUp = (url: string, allowedUpdates: readonly string[] = ALLOWED) =>
    setUpWebhook(api, { url, secret: SECRET, allowedUpdates }, async (ms) => void waits.push(ms));
  return { emulator, api, waits, setUp };
}
const URL = "http://127.0.0.1:8080/telegram/webhook";

describe("the webhook at start", () => {
  it("is registered with its secret and every kind of update, and read back", async () => {
    const { emulator, setUp } = await telegram();
    expect(await setUp(URL)).toEqual({ pending: 0 });
    expect(emulator.calls({ method: "setWebhook" })).toMatchObject([
      { params: { url: URL, secret_token: SECRET, allowed_updates: ALLOWED } },
    ]);
  });
  it("that Telegram refuses is named as such, with Telegram's words", async () => {
    const { setUp } = await telegram();
    await expect(setUp("http://192.0.2.1/telegram/webhook")).rejects.toMatchObject({
      code: "telegram.webhook",
      details: { refusal: expect.stringContaining("bad webhook") },
    });
  });
  it("that takes not all kinds of updates is named as such", async () => {
    const { setUp } = await telegram();
    await expect(setUp(URL, ["message", "no_such_kind"])).rejects.toMatchObject({
      code: "telegram.webhook",
      details: { sameUrl: true, missing: ["no_such_kind"] },
    });
  });
  it("is asked for again when another process has just asked for it: Telegram takes one a second", async () => {
    const { emulator, setUp, waits } = await telegram();
    emulator.faults.onCall({ method: "setWebhook", times: 2, fault: { kind: "error", status: 429, retryAfter: 2 } });
    expect(await setUp(URL)).toEqual({ pending: 0 });
    expect(waits).toEqual([2_000, 2_000]);
  });
  it("is not asked for for ever", async () => {
    const { emulator, setUp, waits } = await telegram();
    emulator.faults.onCall({ method: "setWebhook", fault: { kind: "error", status: 429, retryAfter: 2 } });
    await expect(setUp(URL)).rejects.toMatchObject({ code: "telegram.unreachable" });
    expect(waits.length).toBeLessThan(10);
  });
  it("cannot be set while nobody answers, and the error holds no address: the token is in it", async () => {
    const { emulator, setUp } = await telegram();
    emulator.faults.onCall({ method: "setWebhook", fault: { kind: "reset", when: "before" } });
    const failure: unknown = await setUp(URL).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "telegram.unreachable" });
    expect(inspect(failure, { depth: 9 })).not.toContain(emulator.token);
  });
});

describe("the bot's own name at start", () => {
  it("is asked for with the token, and a wrong one is named as such", async () => {
    const { emulator, api } = await telegram();
    expect((await readBotInfo(api)).username).toBe(emulator.bot.username);
    const stranger = new Api("1:wrong", { apiRoot: emulator.apiRoot });
    await expect(readBotInfo(stranger)).rejects.toMatchObject({ code: "telegram.unauthorized" });
  });
});
