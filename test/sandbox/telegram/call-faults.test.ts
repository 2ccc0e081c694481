import { describe, expect, it } from "vitest";
import type { CallRule } from "../../../src/sandbox/telegram/faults.ts";
import { startWorld } from "./support.ts";

async function chat() {
  const world = await startWorld();
  const ann = world.emulator.people.add();
  ann.start();
  await world.emulator.settled();
  const params = { chat_id: ann.id, text: "hi" };
  /** The HTTP answer as a client without mercy sees it. */
  const send = () =>
    fetch(`${world.emulator.apiRoot}/bot${world.emulator.token}/sendMessage`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(params),
    });
  const strike = (fault: CallRule["fault"], rule: Partial<CallRule> = {}) =>
    world.emulator.faults.onCall({ method: "sendMessage", times: 1, ...rule, fault });
  const texts = () =>
    ann
      .messages()
      .filter((m) => m.from === "bot")
      .map((m) => m.text);
  return { ...world, ann, send, strike, texts };
}

describe("a call that goes wrong", () => {
  it("with 429 says how long to wait, and the next one works", async () => {
    const { call, ann, strike, texts } = await chat();
    strike({ kind: "error", status: 429, retryAfter: 3 });
    expect(await call("sendMessage", { chat_id: ann.id, text: "a" })).toEqual({
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 3",
      parameters: { retry_after: 3 },
    });
    expect((await call("sendMessage", { chat_id: ann.id, text: "b" })).ok).toBe(true);
    expect(texts()).toEqual(["b"]);
  });

  it("with an error after the effect has had its effect", async () => {
    const { refused, ann, strike, texts, emulator } = await chat();
    strike({ kind: "error", status: 500, execute: true });
    expect(await refused("sendMessage", { chat_id: ann.id, text: "a" })).toBe("Internal Server Error");
    expect(texts()).toEqual(["a"]);
    expect(emulator.calls({ method: "sendMessage" })).toMatchObject([{ fault: "error", response: { ok: true } }]);
  });

  it("by a reset before or after the effect", async () => {
    const { send, strike, texts, emulator } = await chat();
    strike({ kind: "reset", when: "before" });
    await expect(send()).rejects.toThrow();
    expect(texts()).toEqual([]);
    strike({ kind: "reset", when: "after" });
    await expect(send()).rejects.toThrow();
    expect(texts()).toEqual(["hi"]);
    expect(emulator.calls({ method: "sendMessage" }).map((c) => c.response?.ok ?? null)).toEqual([null, true]);
  });

  it("by half an answer", async () => {
    const { send, strike, texts } = await chat();
    strike({ kind: "truncate" });
    const response = await send();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(texts()).toEqual(["hi"]);
  });

  it("by a proxy's page", async () => {
    const { send, strike, texts } = await chat();
    strike({ kind: "garbage" });
    const response = await send();
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(await response.text()).toContain("Bad Gateway");
    expect(texts()).toEqual([]);
  });

  it("by silence, until it is released; others are answered meanwhile", async () => {
    const { send, strike, texts, ok, emulator } = await chat();
    const rule = strike({ kind: "hang", execute: true });
    const hanging = send().then(
      () => "answered",
      () => "dropped",
    );
    await expect.poll(() => rule.hits, { interval: 1 }).toBe(1);
    await ok("getMe");
    await emulator.settled();
    expect(texts()).toEqual(["hi"]);
    rule.release();
    expect(await hanging).toBe("dropped");
  });

  it("by a late answer, on the scheduler's clock", async () => {
    const { send, strike, texts, clock, scheduler } = await chat();
    const rule = strike({ kind: "delay", delayMs: 5000 });
    const sending = send();
    await expect.poll(() => rule.hits, { interval: 1 }).toBe(1);
    expect(texts()).toEqual([]);
    clock.ms += 5000;
    scheduler.runDue(clock.ms);
    expect((await sending).status).toBe(200);
    expect(texts()).toEqual(["hi"]);
  });

  it("only for the chat, the times and after the skips that the rule names", async () => {
    const { call, ann, emulator } = await chat();
    const bob = emulator.people.add();
    bob.start();
    const rule = emulator.faults.onCall({ chatId: ann.id, skip: 1, times: 2, fault: { kind: "error", status: 400 } });
    const send = async (id: number) => (await call("sendMessage", { chat_id: id, text: "x" })).ok;
    expect([
      await send(ann.id),
      await send(bob.id),
      await send(ann.id),
      await send(ann.id),
      await send(ann.id),
    ]).toEqual([true, true, false, false, true]);
    expect(rule.hits).toBe(2);
  });

  it("until the rule is removed", async () => {
    const { call, emulator } = await chat();
    const rule = emulator.faults.onCall({ fault: { kind: "error", status: 502 } });
    expect((await call("getMe")).ok).toBe(false);
    rule.remove();
    expect((await call("getMe")).ok).toBe(true);
    expect(() => emulator.faults.onCall({ fault: { kind: "error", status: 200 } })).toThrow();
  });
});
