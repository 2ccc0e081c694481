// The weekly fit and its daily watch: slices in memory, actor and book on a real Redis.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../../machines/address.ts";
import { addDays } from "../../../machines/dataset/days.ts";
import { datasetDefinition } from "../../../machines/dataset/definition.ts";
import { correctedKeys } from "../../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../../machines/dataset/types.ts";
import { calibrateScope, isFitDue } from "../../../src/quality/calibration/calibrate-scope.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";
import { makeRedisCalibrationBook } from "../../../src/redis/calibration-book.ts";
import { CAUSE, makeTestActors, manualClock } from "../../support/actors.ts";
import { freshPrefix, testRedis } from "../../support/redis.ts";
import { FakeSlices, SCOPE } from "../daily/support.ts";
import { fillDay, fillDays } from "./support.ts";

const client = testRedis();
const FROM = "2026-10-26";
const keys = PARITY_KEY_DEFAULTS;
const ADDRESS = addressOf.dataset(SCOPE.dataset, SCOPE.spreadsheetId);

async function world() {
  const { actors, keys: redisKeys } = makeTestActors(client, freshPrefix(), {
    definitions: [datasetDefinition],
    clock: manualClock(),
  });
  const book = makeRedisCalibrationBook(client, redisKeys);
  const slices = new FakeSlices();
  await actors.send(ADDRESS, { type: "dataset.opened", firstDay: FROM, side: "upstream" }, { cause: CAUSE });
  const context = async () => (await actors.read(ADDRESS))?.context as unknown as DatasetContext;
  return {
    ...{ actors, book, slices, context },
    async calibrate(date: string, windowDays: number | null = 1) {
      const known = await context();
      await calibrateScope(
        { actors, slices, book, now: () => 5 },
        { scope: SCOPE, from: FROM, date, windowDays, keys, known },
      );
    },
    run: async () => (await book.runs(SCOPE))[0],
    history: async () => (await actors.history(ADDRESS, { limit: 50 })).map(({ event }) => event.type),
  };
}

/** After 28 days of a tenth too little. */
async function fitted() {
  const here = await world();
  fillDays(here.slices, FROM, 28);
  const asOf = addDays(FROM, 27);
  await here.calibrate(asOf);
  return { ...here, asOf };
}

describe("a fit", () => {
  it("that proves itself on later days goes live, with its evidence on record", async () => {
    const { run, context, book, asOf, history } = await fitted();
    const record = await run();
    expect(record).toMatchObject({
      ...{ asOf, train: { from: FROM, to: "2026-11-15" }, holdout: { from: "2026-11-16", to: asOf }, judgedAt: 5 },
      release: { verdict: "allow", improvedCount: 3 },
      keys: {
        stocks_total: { verdict: "accepted", reason: null, betterDays: 7, days: 7, coefficients: 60 },
        stocks_enough_for: { verdict: "rejected", reason: "no_change" },
        // By itself it would take still more from a profit that is too low already.
        adv_sum: { verdict: "rejected", reason: "guard:profit_with_adv" },
      },
    });
    expect(record?.keys.stocks_total?.before).toMatchObject({ nCells: 420, nExact: 0 });
    expect(record?.keys.stocks_total?.after).toMatchObject({ nCells: 420, nExact: 420 });
    const known = await context();
    expect(known.fittedOn).toBe(asOf);
    expect(correctedKeys(known)).toEqual(["avg_price_with_spp", "profit_without_adv", "stocks_total"]);
    const set = await book.coefficients(SCOPE, record?.id ?? "");
    // A tenth too little, made good; profit_with_adv follows from two others and has none of its own.
    expect(set?.stocks_total?.["1"]).toBeCloseTo(1 / 0.9, 5);
    expect(Object.keys(set ?? {})).not.toContain("profit_with_adv");
    expect(await history()).toContain("dataset.calibrated");
  });

  it("is the same when it is made again, and is on record once", async () => {
    const { run, calibrate, asOf, history, context, actors, book, slices } = await fitted();
    const [before, events] = [await run(), await history()];
    const known = { ...(await context()), fittedOn: null, corrections: null };
    await calibrateScope(
      { actors, slices, book, now: () => 5 },
      { scope: SCOPE, from: FROM, date: asOf, windowDays: 1, keys, known },
    );
    await calibrate(asOf);
    expect(await run()).toEqual(before);
    expect(await book.runs(SCOPE)).toHaveLength(1);
    expect(await history()).toEqual(events);
  });

  it("that nothing passes leaves our own data as they are", async () => {
    const here = await world();
    fillDays(here.slices, FROM, 28, { factor: 1 });
    await here.calibrate(addDays(FROM, 27));
    expect(await here.run()).toMatchObject({ release: null, keys: { adv_sum: { reason: "no_change" } } });
    expect(await here.context()).toMatchObject({ fittedOn: addDays(FROM, 27), corrections: null });
  });

  it("looks at no day that may not be compared: filled in later, received too far apart, or of one side", async () => {
    const here = await world();
    const asOf = addDays(FROM, 27);
    fillDays(here.slices, FROM, 28);
    here.slices.put("local", addDays(asOf, -1), { origin: "backfill" });
    here.slices.put("local", addDays(asOf, -2), { receivedAt: 0 });
    await here.calibrate(asOf);
    expect((await here.run())?.keys.stocks_total?.days).toBe(5);
  });

  it("comes once a week, the first one when enough days are there to hold one back", () => {
    const due = (date: string, fittedOn: string | null) =>
      isFitDue({ from: FROM, date, known: { from: FROM, fittedOn, corrections: null } });
    expect(due(addDays(FROM, 10), null)).toBe(false);
    expect(due(addDays(FROM, 11), null)).toBe(true);
    expect(due(addDays(FROM, 17), addDays(FROM, 11))).toBe(false);
    expect(due(addDays(FROM, 18), addDays(FROM, 11))).toBe(true);
  });
});

describe("a correction in use (8.8)", () => {
  it("stays while it is better than raw data", async () => {
    const here = await fitted();
    const next = addDays(here.asOf, 1);
    fillDay(here.slices, next, 28);
    await here.calibrate(next);
    expect(correctedKeys(await here.context())).toHaveLength(3);
  });

  it("is withdrawn on the day it is worse, for that key, and the record says when", async () => {
    const here = await fitted();
    const next = addDays(here.asOf, 1);
    // Somebody mended our own data: corrected once more they are too high.
    fillDay(here.slices, next, 28, { factor: 1 });
    await here.calibrate(next);
    expect(correctedKeys(await here.context())).toEqual([]);
    expect((await here.run())?.keys.stocks_total?.withdrawnOn).toBe(next);
    expect((await here.context()).corrections?.withdrawn.stocks_total).toBe(next);
    expect(await here.book.newestVerdicts("checklist")).toMatchObject({
      stocks_total: { withdrawn: 1 },
      stocks_enough_for: { rejected: 1 },
    });
  });

  it("is not judged on a day without a comparison", async () => {
    const here = await fitted();
    await here.calibrate(addDays(here.asOf, 1), null);
    expect(correctedKeys(await here.context())).toHaveLength(3);
  });
});
