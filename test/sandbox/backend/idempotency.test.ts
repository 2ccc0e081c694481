import { describe, expect, it } from "vitest";
import { DAY_MS, PATHS, SHEET, startBackend, YESTERDAY } from "./support.ts";

const BODY = { spreadsheet_id: SHEET, owner_email: "ann@example.com" };
const KEY = { idempotencyKey: "onb:o_1:registering" };

describe("an Idempotency-Key", () => {
  it("gives the first answer again, without a second effect, for 24 hours", async () => {
    const { post, effects, clock } = await startBackend();
    const first = await post(PATHS.register, BODY, KEY);
    expect([first.body.result.created, first.headers.get("idempotent-replayed")]).toEqual([true, null]);
    clock.ms += DAY_MS - 1;
    // The members' order does not matter.
    const again = await post(PATHS.register, { owner_email: BODY.owner_email, spreadsheet_id: SHEET }, KEY);
    expect([again.body, again.headers.get("idempotent-replayed")]).toEqual([first.body, "true"]);
    clock.ms += 1;
    expect((await post(PATHS.register, BODY, KEY)).body.result.created).toBe(false);
    expect(effects()).toHaveLength(1);
  });

  it("with another body or at another address is a conflict", async () => {
    const { post } = await startBackend();
    await post(PATHS.register, BODY, KEY);
    for (const answer of [
      await post(PATHS.register, { spreadsheet_id: SHEET }, KEY),
      await post(PATHS.addToken, BODY, KEY),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: "idempotency_conflict", retryable: false } });
  });

  it("whose first call still runs asks for patience", async () => {
    const { post, strike, timer, effects } = await startBackend();
    await strike(PATHS.register, { delay_ms: 60_000 });
    const first = post(PATHS.register, BODY, KEY);
    while (timer.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await post(PATHS.register, BODY, KEY);
    expect(second).toMatchObject({ status: 409, body: { code: "idempotency_in_progress", retryable: true } });
    expect(second.headers.get("retry-after")).toBe("2");
    expect((await post(PATHS.register, { ...BODY, owner_email: null }, KEY)).body.code).toBe("idempotency_conflict");
    expect(effects()).toEqual([]);
    timer.fire();
    expect((await first).body.result.created).toBe(true);
    expect((await post(PATHS.register, BODY, KEY)).headers.get("idempotent-replayed")).toBe("true");
    expect(effects()).toHaveLength(1);
  });

  it("keeps a refusal that is final", async () => {
    const { post, token, clock } = await startBackend();
    const body = { spreadsheet_id: SHEET, token: token({ expiresInS: 3600 }) };
    const first = await post(PATHS.addToken, body, KEY);
    expect(first.body.code).toBe("invalid_wb_token");
    clock.ms += 1000;
    const again = await post(PATHS.addToken, body, KEY);
    expect([again.status, again.body, again.headers.get("idempotent-replayed")]).toEqual([422, first.body, "true"]);
  });

  it("keeps no refusal after which a retry may succeed", async () => {
    const { post, collect, connect, control, advance, strike } = await startBackend();
    // Not yet registered: 403.
    const update = () => post(PATHS.update, { ssId: SHEET }, { idempotencyKey: "onb:o_1:refresh" });
    expect((await update()).status).toBe(403);
    await connect();
    expect((await update()).status).toBe(200);
    // Busy: 409.
    await collect({ dateFrom: "2026-02-16" });
    const run = () => collect({}, { idempotencyKey: "col:sheet:1" });
    expect((await run()).body.code).toBe("collector_busy");
    await advance(60_000);
    expect((await run()).status).toBe(200);
    // The marketplace is down: 502.
    await control("collector", { marketplace: "down" });
    const next = () => collect({ dateFrom: YESTERDAY }, { idempotencyKey: "col:sheet:2" });
    expect((await next()).body.code).toBe("wb_error");
    await control("collector", { marketplace: "ok" });
    expect((await next()).status).toBe(200);
    // A fault: never got so far.
    await strike(PATHS.register, { status: 500 });
    expect((await post(PATHS.register, BODY, KEY)).status).toBe(500);
    expect((await post(PATHS.register, BODY, KEY)).status).toBe(200);
  });

  it("gives the same job again", async () => {
    const { collect, connect, effects } = await startBackend();
    await connect();
    const run = () => collect({ dateFrom: "2026-02-10" }, { idempotencyKey: "col:sheet:1" });
    const [first, second] = [await run(), await run()];
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers.get("retry-after")).toBe("5");
    expect(effects("collection_started")).toHaveLength(1);
  });

  it("has a form, and is ignored where it is not accepted", async () => {
    const { post, read, connect } = await startBackend();
    for (const key of ["short", "with space in it", "x".repeat(129)])
      expect((await post(PATHS.register, BODY, { idempotencyKey: key })).body.code).toBe("invalid_request");
    await connect();
    const first = await read({}, "upstream", KEY);
    const other = await read({ limit: 1 }, "upstream", KEY);
    expect([first.status, other.status, other.headers.get("idempotent-replayed")]).toEqual([200, 200, null]);
  });

  it("is on record with each call", async () => {
    const { post, backend } = await startBackend();
    await post(PATHS.register, BODY, KEY);
    await post(PATHS.register, BODY, KEY);
    expect(
      backend.calls().map((call) => [call.idempotency_key, call.status, call.replayed, call.effects.length]),
    ).toEqual([
      [KEY.idempotencyKey, 200, false, 1],
      [KEY.idempotencyKey, 200, true, 0],
    ]);
  });
});
