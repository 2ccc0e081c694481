import { describe, expect, it } from "vitest";
import { DAY_MS, OTHER_SHEET, PATHS, SHEET, startBackend, TODAY, YESTERDAY } from "./support.ts";

async function collected(input: Parameters<typeof startBackend>[0] = {}) {
  const world = await startBackend(input);
  await world.connect();
  await world.collect();
  let decisions = 0;
  const decide = (source: string, more: object = {}) => {
    decisions += 1;
    return world.post(PATHS.source, {
      spreadsheet_id: SHEET,
      dataset: "checklist",
      source,
      reason: "entered",
      decision_id: `decision-${decisions}`,
      decided_at: new Date(world.clock.ms + decisions * 1000).toISOString(),
      ...more,
    });
  };
  return { ...world, decide };
}

interface Row {
  readonly date: string;
  readonly nm_id: number;
}

describe("rows of a dataset", () => {
  it("come from the side that was asked for, which is named in body and header", async () => {
    const { read } = await collected();
    for (const source of ["local", "upstream"]) {
      const { status, body, headers } = await read({}, source);
      expect([status, body.source_tag, headers.get("x-source-tag")]).toEqual([200, source, source]);
      expect(body).toMatchObject({
        spreadsheet_id: SHEET,
        dataset: "checklist",
        requested_source: source,
        degraded: false,
        captured_at: "2026-02-18T12:00:00+03:00",
        row_count: 12,
        next_cursor: null,
      });
    }
  });

  it("are sorted by date and article, each once, and only of the days that exist", async () => {
    const { read } = await collected();
    const days = { date_from: "2026-02-15", date_to: "2026-03-15" };
    for (const [source, count] of [
      ["upstream", 48],
      ["local", 24],
    ] as const) {
      const rows: Row[] = (await read(days, source)).body.rows;
      const keys = rows.map(({ date, nm_id }) => `${date} ${String(nm_id).padStart(12, "0")}`);
      expect(keys).toHaveLength(count);
      expect(keys).toEqual([...new Set(keys)].sort());
    }
    const none = await read({ date_from: "2026-03-01", date_to: "2026-03-02" }, "upstream");
    expect(none.body).toMatchObject({ rows: [], row_count: 0 });
  });

  it("can be of some articles", async () => {
    const { read } = await collected();
    const [first, second] = (await read({}, "local")).body.rows as [Row, Row];
    const some = await read({ nm_ids: [second.nm_id, first.nm_id, 5] }, "local");
    expect(some.body.rows).toEqual([first, second]);
  });

  it("of several sellers on one spreadsheet are mixed, none is lost", async () => {
    const { post, token, collect, read } = await collected();
    const sid = "11111111-2222-4333-8444-555555555555";
    await post(PATHS.addToken, { spreadsheet_id: SHEET, token: token({ sid }) });
    await collect({ dateFrom: TODAY });
    const day = { date_from: TODAY, date_to: TODAY };
    const [local, upstream] = [await read(day, "local"), await read(day, "upstream")];
    expect(local.body.rows).toHaveLength(24);
    expect(local.body.rows).toEqual(upstream.body.rows);
  });

  it("come page by page; a cursor lives 15 minutes and keeps its answer together", async () => {
    const { read, collect, control, clock } = await collected();
    const days = { date_from: YESTERDAY, date_to: TODAY, limit: 7 };
    const whole: Row[] = (await read({ ...days, limit: 10_000 }, "local")).body.rows;
    const pages: Row[][] = [];
    let cursor: string | null = null;
    do {
      const { body } = await read({ ...days, ...(cursor === null ? {} : { cursor }) }, "local");
      pages.push(body.rows);
      expect(body.row_count).toBe(body.rows.length);
      cursor = body.next_cursor;
      // A collection in between changes later answers, not this one.
      await control("drift", {
        spreadsheet_id: SHEET,
        dataset: "checklist",
        key: "*",
        profile: { share: 1, size: 0.5 },
      });
      await collect({ dateFrom: TODAY });
      clock.ms += 60_000;
    } while (cursor !== null);
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 3]);
    expect(pages.flat()).toEqual(whole);

    const first = (await read(days, "local")).body;
    clock.ms += 15 * 60_000 - 1;
    const again = () => read({ ...days, cursor: first.next_cursor }, "local");
    const second = await again();
    expect((await again()).body.rows).toEqual(second.body.rows);
    clock.ms += 1;
    expect(await again()).toMatchObject({
      status: 400,
      body: { code: "invalid_request", details: { reason: "cursor" } },
    });
  });

  it("by a cursor of another question are refused", async () => {
    const { read } = await collected();
    const { next_cursor: cursor } = (await read({ limit: 5 }, "local")).body;
    for (const answer of [
      await read({ limit: 5, cursor }, "upstream"),
      await read({ limit: 5, cursor, date_to: TODAY }, "local"),
      await read({ cursor: "made-up" }, "local"),
    ])
      expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("are refused for windows and limits that make no sense, and for other datasets", async () => {
    const { read, post } = await collected();
    const refusal = async (values: object) => {
      const { status, body } = await read(values, "local");
      return [status, body.code];
    };
    expect(await refusal({ date_from: TODAY, date_to: YESTERDAY })).toEqual([400, "invalid_date_range"]);
    expect(await refusal({ date_from: "2026-02-31" })).toEqual([400, "invalid_date_range"]);
    for (const values of [{ date_from: null }, { limit: 0 }, { limit: 10_001 }, { nm_ids: ["5"] }])
      expect(await refusal(values)).toEqual([400, "invalid_request"]);
    const other = await post(PATHS.data, { spreadsheet_id: SHEET, dataset: { name: "horoscope" } });
    expect(other).toMatchObject({ status: 422, body: { code: "unsupported_dataset" } });
    const windowless = await post(PATHS.data, { spreadsheet_id: SHEET, dataset: { name: "checklist" } });
    expect(windowless).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("of foreign, unknown and never collected spreadsheets are refused", async () => {
    const { read, post, backend, connect } = await collected({
      credentials: [{ key: "only-the-other", role: "client", spreadsheets: [OTHER_SHEET] }],
    });
    const body = {
      spreadsheet_id: OTHER_SHEET,
      dataset: { name: "checklist", source: "local", values: { date_from: YESTERDAY, date_to: YESTERDAY } },
    };
    const key = "only-the-other";
    expect(await read({}, "local", { key })).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await post(PATHS.data, body, { key })).toMatchObject({
      status: 403,
      body: { code: "spreadsheet_inactive" },
    });
    await connect(OTHER_SHEET);
    expect(await post(PATHS.data, body, { key })).toMatchObject({ status: 404, body: { code: "dataset_not_found" } });
    expect((await read({}, "local", { key: backend.clientKey })).status).toBe(200);
  });

  it("with keys that are filled with zeros are said to be so, on the local side", async () => {
    const { read, control } = await collected({ world: { zero_filled_keys: ["adv_sum"] } });
    await control("drift", {
      spreadsheet_id: SHEET,
      dataset: "checklist",
      key: "*",
      profile: { missing_values: 1 },
    });
    const day = { date_from: TODAY, date_to: TODAY };
    const local = (await read(day, "local")).body;
    expect(local.zero_filled_keys).toEqual(["adv_sum"]);
    expect(local.rows[0]).toMatchObject({ adv_sum: 0, stocks_total: null });
    expect((await read(day, "upstream")).body.zero_filled_keys).toEqual([]);
  });
});

describe("the source of an auto read", () => {
  it("is upstream until a decision says local, and then local at once", async () => {
    const { read, decide } = await collected();
    expect((await read()).body).toMatchObject({ source_tag: "upstream", requested_source: "auto", degraded: false });
    expect((await decide("local")).body.result).toEqual({
      spreadsheet_id: SHEET,
      dataset: "checklist",
      source: "local",
      decision_id: "decision-1",
      changed: true,
    });
    expect((await read({}, "auto")).body).toMatchObject({ source_tag: "local", degraded: false });
    expect((await decide("local")).body.result.changed).toBe(false);
    expect((await decide("upstream")).body.result.changed).toBe(true);
    expect((await read()).body.source_tag).toBe("upstream");
  });

  it("falls back to the other side and says that it did", async () => {
    const { read, decide, control } = await collected();
    await control("upstream", { available: false });
    expect(await read()).toMatchObject({ status: 200, body: { source_tag: "local", degraded: true } });
    await control("upstream", { available: true });
    await decide("local");
    const old = { date_from: "2026-02-10", date_to: "2026-02-10" };
    const { body, headers } = await read(old);
    expect([body.source_tag, body.degraded, headers.get("x-source-tag")]).toEqual(["upstream", true, "upstream"]);
    // The decision stays in force.
    expect((await read()).body).toMatchObject({ source_tag: "local", degraded: false });
  });

  it("is none when both sides fail", async () => {
    const { read, control } = await collected();
    await control("upstream", { available: false });
    const old = { date_from: "2026-02-10", date_to: "2026-02-10" };
    const answer = await read(old);
    expect(answer).toMatchObject({ status: 503, body: { code: "no_source_available", retryable: true } });
    expect(answer.headers.get("retry-after")).toBe("30");
    expect((await read(old, "upstream")).body.code).toBe("upstream_error");
    expect((await read(old, "local")).body.code).toBe("dataset_not_found");
  });

  it("is local, without being a fallback, while upstream is switched off", async () => {
    const { read, control, get } = await collected();
    await control("upstream", { enabled: false });
    expect((await read()).body).toMatchObject({ source_tag: "local", degraded: false });
    expect((await read({}, "upstream")).status).toBe(502);
    expect((await get(PATHS.health)).body).toMatchObject({
      status: "ok",
      upstream: { enabled: false, reachable: null },
    });
  });

  it("is decided once per decision_id, and never by an older decision", async () => {
    const { decide, effects, clock } = await collected();
    const at = (ms: number) => new Date(clock.ms + ms).toISOString();
    const first = { decision_id: "the-first", decided_at: at(0) };
    expect((await decide("local", first)).body.result.changed).toBe(true);
    expect(await decide("local", first)).toMatchObject({ status: 200, body: { result: { changed: false } } });
    expect(await decide("upstream", first)).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect(await decide("upstream", { decision_id: "older-one", decided_at: at(-1) })).toMatchObject({
      status: 409,
      body: { code: "stale_decision", retryable: false },
    });
    await decide("upstream", { decision_id: "newer-one", decided_at: at(1) });
    expect((await decide("local", first)).body.code).toBe("stale_decision");
    expect(effects("source_decided")).toHaveLength(2);
  });

  it("cannot be decided for what is not there", async () => {
    const { decide } = await collected();
    expect(await decide("local", { dataset: "horoscope" })).toMatchObject({
      status: 404,
      body: { code: "dataset_not_found" },
    });
    expect(await decide("local", { spreadsheet_id: OTHER_SHEET })).toMatchObject({
      status: 404,
      body: { code: "spreadsheet_not_found" },
    });
    for (const wrong of [{ source: "auto" }, { decided_at: "now" }, { decision_id: "short" }])
      expect(await decide("local", wrong)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });
});

describe("an open day", () => {
  it("grows until it is over; local follows with each collection", async () => {
    const { read, collect, advance, clock } = await collected();
    const day = { date_from: TODAY, date_to: TODAY };
    const spent = async (source: string) =>
      (await read(day, source)).body.rows.reduce((sum: number, row: { adv_sum: number }) => sum + row.adv_sum, 0);
    const noon = await spent("local");
    expect(await spent("upstream")).toBeCloseTo(noon, 6);
    await advance(6 * 3_600_000);
    expect(await spent("local")).toBe(noon);
    expect(await spent("upstream")).toBeCloseTo(noon * 1.5, 0);
    clock.ms += DAY_MS / 2 - 7 * 3_600_000 + 6 * 3_600_000; // 05:00 of the next day
    await collect({ dateFrom: TODAY, dateTo: TODAY });
    const final = await spent("local");
    expect(final).toBeCloseTo(noon * 2, 0);
    expect(await spent("upstream")).toBe(final);
  });
});
