import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { GATE_DEFAULTS } from "../../machines/dataset/gate.ts";
import { FREEZE_MS } from "../../src/quality/daily/due-days.ts";
import { poolFleet } from "../../src/quality/daily/pool-fleet.ts";
import { measureDay } from "../../src/quality/engine/measure-day.ts";
import { tableOf } from "../../src/quality/engine/row-table.ts";
import { PARITY_KEY_DEFAULTS, resolveParity } from "../../src/quality/settings.ts";
import { makeRedisCalibrationBook } from "../../src/redis/calibration-book.ts";
import { makeRedisParityBook } from "../../src/redis/parity-book.ts";
import {
  DatasetCalibration,
  DatasetList,
  DatasetPage,
  DatasetRows,
  ParityDays,
} from "../../src/support/answers/datasets.ts";
import { makeDatasets } from "../../src/support/datasets.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg";
const ADDRESS = addressOf.dataset("checklist", SHEET);
const SCOPE_URL = `/api/v1/datasets/${SHEET}/checklist`;

/** One article of a day, with these values in every column. */
function aDay(upstream: number, local: number) {
  const keys = PARITY_KEY_DEFAULTS;
  const count = Object.keys(keys).length;
  const table = (value: number) =>
    tableOf([{ date: "2026-11-22", nmId: 1, values: Array.from({ length: count }, () => value) }], count);
  const { sums } = measureDay({ upstream: table(upstream), local: table(local), keys }, "2026-11-22");
  return { sums, tiers: { adv_sum: "red" } } as const;
}

let office: Office;
beforeEach(async () => {
  office = openOffice();
  const { actors } = office;
  await actors.send(ADDRESS, { type: "dataset.opened", firstDay: "2026-11-21", side: "upstream" }, { cause: CAUSE });
  for (const [date, verdict] of [
    ["2026-11-21", "pass"],
    ["2026-11-22", "hold"],
  ] as const)
    await actors.send(
      ADDRESS,
      {
        type: "dataset.dayJudged",
        ...{ date, verdict, status: "ok", asofSkew: false, numericExactRatio: 0.9, windowDays: 2 },
        ...{ tiers: { adv_sum: "yellow" }, completeness: null, settings: GATE_DEFAULTS },
        evidence: { paramsHash: "p", slices: [{ side: "local", date, version: 1, seal: "c".repeat(64) }] },
      },
      { cause: CAUSE },
    );
});
afterEach(() => office.server.close());

describe("the list of spreadsheets", () => {
  it("says which side each is served from, and how its last day was", async () => {
    const list = DatasetList.parse((await office.get("/api/v1/datasets", { role: "viewer" })).json());
    expect(list).toMatchObject({
      datasets: [
        {
          ...{ dataset: "checklist", spreadsheetId: SHEET, address: ADDRESS, state: "proxyFirst", side: "upstream" },
          lastDay: { date: "2026-11-22", verdict: "hold", numericExactRatio: 0.9 },
          ...{ pin: null, decision: null },
        },
      ],
    });
  });
});

describe("a spreadsheet's page", () => {
  it("has its days, newest first, with what they came from", async () => {
    const page = DatasetPage.parse((await office.get(SCOPE_URL, { role: "viewer" })).json());
    expect(page.from).toBe("2026-11-21");
    expect(page.days.map(({ date, verdict, passStreak }) => [date, verdict, passStreak])).toEqual([
      ["2026-11-22", "hold", 0],
      ["2026-11-21", "pass", 1],
    ]);
    expect(page.days[0]?.seals).toEqual({ upstream: null, local: { version: 1, seal: "c".repeat(64) } });
  });

  it("shows a pin that somebody has set, and that it is theirs", async () => {
    const until = office.clock.time + 86_400_000;
    const pinned = await office.post(`/api/v1/actors/${ADDRESS}/events`, {
      event: { type: "dataset.pinned", side: "local", until },
      ...{ reason: "upstream is being moved", idempotencyKey: "pin-1-of-test" },
    });
    expect(pinned.statusCode).toBe(200);
    const page = DatasetPage.parse((await office.get(SCOPE_URL)).json());
    expect(page).toMatchObject({ state: "pinned", side: "local", pin: { until, by: "owner-1" } });
    expect(page.decision).toMatchObject({ side: "local", reason: "pinned", applied: null });
  });

  it("may be pinned by an owner only", async () => {
    const event = { type: "dataset.pinned", side: "local", until: office.clock.time + 1_000 };
    const body = { event, reason: "because I can", idempotencyKey: "pin-2-of-test" };
    expect((await office.post(`/api/v1/actors/${ADDRESS}/events`, body, { role: "finance" })).statusCode).toBe(403);
  });

  it("of which nobody knows is not found, in words", async () => {
    const answer = await office.get(`/api/v1/datasets/${"x".repeat(44)}/checklist`);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain("spreadsheetId");
    expect((await office.get("/api/v1/datasets/short/checklist")).statusCode).toBe(400);
  });
});

