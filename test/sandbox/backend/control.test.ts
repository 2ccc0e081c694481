import { request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { SimulatedBackend } from "../../../src/sandbox/backend/backend.ts";
import { PATHS, SHEET, SID, startBackend, TODAY, YESTERDAY } from "./support.ts";

const DRIFT = { spreadsheet_id: SHEET, dataset: "checklist" };

describe("the controls", () => {
  it("are not there unless asked for", async () => {
    const { get, post } = await startBackend({ control: false });
    for (const answer of [await get("/__sim/calls"), await post("/__sim/reset", {})])
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("need no credentials, but JSON, and a name of this machine", async () => {
    const { post, backend } = await startBackend();
    expect((await post("/__sim/upstream", {}, { key: null })).status).toBe(200);
    const text = { headers: { "content-type": "text/plain" } };
    expect((await post("/__sim/reset", "{}", text)).status).toBe(409);
    const status = await new Promise((resolve, reject) => {
      httpRequest(`${backend.origin}/__sim/calls`, { headers: { host: "evil.example" } })
        .on("response", (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it("say in the contract's form what is wrong", async () => {
    const { post, get } = await startBackend();
    const refusals = [
      [await post("/__sim/fly", {}), 404],
      [await post("/__sim/__proto__", {}), 404],
      [await get("/__sim/reset"), 404],
      [await post("/__sim/clock", "{"), 400],
      [await post("/__sim/clock", { forward: 5 }), 400],
      [await post("/__sim/reset", { colour: "red" }), 400],
      [await post("/__sim/faults", { path: PATHS.data, fault: { explode: true } }), 400],
      [await post("/__sim/drift", { ...DRIFT, key: "adv_sum", profile: { share: 2 } }), 400],
      [await post("/__sim/drift", { ...DRIFT, key: "adv_sum", profile: {} }), 409],
    ] as const;
    for (const [answer, status] of refusals) {
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ success: false, code: expect.any(String), message: expect.any(String) });
    }
  });
});

describe("a reset", () => {
  it("begins a fresh world at any time, with sellers that are connected and collected", async () => {
    const { control, post, get, read, connect, strike, clock } = await startBackend();
    await connect();
    await strike(PATHS.update, { status: 500 });
    const world = await control("reset", {
      seed: 5,
      now: "2025-06-01T12:00:00+03:00",
      sellers: 2,
      nm_ids: 7,
      days: 20,
      drift: { adv_sum: { share: 1, size: 0.5 } },
    });
    expect(clock.ms).toBe(Date.UTC(2025, 5, 1, 9));
    expect(world).toMatchObject({ seed: 5, now: "2025-06-01T09:00:00.000Z" });
    expect(world.spreadsheets).toHaveLength(2);
    expect(world.spreadsheets[0]).toMatchObject({
      active: true,
      nm_ids: 7,
      source: "upstream",
      first_day: "2025-05-12",
      last_day: "2025-06-01",
      days_collected: 21,
      days_sealed: 20,
    });
    expect((await get("/__sim/world")).body.result).toEqual(world);
    expect((await read()).status).toBe(403);
    const sheet = world.spreadsheets[0].spreadsheet_id;
    const data = async (source: string) =>
      (
        await post(PATHS.data, {
          spreadsheet_id: sheet,
          dataset: { name: "checklist", source, values: { date_from: "2025-05-01", date_to: "2025-06-01" } },
        })
      ).body.rows;
    const [local, upstream] = [await data("local"), await data("upstream")];
    expect([local.length, upstream.length]).toEqual([147, 147]);
    expect(local.map((row: { stocks_total: number }) => row.stocks_total)).toEqual(
      upstream.map((row: { stocks_total: number }) => row.stocks_total),
    );
    expect(local.some((row: { adv_sum: number }, i: number) => row.adv_sum === upstream[i].adv_sum)).toBe(false);
    expect((await post(PATHS.update, { ssId: sheet })).status).toBe(200);
  });

  it("gives the same rows for the same seed, and others for another", async () => {
    const { control, post } = await startBackend();
    const rows = async (seed: number | string) => {
      const world = await control("reset", { seed, sellers: 2, drift: "poor" });
      const answers = [];
      for (const { spreadsheet_id } of world.spreadsheets)
        for (const source of ["local", "upstream"])
          answers.push(
            (
              await post(PATHS.data, {
                spreadsheet_id,
                dataset: { name: "checklist", source, values: { date_from: "2026-01-01", date_to: TODAY } },
              })
            ).body.rows,
          );
      return JSON.stringify(answers);
    };
    const [first, other] = [await rows(7), await rows(8)];
    expect(await rows(7)).toBe(first);
    expect(other).not.toBe(first);
    expect(await rows("a word")).toBe(await rows("a word"));
  });

  it("keeps a seller's goods what they are, whoever brings the token and when", async () => {
    const { control, connect, read } = await startBackend();
    const rows = async () => {
      await control("reset", { seed: 3 });
      await connect();
      return (await read({}, "upstream")).body.rows;
    };
    const first = await rows();
    expect(first).toHaveLength(12);
    expect(await rows()).toEqual(first);
  });
});

describe("the clock", () => {
  it("moves by seconds or to a moment, never back, and what is due follows", async () => {
    const { control, connect, collect, get, post } = await startBackend();
    await connect();
    const { body } = await collect({ dateFrom: "2026-02-10" });
    expect(await control("clock", { advance_seconds: 60 })).toEqual({ now: "2026-02-18T09:01:00.000Z" });
    expect((await get(`/api/jobs/${body.job_id}`)).body.state).toBe("running");
    await control("clock", { now: "2026-02-19T05:59:59+03:00" });
    expect((await get(`/api/jobs/${body.job_id}`)).body.state).toBe("done");
    const sealed = async () => (await get("/__sim/world")).body.result.spreadsheets[0].days_sealed;
    const before = await sealed();
    await control("clock", { now: Date.UTC(2026, 1, 19, 3) });
    expect(await sealed()).toBe(before + 1);
    expect(await post("/__sim/clock", { now: 0 })).toMatchObject({ status: 409 });
    expect((await get(PATHS.health)).body.time).toBe("2026-02-19T06:00:00+03:00");
  });

  it("of a service is moved by the service", async () => {
    const backend = new SimulatedBackend({ clock: { now: () => 0 }, control: true });
    await backend.start();
    try {
      await expect(backend.moveClock(5)).rejects.toThrow("belongs to the service");
      await expect(backend.reset({ now: 5 })).rejects.toThrow("belongs to the service");
      expect((await backend.reset({ sellers: 1 })).spreadsheets).toHaveLength(1);
    } finally {
      await backend.stop();
    }
  });
});

describe("a change of drift", () => {
  it("holds from the current day on", async () => {
    const { control, connect, collect, read } = await startBackend();
    await connect();
    await collect();
    const key = "stocks_total";
    const change = await control("drift", { ...DRIFT, key, profile: { bias: { all: 2 } } });
    expect(change).toMatchObject({ key, profile: { bias: { all: 2 } } });
    const days = { date_from: YESTERDAY, date_to: TODAY };
    const local = (await read(days, "local")).body.rows;
    const upstream = (await read(days, "upstream")).body.rows;
    for (const [index, row] of upstream.entries())
      expect(local[index].stocks_total).toBeCloseTo(row.stocks_total * (row.date === TODAY ? 2 : 1), 1);
  });
});

describe("settings", () => {
  it("that are not named stay as they were", async () => {
    const { control } = await startBackend();
    await control("collector", { mode: "async", marketplace: "down" });
    const settings = await control("collector", { failing: { parts: ["daily_adv"] } });
    expect(settings).toMatchObject({ mode: "async", marketplace: "down", failing: { parts: ["daily_adv"], times: 1 } });
    await control("upstream", { enabled: false });
    expect(await control("upstream", { available: false })).toEqual({ enabled: false, available: false });
    // A fresh world has those of the beginning.
    expect(await control("reset")).toMatchObject({
      collector: { mode: "auto", marketplace: "ok" },
      upstream: { enabled: true, available: true },
      spreadsheets: [],
    });
  });
});

describe("the journal", () => {
  it("has each call with its key, status, fault and effects", async () => {
    const { post, get, strike } = await startBackend();
    await post(PATHS.register, { spreadsheet_id: SHEET }, { idempotencyKey: "onb:o_1:registering" });
    await strike(PATHS.register, { status: 502, code: "wb_error" });
    await post(PATHS.register, { spreadsheet_id: SHEET }, { headers: { "x-request-id": "my-request-1" } });
    await get(PATHS.health);
    const { body } = await get(`/__sim/calls?path=${PATHS.register}`);
    expect(body.result).toMatchObject([
      {
        seq: 1,
        method: "POST",
        path: PATHS.register,
        idempotency_key: "onb:o_1:registering",
        role: "operator",
        status: 200,
        code: null,
        fault: null,
        effects: [{ kind: "spreadsheet_registered", spreadsheet_id: SHEET }],
        body: { spreadsheet_id: SHEET },
      },
      {
        idempotency_key: null,
        request_id: "my-request-1",
        status: 502,
        code: "wb_error",
        fault: "status",
        effects: [],
      },
    ]);
    expect((await get("/__sim/calls")).body.result).toHaveLength(3);
    expect((await get("/__sim/calls?path=/api/admin/*")).body.result).toHaveLength(2);
  });

  it("has no token and no credential in it, wherever they were put", async () => {
    const { post, get, token, backend } = await startBackend();
    const text = token();
    await post(PATHS.addToken, { spreadsheet_id: SHEET, token: text });
    await post(PATHS.addToken, { spreadsheet_id: SHEET, token: `Bearer ${text}` });
    await post(PATHS.register, { spreadsheet_id: text, owner_email: text, notes: [`mine: ${text}`, { key: text }] });
    await post(PATHS.getTokens, { spreadsheet_id: SHEET });
    const { body } = await get("/__sim/calls");
    const journal = JSON.stringify(body);
    for (const part of text.split(".")) expect(journal).not.toContain(part);
    expect(journal).not.toContain(backend.adminKey);
    expect(body.result[0]).toMatchObject({ body: { token: "***" }, effects: [{}, { kind: "token_added", sid: SID }] });
  });
});
