import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, PATHS, SHEET, startBackend, TODAY, YESTERDAY } from "./support.ts";

async function connected(input: Parameters<typeof startBackend>[0] = {}) {
  const world = await startBackend(input);
  await world.connect();
  return world;
}

describe("a collection", () => {
  it("of two days is over when it is answered, and its rows are there", async () => {
    const { collect, read, effects } = await connected();
    expect(await collect({ noPositions: true })).toMatchObject({
      status: 200,
      body: {
        success: true,
        action: "collector/run",
        data: {
          date_from: YESTERDAY,
          date_to: TODAY,
          stored: { daily_prices: 24, daily_stocks: 24, daily_adv: 24, daily_funnel: 24 },
          errors: [],
        },
      },
    });
    expect((await read({}, "local")).body.rows).toHaveLength(12);
    expect(effects("slices_stored")).toHaveLength(1);
  });

  it("has an alias without an action, and dateTo may be left out", async () => {
    const { post } = await connected();
    const answer = await post(PATHS.collector, { spreadsheet_id: SHEET, dateFrom: TODAY, noFunnel: true });
    expect(answer.body.data).toMatchObject({ date_from: TODAY, date_to: TODAY });
    expect(Object.keys(answer.body.data.stored)).not.toContain("daily_funnel");
  });

  it("of many days is a job: queued, running, done, and only then stored", async () => {
    const { collect, get, read, advance, backend } = await connected();
    const started = await collect({ dateFrom: "2026-02-09" });
    expect(started).toMatchObject({ status: 202, body: { success: true, result: "started" } });
    expect(started.headers.get("retry-after")).toBe("5");
    const job = async () => (await get(`/api/jobs/${started.body.job_id}`)).body;
    expect(await job()).toMatchObject({ state: "queued", result: null, error: null });
    await advance(30_000);
    expect(await job()).toMatchObject({ state: "running" });
    expect((await get(PATHS.health)).body.collector.running).toBe(true);
    expect((await read({}, "local")).status).toBe(404);
    expect(backend.nextDueAt()).toBe(backend.now() + 170_000);
    await advance(170_000);
    expect(await job()).toMatchObject({
      state: "done",
      finished_at: "2026-02-18T12:03:20+03:00",
      result: { success: true, data: { date_from: "2026-02-09", stored: { daily_adv: 120 }, errors: [] } },
      error: null,
    });
    expect((await get(PATHS.health)).body.collector).toEqual({
      running: false,
      last_success_at: "2026-02-18T12:03:20+03:00",
    });
    expect((await read({}, "local")).body.rows).toHaveLength(12);
    await advance(DAY_MS);
    expect((await job()).state).toBe("done");
    await advance(1);
    expect((await get(`/api/jobs/${started.body.job_id}`)).body.code).toBe("job_not_found");
  });

  it("waits while another one runs", async () => {
    const { collect, advance } = await connected();
    await collect({ dateFrom: "2026-02-17", dateTo: "2026-02-18" });
    await collect({ dateFrom: "2026-02-14" });
    const busy = await collect();
    expect(busy).toMatchObject({ status: 409, body: { code: "collector_busy", retryable: true } });
    expect(busy.headers.get("retry-after")).toBe("60");
    await advance(93_000);
    expect((await collect()).headers.get("retry-after")).toBe("7");
    await advance(7_000);
    expect((await collect()).status).toBe(200);
  });

  it("may be answered only at its end, by the virtual clock", async () => {
    const { collect, control, advance, backend, read } = await connected();
    await control("collector", { mode: "sync", seconds_per_day: 60 });
    let isOver = false;
    const run = collect().finally(() => {
      isOver = true;
    });
    // The first answers after the second one was refused: it was under way.
    while (backend.nextDueAt() === null) await new Promise((resolve) => setImmediate(resolve));
    expect((await collect()).body.code).toBe("collector_busy");
    expect(isOver).toBe(false);
    expect((await read({}, "local")).status).toBe(404);
    await advance(120_000);
    expect(await run).toMatchObject({ status: 200, body: { data: { errors: [] } } });
  });

  it("that fails in parts stores the others and says so", async () => {
    const { collect, control, read } = await connected();
    await control("collector", { failing: { parts: ["daily_prices"] } });
    const partial = await collect();
    expect(partial.status).toBe(200);
    expect(partial.body.data).toMatchObject({
      stored: { daily_stocks: 24 },
      errors: [{ part: "daily_prices", retryable: true }],
    });
    expect(partial.body.data.stored).not.toHaveProperty("daily_prices");
    const day = { date_from: TODAY, date_to: TODAY };
    expect((await read(day, "local")).body.rows[0]).toMatchObject({
      avg_price_with_spp: null,
      stocks_total: expect.any(Number),
    });
    // What failed is asked for again; the day is open.
    await collect({ dateFrom: TODAY });
    expect((await read(day, "local")).body.rows[0].avg_price_with_spp).toBeGreaterThan(0);
  });

  it("leaves what it did not fetch as it was", async () => {
    const { collect, read, clock } = await connected();
    const day = { date_from: TODAY, date_to: TODAY };
    const row = async () => (await read(day, "local")).body.rows[0];
    await collect({ dateFrom: TODAY, noFunnel: true });
    expect(await row()).toMatchObject({ profit_without_adv: null, adv_sum: expect.any(Number) });
    await collect({ dateFrom: TODAY });
    const { profit_without_adv: before } = await row();
    clock.ms += 6 * HOUR_MS;
    await collect({ dateFrom: TODAY, noFunnel: true });
    expect((await row()).profit_without_adv).toBe(before);
  });

  it("of some articles touches no others", async () => {
    const { collect, read } = await connected();
    const all: number[] = (await read({}, "upstream")).body.rows.map((row: { nm_id: number }) => row.nm_id);
    const some = all.slice(0, 3);
    const rows = async () =>
      (await read({ date_from: TODAY, date_to: TODAY }, "local")).body.rows.map((row: { nm_id: number }) => row.nm_id);
    expect((await collect({ dateFrom: TODAY, nm_ids: [...some, 7] })).body.data.stored.daily_adv).toBe(3);
    expect(await rows()).toEqual(some);
    await collect({ dateFrom: TODAY });
    expect(await rows()).toEqual(all);
    await collect({ dateFrom: TODAY, nm_ids: some });
    expect(await rows()).toEqual(all);
  });

  it("goes wrong as a whole when the marketplace does not answer", async () => {
    const { collect, control, get, advance } = await connected();
    await control("collector", { marketplace: "down" });
    expect(await collect()).toMatchObject({ status: 502, body: { code: "wb_error", retryable: true } });
    const { body } = await collect({ dateFrom: "2026-02-10" });
    await advance(10 * 60_000);
    expect((await get(`/api/jobs/${body.job_id}`)).body).toMatchObject({
      state: "failed",
      result: null,
      error: { success: false, code: "wb_error" },
    });
  });

  it("without an active token stores nothing and says why, for each part", async () => {
    const { post, collect, read } = await startBackend();
    await post(PATHS.register, { spreadsheet_id: SHEET });
    const { status, body } = await collect({ noPositions: true });
    expect([status, body.data.stored]).toEqual([200, {}]);
    expect(body.data.errors).toHaveLength(4);
    expect(body.data.errors[0]).toMatchObject({ part: "daily_prices", retryable: false });
    expect((await read({}, "local")).status).toBe(404);
  });

  it("is refused for days that are reversed, too many, to come, or no days", async () => {
    const { collect } = await connected();
    const refusal = async (days: object) => {
      const { status, body } = await collect(days);
      return [status, body.code];
    };
    const wrong = [400, "invalid_date_range"];
    expect(await refusal({ dateFrom: TODAY, dateTo: YESTERDAY })).toEqual(wrong);
    expect(await refusal({ dateFrom: "2026-01-18", dateTo: TODAY })).toEqual(wrong);
    expect(await refusal({ dateFrom: TODAY, dateTo: "2026-02-19" })).toEqual(wrong);
    expect(await refusal({ dateFrom: "2026-02-30" })).toEqual(wrong);
    expect(await refusal({ dateFrom: "yesterday" })).toEqual([400, "invalid_request"]);
    expect(await refusal({ action: "collector/stop" })).toEqual([400, "invalid_request"]);
    expect((await collect({ dateFrom: "2026-01-19", dateTo: TODAY })).status).toBe(202);
  });

  it("of a spreadsheet that is not registered, or switched off, is refused", async () => {
    const { collect, connect, control } = await startBackend();
    expect(await collect()).toMatchObject({ status: 403, body: { code: "spreadsheet_inactive" } });
    await connect();
    await control("spreadsheets", { spreadsheet_id: SHEET, active: false });
    expect((await collect()).body.code).toBe("spreadsheet_inactive");
  });
});