describe("a day of a spreadsheet's page", () => {
  it("has the numbers of the day itself, as long as they are kept", async () => {
    const book = makeRedisParityBook(office.client, office.keys);
    const history = { nmTotal: 4, nmContinuous: 3, daysTotal: 2, daysWhole: 1 };
    const scope = { dataset: "checklist", spreadsheetId: SHEET };
    await book.putScope(scope, "2026-11-22", { ...aDay(100, 102), status: "ok", asofSkew: false, history });
    const { days } = DatasetPage.parse((await office.get(SCOPE_URL)).json());
    expect(days[0]).toMatchObject({
      keys: { adv_sum: { nCells: 1, exactRatio: 0, wape: 0.02 } },
      history: { pctNmContinuous: 0.75, pctDaysWithoutHoles: 0.5 },
    });
    expect(days[1]).toMatchObject({ keys: null, history: null });
  });
});

describe("the corrections of a spreadsheet", () => {
  const url = `${SCOPE_URL}/calibration`;
  const sums = aDay(100, 98).sums;
  const verdict = {
    ...{ before: sums.adv_sum, after: sums.adv_sum, betterDays: 6, days: 7, changedCells: 3, coefficients: 3 },
    withdrawnOn: null,
  };

  it("are none before the first fit", async () => {
    expect(DatasetCalibration.parse((await office.get(url, { role: "viewer" })).json())).toMatchObject({
      live: null,
      runs: [],
    });
  });

  it("are the fits, newest first, with numbers before and after and what is in use", async () => {
    const book = makeRedisCalibrationBook(office.client, office.keys);
    const scope = { dataset: "checklist", spreadsheetId: SHEET };
    const window = { from: "2026-11-16", to: "2026-11-22" };
    for (const asOf of ["2026-11-15", "2026-11-22"])
      await book.putRun(scope, {
        ...{ id: `${asOf}-0a`, asOf, train: window, holdout: window, paramsHash: "p", slicesHash: "s", judgedAt: 5 },
        keys: {
          adv_sum: { verdict: "accepted", reason: null, ...verdict },
          stocks_total: { verdict: "rejected", reason: "no_gain", ...verdict },
        } as never,
        combined: { before: sums, after: sums },
        release: { verdict: "allow", reason: null, improvedCount: 3, status: { adv_sum: "improved" } },
      });
    await office.actors.send(
      ADDRESS,
      {
        type: "dataset.calibrated",
        ...{ set: "2026-11-22-0a", asOf: "2026-11-22", verdicts: { adv_sum: null, stocks_total: "no_gain" } },
        release: { isAllowed: true, reason: null },
        evidence: { paramsHash: "p", slicesHash: "s" },
      },
      { cause: CAUSE },
    );
    const answer = DatasetCalibration.parse((await office.get(url, { role: "viewer" })).json());
    expect(answer.live).toBe("2026-11-22-0a");
    expect(answer.runs.map(({ asOf, keys }) => [asOf, keys.map(({ key, isLive }) => [key, isLive])])).toEqual([
      [
        "2026-11-22",
        [
          ["adv_sum", true],
          ["stocks_total", false],
        ],
      ],
      [
        "2026-11-15",
        [
          ["adv_sum", false],
          ["stocks_total", false],
        ],
      ],
    ]);
    expect(answer.runs[0]?.keys[1]).toMatchObject({
      verdict: "rejected",
      reason: "no_gain",
      before: { wape: 0.02, nPaired: 1 },
    });
  });
});

