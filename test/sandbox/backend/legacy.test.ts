// support.ts holds every answer of a legacy backend against the deviating forms.
import { describe, expect, it } from "vitest";
import { PATHS, SHEET, SID, startBackend, TODAY, YESTERDAY } from "./support.ts";

const legacy = () => startBackend({ profile: "legacy" });
const BODY = { spreadsheet_id: SHEET };

describe("an older backend", () => {
  it("answers with the prefix and without it", async () => {
    const { post, get } = await legacy();
    expect((await post(PATHS.register, BODY)).body.result.created).toBe(true);
    expect((await post("/admin/spreadsheets/register", BODY)).body.result.created).toBe(false);
    expect((await get("/health", { key: null })).status).toBe(200);
  });

  it("lists tokens without saying success", async () => {
    const { post, connect } = await legacy();
    await connect();
    const { body } = await post(PATHS.getTokens, BODY);
    expect(body).toEqual({ result: [expect.objectContaining({ sid: SID })] });
  });

  it("answers rows as a bare array, whichever side was asked for, and all at once", async () => {
    const { connect, collect, read, control } = await legacy();
    await connect();
    await collect();
    await control("drift", { ...BODY, dataset: "checklist", key: "*", profile: { bias: { all: 2 } } });
    const day = { date_from: TODAY, date_to: TODAY, limit: 1 };
    const [local, upstream] = [await read(day, "local"), await read(day, "upstream")];
    expect(local.body).toHaveLength(12);
    expect(local.body).toEqual(upstream.body);
    // One switch for all: off, there is what was collected.
    await control("upstream", { available: false });
    const off = await read(day, "upstream");
    expect(off.body).toHaveLength(12);
    expect(off.body).not.toEqual(upstream.body);
  });

  it("says no in words only", async () => {
    const { post, read, get } = await legacy();
    const refusals = [
      [await post(PATHS.register, {}), 400],
      [await post(PATHS.register, BODY, { key: "wrong-key" }), 401],
      [await read(), 403],
      [await get("/api/nothing"), 404],
    ] as const;
    for (const [{ status, body }, expected] of refusals)
      expect([status, Object.keys(body).sort()]).toEqual([expected, ["message", "success"]]);
  });

  it("says 200 and success false, already running, while the collector is busy; and answers a run at its end only", async () => {
    const { connect, collect, control, backend, advance, read } = await legacy();
    await connect();
    await control("collector", { mode: "async" });
    const run = collect({ dateFrom: "2026-02-10" });
    while (backend.nextDueAt() === null) await new Promise((resolve) => setImmediate(resolve));
    const busy = await collect();
    expect(busy).toMatchObject({ status: 200, body: { success: false } });
    expect(busy.body.message).toContain("already running");
    await advance(9 * 20_000);
    expect((await run).body).toMatchObject({ success: true, data: { stored: { daily_adv: 108 } } });
    expect((await read({ date_from: YESTERDAY })).body).not.toEqual([]);
  });

  it("answers long runs at once where nothing else is said, never with 202", async () => {
    const { connect, collect } = await legacy();
    await connect();
    expect(await collect({ dateFrom: "2026-01-20" })).toMatchObject({ status: 200, body: { success: true } });
  });

  it("breaks on a token that it cannot take apart, and checks no more than that", async () => {
    const { post, token } = await legacy();
    const add = (text: string) => post(PATHS.addToken, { ...BODY, token: text });
    expect((await add("nonsense")).status).toBe(500);
    expect((await add(token({ omit: ["sid"] }))).status).toBe(500);
    // Over already: accepted, and not active.
    expect((await add(token({ expiresInS: -5 }))).status).toBe(200);
    expect((await post(PATHS.getTokens, BODY)).body.result).toEqual([]);
    expect((await add(token({ t: true }))).status).toBe(200);
    expect((await post(PATHS.getTokens, BODY)).body.result).toHaveLength(1);
  });

  it("knows no Idempotency-Key, but its calls are safe to repeat", async () => {
    const { post, effects } = await legacy();
    const key = { idempotencyKey: "onb:o_1:registering" };
    const first = await post(PATHS.register, BODY, key);
    const again = await post(PATHS.register, BODY, key);
    expect([first.body.result.created, again.body.result.created]).toEqual([true, false]);
    expect(again.headers.get("idempotent-replayed")).toBeNull();
    expect((await post(PATHS.register, { ssId: SHEET }, key)).status).toBe(200);
    expect(effects()).toHaveLength(1);
  });

  it("has no jobs and takes no decisions", async () => {
    const { post, get, connect } = await legacy();
    await connect();
    expect((await post(PATHS.update, { ssId: SHEET })).body).toMatchObject({ message: "accepted", job_id: null });
    expect((await get("/api/jobs/job_1234")).status).toBe(404);
    expect((await post(PATHS.source, { ...BODY, dataset: "checklist", source: "local" })).status).toBe(404);
  });

  it("loses answers and fails on purpose like the other, in its own words", async () => {
    const { post, strike, effects } = await legacy();
    await strike(PATHS.register, { lose_answer: true });
    await expect(post(PATHS.register, BODY)).rejects.toThrow();
    expect((await post(PATHS.register, BODY)).body.result.created).toBe(false);
    expect(effects()).toHaveLength(1);
    await strike(PATHS.register, { status: 429, code: "rate_limited", retry_after: 7 });
    const limited = await post(PATHS.register, BODY);
    expect([limited.status, limited.headers.get("retry-after"), Object.keys(limited.body)]).toEqual([
      429,
      "7",
      ["success", "message"],
    ]);
    await strike(PATHS.register, { success_false: true, message: "no" });
    expect(await post(PATHS.register, BODY)).toMatchObject({ status: 200, body: { success: false, message: "no" } });
  });
});
