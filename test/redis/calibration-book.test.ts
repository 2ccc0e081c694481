import { describe, expect, it } from "vitest";
import type { CalibrationRecord } from "../../src/quality/calibration/ports.ts";
import { emptySums } from "../../src/quality/engine/sums.ts";
import { makeRedisCalibrationBook } from "../../src/redis/calibration-book.ts";
import { Keys } from "../../src/redis/keys.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const SCOPE = { dataset: "checklist", spreadsheetId: "a" };
const sums = { adv_sum: { ...emptySums(), nCells: 3, sumAbsError: 0.5 } };
const key = { betterDays: 5, days: 7, changedCells: 2, coefficients: 2, before: sums.adv_sum, after: sums.adv_sum };
const fitOf = (asOf: string, id = `${asOf}-0a`): CalibrationRecord => ({
  ...{ id, asOf, train: { from: asOf, to: asOf }, holdout: { from: asOf, to: asOf }, judgedAt: 5 },
  keys: {
    adv_sum: { ...key, verdict: "accepted", reason: null, withdrawnOn: null },
    stocks_total: { ...key, verdict: "rejected", reason: "no_gain", withdrawnOn: null },
  },
  combined: { before: sums, after: sums },
  release: { verdict: "deny", reason: "too_few_improved", improvedCount: 1, status: { adv_sum: "improved" } },
  ...{ paramsHash: "p", slicesHash: "s" },
});
const open = () => makeRedisCalibrationBook(client, new Keys(freshPrefix()));
const dayAt = (n: number) => new Date(Date.UTC(2026, 8, n)).toISOString().slice(0, 10);

describe("the fits of a spreadsheet", () => {
  it("are read back newest first, the newest eight of them, each day once", async () => {
    const book = open();
    expect(await book.runs(SCOPE)).toEqual([]);
    for (const n of [8, 1, 15, 22, 29, 36, 43, 50, 57, 57]) await book.putRun(SCOPE, fitOf(dayAt(n)));
    const runs = await book.runs(SCOPE);
    expect(runs.map(({ asOf }) => asOf)).toEqual([57, 50, 43, 36, 29, 22, 15, 8].map(dayAt));
    expect(runs[0]).toEqual(fitOf(dayAt(57)));
    expect(await book.runs({ ...SCOPE, spreadsheetId: "b" })).toEqual([]);
  });

  it("say since when a key is withdrawn, and the first day stands", async () => {
    const book = open();
    for (const n of [1, 8]) await book.putRun(SCOPE, fitOf(dayAt(n)));
    await book.noteWithdrawn(SCOPE, `${dayAt(8)}-0a`, ["adv_sum"], dayAt(9));
    await book.noteWithdrawn(SCOPE, `${dayAt(8)}-0a`, ["adv_sum"], dayAt(10));
    expect((await book.runs(SCOPE)).map(({ keys }) => keys.adv_sum?.withdrawnOn)).toEqual([dayAt(9), null]);
  });

  it("are counted by the verdict of each one's newest", async () => {
    const book = open();
    for (const spreadsheetId of ["a", "b"]) await book.putRun({ ...SCOPE, spreadsheetId }, fitOf(dayAt(1)));
    await book.noteWithdrawn(SCOPE, `${dayAt(1)}-0a`, ["adv_sum"], dayAt(2));
    expect(await book.newestVerdicts("checklist")).toEqual({
      adv_sum: { withdrawn: 1, accepted: 1 },
      stocks_total: { rejected: 2 },
    });
    expect(await book.newestVerdicts("another")).toEqual({});
  });
});

describe("coefficients", () => {
  it("are kept for the set in use and the one before it", async () => {
    const book = open();
    const sets = [1, 8, 15].map((n) => `${dayAt(n)}-0a`);
    for (const [n, id] of sets.entries()) await book.putCoefficients(SCOPE, id, { adv_sum: { "1": 1 + n } });
    expect(await Promise.all(sets.map((id) => book.coefficients(SCOPE, id)))).toEqual([
      null,
      { adv_sum: { "1": 2 } },
      { adv_sum: { "1": 3 } },
    ]);
  });
});