describe("a sealed day", () => {
  it("is never replaced, and asking again does no harm", async () => {
    const { collect, control, read, advance } = await connected();
    const days = { date_from: TODAY, date_to: TODAY };
    await collect({ dateFrom: TODAY });
    await advance(17 * HOUR_MS); // 05:00 of the next day: still open
    const fresh = await collect({ dateFrom: TODAY, dateTo: "2026-02-19" });
    expect(fresh.body.data).not.toHaveProperty("sealed_days");
    const sealed = await read(days, "local");
    await advance(HOUR_MS); // 06:00
    await control("drift", { spreadsheet_id: SHEET, dataset: "checklist", key: "*", profile: { share: 1, size: 1 } });
    const again = await collect({ dateFrom: TODAY, dateTo: "2026-02-19" });
    expect(again.body.data).toMatchObject({ sealed_days: [TODAY], stored: { daily_adv: 12 }, errors: [] });
    expect((await collect({ dateFrom: TODAY, dateTo: TODAY })).body.data.stored.daily_adv).toBe(0);
    const after = await read(days, "local");
    expect([after.body.rows, after.body.captured_at]).toEqual([sealed.body.rows, sealed.body.captured_at]);
    expect(after.body.captured_at).toBe("2026-02-19T05:00:00+03:00");
  });

  it("that was never collected can be filled in once", async () => {
    const { collect, read, advance, backend } = await connected();
    await collect({ dateFrom: "2026-02-10", dateTo: "2026-02-10" });
    const days = { date_from: "2026-02-10", date_to: "2026-02-10" };
    const before = (await read(days, "local")).body;
    await advance(HOUR_MS);
    expect((await collect({ dateFrom: "2026-02-10", dateTo: "2026-02-10" })).body.data.sealed_days).toEqual([
      "2026-02-10",
    ]);
    expect((await read(days, "local")).body.captured_at).toBe(before.captured_at);
    expect(backend.overview().spreadsheets[0]).toMatchObject({ days_collected: 1, days_sealed: 1 });
  });
});