describe("the days of all spreadsheets", () => {
  it("are pooled ratios with thresholds and tiers, oldest first", async () => {
    const book = makeRedisParityBook(office.client, office.keys);
    const { sums } = aDay(100, 102);
    const history = { nmTotal: 4, nmContinuous: 3, daysTotal: 2, daysWhole: 1 };
    const said = { status: "ok", asofSkew: false, sums, tiers: { adv_sum: "red" }, history } as const;
    await book.putDay("checklist", poolFleet("2026-11-22", [said, said], PARITY_KEY_DEFAULTS));
    const days = ParityDays.parse((await office.get("/api/v1/datasets/days", { role: "viewer" })).json());
    expect(days.days).toHaveLength(1);
    expect(days.days[0]).toMatchObject({
      ...{ date: "2026-11-22", scopes: 2, numericExactRatio: 0, pctNmContinuous: 0.75, pctDaysWithoutHoles: 0.5 },
      keys: { adv_sum: { nCells: 2, exactRatio: 0, wape: 0.02, mae: 2, tier: "red", tiers: { red: 2 } } },
    });
    expect(days.keys.find(({ key }) => key === "adv_sum")).toMatchObject({
      critical: true,
      yellow: { exactMin: 0.85 },
    });
    expect(days.states).toEqual({ proxyFirst: 1 });
    // This office freezes nothing.
    expect(days).toMatchObject({ collects: false, nextAt: null, noise: null, gate: { minRows: 200 } });
  });
});

const FACTS = { isActive: true, since: 5, lastSuccessAt: null, isUnsupported: false };

describe("what is collected", () => {
  it("has a noise floor once days were read a second time, and a next day", async () => {
    const { actors, client, keys } = office;
    const reading = (day: string, local: number) => ({ day, byKey: aDay(100, local).sums });
    const { days, page } = makeDatasets({
      ...{ actors, book: makeRedisParityBook(client, keys), calibration: makeRedisCalibrationBook(client, keys) },
      noise: async () => [reading("2026-11-14", 100), reading("2026-11-15", 150)],
      collection: {
        of: async () => FACTS,
        all: async () => [FACTS, { ...FACTS, isUnsupported: true }, { ...FACTS, isActive: false }],
      },
      slices: { readFrozen: async () => null },
      settings: () => resolveParity({}),
      freezeMs: () => FREEZE_MS,
      now: () => Date.UTC(2026, 10, 23, 9),
    });
    expect((await page("checklist", SHEET))?.collection).toEqual(FACTS);
    expect(await days()).toMatchObject({
      ...{ collects: true, collected: 2, unsupported: 1, nextAt: Date.UTC(2026, 10, 24, 3, 5) },
      noise: {
        date: "2026-11-15",
        scopes: 2,
        numericExactRatio: 0.5,
        keys: { adv_sum: { exactRatio: 0.5, nCells: 2 } },
      },
    });
  });
});

describe("the worst rows", () => {
  it("are refused in words for a day that was not frozen, and for a column that is none", async () => {
    const answer = await office.get(`${SCOPE_URL}/worst?day=2026-11-22&key=adv_sum`, { role: "viewer" });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "dataset.notFrozen" });
    expect((await office.get(`${SCOPE_URL}/worst?day=2026-11-22&key=profit`)).statusCode).toBe(400);
  });
});

describe("the rows", () => {
  const rows = async (query: string) => office.get(`${SCOPE_URL}/rows?${query}`, { role: "viewer" });

  it("come from one side, which the answer names", async () => {
    const answer = DatasetRows.parse((await rows("from=2026-11-21&to=2026-11-22")).json());
    expect(answer).toEqual({
      ...{ source_tag: "upstream", requested_source: "auto", degraded: false, captured_at: 5, row_count: 1 },
      rows: [{ date: "2026-11-22", nm_id: 1, adv_sum: 2.5 }],
    });
    expect((await rows("from=2026-11-21&to=2026-11-22&source=local")).json().requested_source).toBe("local");
  });

  it("are of a month at most, and of days that exist in that order", async () => {
    for (const query of [
      "from=2026-11-22&to=2026-11-21",
      "from=2026-10-01&to=2026-11-01",
      "from=2026-02-30&to=2026-03-01",
    ])
      expect((await rows(query)).statusCode).toBe(400);
  });
});
