import { describe, expect, it } from "vitest";
import { PATHS, SHEET, startBackend, TODAY } from "./support.ts";

const BODY = { spreadsheet_id: SHEET };

/** Lets everything happen that needs no time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe("a call that goes wrong on purpose", () => {
  it("with a status has no effect, as often as said, and only on its path", async () => {
    const { post, strike, effects } = await startBackend();
    await strike(PATHS.register, { status: 503, code: "maintenance" }, 2);
    expect((await post(PATHS.getTokens, BODY)).status).toBe(403);
    for (let i = 0; i < 2; i += 1) expect((await post(PATHS.register, BODY)).body.code).toBe("maintenance");
    expect(effects()).toEqual([]);
    expect((await post(PATHS.register, BODY)).status).toBe(200);
  });

  it("with a status says what it was told to say", async () => {
    const { post, strike } = await startBackend();
    await strike("/api/admin/*", { status: 429, code: "rate_limited", retry_after: 7 });
    const limited = await post(PATHS.register, BODY);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
    await strike(PATHS.register, {
      status: 422,
      code: "invalid_wb_token",
      details: { reason: "expired" },
      message: "Old.",
    });
    expect((await post(PATHS.register, BODY)).body).toMatchObject({ message: "Old.", details: { reason: "expired" } });
    await strike(PATHS.register, { status: 409 });
    expect((await post(PATHS.register, BODY)).body.code).toBe("collector_busy");
  });

  it("with 200 and success false has no effect", async () => {
    const { post, strike, effects } = await startBackend();
    await strike(PATHS.register, { success_false: true });
    expect(await post(PATHS.register, BODY)).toMatchObject({ status: 200, body: { success: false, code: "internal" } });
    await strike(PATHS.register, { success_false: true, code: "owner_conflict", message: "Not yours." });
    expect((await post(PATHS.register, BODY)).body).toMatchObject({ code: "owner_conflict", message: "Not yours." });
    expect(effects()).toEqual([]);
  });

  it("by a delay is answered late", async () => {
    const { post, strike, timer, effects } = await startBackend();
    await strike(PATHS.register, { delay_ms: 5_000 });
    const call = post(PATHS.register, BODY);
    await until(() => timer.waiting > 0);
    expect(effects()).toEqual([]);
    timer.fire();
    expect((await call).body.result.created).toBe(true);
  });

  it("by a reset has no effect", async () => {
    const { post, strike, effects, backend } = await startBackend();
    await strike(PATHS.register, { reset: true });
    await expect(post(PATHS.register, BODY)).rejects.toThrow();
    expect(effects()).toEqual([]);
    expect(backend.calls()).toMatchObject([{ path: PATHS.register, status: null, fault: "reset" }]);
  });

  it("by silence is on record, holds nobody up, and ends when faults are cleared", async () => {
    const { post, request, strike, effects, backend } = await startBackend();
    await strike(PATHS.register, { hang: true });
    const silent = expect(post(PATHS.register, BODY)).rejects.toThrow();
    await until(() => backend.calls().length === 1);
    await backend.settled();
    expect((await post(PATHS.register, BODY)).status).toBe(200);
    expect((await request("DELETE", "/__sim/faults")).body.result).toEqual([]);
    await silent;
    expect(backend.calls().map((call) => [call.status, call.fault])).toEqual([
      [null, "hang"],
      [200, null],
    ]);
    expect(effects()).toHaveLength(1);
  });

  it("by silence ends when the backend stops", async () => {
    const { post, strike, backend } = await startBackend();
    await strike(PATHS.register, { hang: true });
    const silent = expect(post(PATHS.register, BODY)).rejects.toThrow();
    await until(() => backend.calls().length === 1);
    await backend.stop();
    await silent;
  });
});

describe("an answer that is lost", () => {
  const steps = [
    ["registration", PATHS.register, { ...BODY, owner_email: "ann@example.com" }, "spreadsheet_registered"],
    ["refresh", PATHS.update, { ssId: SHEET }, "refresh_started"],
    ["collection", PATHS.actions, { action: "collector/run", ssId: SHEET, dateFrom: "2026-02-01" }, "slices_stored"],
    [
      "decision",
      PATHS.source,
      {
        spreadsheet_id: SHEET,
        dataset: "checklist",
        source: "local",
        reason: "entered",
        decision_id: "decision-1",
        decided_at: "2026-02-18T06:10:00+03:00",
      },
      "source_decided",
    ],
  ] as const;

  it.each(steps)(
    "of a %s was one effect, and stays the only one when it is asked for again",
    async (_step, path, body, kind) => {
      const { post, strike, effects, connect } = await startBackend();
      if (path !== PATHS.register) await connect();
      const key = { idempotencyKey: "the-same-key" };
      await strike(path, { lose_answer: true });
      await expect(post(path, body, key)).rejects.toThrow();
      expect(effects(kind)).toHaveLength(1);
      const again = await post(path, body, key);
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(again.body.success).toBe(true);
      expect(effects(kind)).toHaveLength(1);
    },
  );

  it("of a token was one token, with a key and without", async () => {
    const { post, strike, effects, token } = await startBackend();
    const body = { spreadsheet_id: SHEET, token: token() };
    await strike(PATHS.addToken, { lose_answer: true }, 2);
    const key = { idempotencyKey: "the-same-key" };
    await expect(post(PATHS.addToken, body, key)).rejects.toThrow();
    await expect(post(PATHS.addToken, body, key)).rejects.toThrow();
    expect((await post(PATHS.addToken, body, key)).body.result.created).toBe(true);
    expect((await post(PATHS.addToken, body)).body.result.created).toBe(false);
    expect(effects("token_added")).toHaveLength(1);
  });

  it("without a key is made good by the nature of the calls", async () => {
    const { post, collect, strike, effects, connect, read } = await startBackend();
    await strike(PATHS.register, { lose_answer: true });
    await expect(post(PATHS.register, BODY)).rejects.toThrow();
    expect((await post(PATHS.register, BODY)).body.result.created).toBe(false);
    await connect();
    await strike(PATHS.update, { lose_answer: true });
    await expect(post(PATHS.update, { ssId: SHEET })).rejects.toThrow();
    await post(PATHS.update, { ssId: SHEET });
    await strike(PATHS.actions, { lose_answer: true });
    await expect(collect({ dateFrom: TODAY })).rejects.toThrow();
    const rows = async () => (await read({ date_from: TODAY, date_to: TODAY }, "local")).body.rows;
    const first = await rows();
    await collect({ dateFrom: TODAY });
    expect(await rows()).toEqual(first);
    expect(effects("spreadsheet_registered")).toHaveLength(1);
    expect(effects("refresh_started")).toHaveLength(1);
  });
});