describe("a marketplace that keeps no history", () => {
  it("has no past prices and a short funnel; what was captured in time stays", async () => {
    const { collect, read, advance } = await connected({ world: { marketplace_windows: true } });
    await collect({ dateFrom: TODAY });
    await advance(17 * HOUR_MS);
    const late = await collect({ dateFrom: TODAY, dateTo: "2026-02-19" });
    expect(late.body.data.errors).toEqual([]);
    expect((await read({ date_from: TODAY, date_to: TODAY }, "local")).body.rows[0].avg_price_with_spp).not.toBeNull();
    const old = await collect({ dateFrom: "2026-02-01", dateTo: "2026-02-01" });
    expect(old.body.data.errors).toEqual([
      expect.objectContaining({ part: "daily_prices", retryable: false }),
      expect.objectContaining({ part: "daily_funnel", retryable: false }),
    ]);
    const [row] = (await read({ date_from: "2026-02-01", date_to: "2026-02-01" }, "local")).body.rows;
    expect(row).toMatchObject({ avg_price_with_spp: null, profit_with_adv: null, stocks_total: expect.any(Number) });
  });
});

describe("a backend that collects by itself", () => {
  it("does so four times a day, and completes the day before in the morning", async () => {
    const { advance, read, backend } = await connected({ world: { collect_slots: true } });
    expect(new Date(backend.nextDueAt() ?? 0).toISOString()).toBe("2026-02-18T14:00:00.000Z");
    await advance(5 * HOUR_MS);
    const at = async (day: string) => (await read({ date_from: day, date_to: day }, "local")).body.captured_at;
    expect(await at(TODAY)).toBe("2026-02-18T17:00:00+03:00");
    await advance(2 * DAY_MS);
    expect(await at(TODAY)).toBe("2026-02-19T05:00:00+03:00");
    expect(await at("2026-02-20")).toBe("2026-02-20T17:00:00+03:00");
  });
});
