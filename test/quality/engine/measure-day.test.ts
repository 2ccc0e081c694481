import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureDay, poolDays } from "../../../src/quality/engine/measure-day.ts";
import { datasetRatio, metricsOf } from "../../../src/quality/engine/metrics.ts";
import { poolSums } from "../../../src/quality/engine/sums.ts";
import type { Sums } from "../../../src/quality/model.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { DAY, keySettings, randomSides, side, sumsOf } from "./support/sides.ts";

const keys = { k: keySettings() };
const statusWith = (upstream: number, local: number) => {
  const rows = (count: number) => side(Array.from({ length: count }, (_, i) => [DAY, i + 1, null]));
  return measureDay({ upstream: rows(upstream), local: rows(local), keys }, DAY).status;
};

describe("a day of both sides", () => {
  it("3.1 is ok when both have a row, be it without values", () => {
    expect(statusWith(1, 1)).toBe("ok");
    expect(statusWith(1, 0)).toBe("local_missing");
    expect(statusWith(0, 1)).toBe("upstream_missing");
    expect(statusWith(0, 0)).toBe("both_missing");
  });

  it("3.1 adds nothing to any sum unless it is ok", () => {
    const { sums, rows } = measureDay({ upstream: side([[DAY, 1, 5]]), local: side([]), keys }, DAY);
    expect(rows).toBe(0);
    expect(Object.values(sums.k ?? {}).every((sum) => sum === 0)).toBe(true);
  });

  it("3.2 and 3.4 count a cell of either side, and none of neither", () =>
    expect(
      sumsOf([
        [1, 1],
        [1, undefined],
        [1, null],
        [undefined, 1],
        [null, 1],
        [null, null],
        [undefined, null],
      ]),
    ).toMatchObject({ nCells: 5, nPaired: 1, nMissingLocal: 2, nMissingUpstream: 2 }));

  it("3.3 reads missing as 0 for every nm_id of the universe where the key says so", () => {
    const pairs = [
      [5, undefined],
      [undefined, 5],
      [null, null],
      [undefined, null],
    ] as const;
    const sums = sumsOf([...pairs, [1, 1]], { missingAsZero: true });
    expect(sums).toMatchObject({ nCells: 5, nPaired: 5, nMissingLocal: 0, nMissingUpstream: 0, nExact: 3, nEqual: 3 });
    expect(sums).toMatchObject({ sumAbsError: 10, sumError: 0 });
  });

  it.each([
    [100, 101, 1, 0],
    [100, 101.000_000_000_9, 1, 0],
    [100, 101.000_000_002, 0, 0],
    [0, 0.01, 1, 0],
    [0, 0.011, 0, 0],
    [0.5, 0.51, 1, 0],
    [-100, -99, 1, 0],
    [5, 5 + 1e-10, 1, 1],
    [5, 5 + 1.5e-9, 1, 0],
  ])("3.5 upstream %d, local %d: exact %d, equal %d", (u, l, nExact, nEqual) =>
    expect(sumsOf([[u, l]])).toMatchObject({ nExact, nEqual }),
  );
});

describe("4 metrics", () => {
  it("are made of the sums", () => {
    const sums = sumsOf([
      [100, 110],
      [-50, 50],
      [0, 3],
      [200, 200],
      [7, undefined],
    ]);
    expect(sums).toMatchObject({ nCells: 5, nPaired: 4, nExact: 1, nMape: 3, signMismatch: 1 });
    expect(metricsOf(sums)).toEqual({
      exactRatio: 1 / 5,
      exactRatioPaired: 1 / 4,
      coverage: 4 / 5,
      mae: 113 / 4,
      bias: 113 / 4,
      mape: expect.closeTo((0.1 + 2 + 0) / 3, 12),
      wape: 113 / 350,
    });
  });

  it("are undefined where there is nothing to divide by", () => {
    expect(metricsOf(sumsOf([[null, null]]))).toEqual({
      ...{ exactRatio: null, exactRatioPaired: null, coverage: null },
      ...{ mae: null, bias: null, mape: null, wape: null },
    });
    expect(metricsOf(sumsOf([[1, null]]))).toMatchObject({ exactRatio: 0, exactRatioPaired: null, coverage: 0 });
  });

  it("wape of nothing is 0 when nothing was expected, and undefined when something came", () => {
    expect(metricsOf(sumsOf([[0, 0]]))).toMatchObject({ wape: 0, mape: null, mae: 0 });
    expect(metricsOf(sumsOf([[0, 1]]))).toMatchObject({ wape: null, mape: null, mae: 1 });
  });

  it("are undefined where values are so large that their sum is no number", () => {
    const sums = sumsOf([
      [1e308, -1e308],
      [1e308, 1e308],
    ]);
    expect(sums).toMatchObject({ nCells: 2, nPaired: 2, nExact: 1, signMismatch: 1 });
    expect(metricsOf(sums)).toMatchObject({ exactRatio: 0.5, mae: null, bias: null, mape: null, wape: null });
  });

  it("4.3 the dataset's ratio is of all cells of all keys, not the mean of ratios", () => {
    const few = sumsOf([[1, 5]]);
    const many = sumsOf([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(datasetRatio([few, many])).toEqual({ nCells: 4, nExact: 3, numericExactRatio: 0.75 });
    expect(datasetRatio([]).numericExactRatio).toBeNull();
  });
});

/** Counts exactly, sums up to the order in which they were added. */
function expectSame(actual: Sums | undefined, expected: Sums | undefined): void {
  if (!actual || !expected) throw new Error("a key is missing");
  for (const [member, value] of Object.entries(expected))
    if (member.startsWith("sum"))
      expect(Math.abs(actual[member as keyof Sums] - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
    else expect(actual[member as keyof Sums]).toBe(value);
}

describe(`4 properties (TEST_SEED=${SEED})`, () => {
  it("the counts of a key add up", () => {
    fc.assert(
      fc.property(randomSides, (sides) => {
        for (const day of sides.dates.map((date) => measureDay(sides, date)))
          for (const sums of Object.values(day.sums)) {
            expect(sums.nPaired + sums.nMissingLocal + sums.nMissingUpstream).toBe(sums.nCells);
            expect(sums.nEqual).toBeLessThanOrEqual(sums.nExact);
            expect(sums.nExact).toBeLessThanOrEqual(sums.nPaired);
            expect(sums.nCells).toBeLessThanOrEqual(day.rows);
            expect(Math.abs(sums.sumError)).toBeLessThanOrEqual(sums.sumAbsError + 1e-9);
          }
      }),
      seeded(200),
    );
  });

  it("4.2 pooling days is measuring their cells together, in whatever order", () => {
    fc.assert(
      fc.property(randomSides, (sides) => {
        const days = sides.dates.map((date) => measureDay(sides, date));
        const pooled = poolDays(days, sides.keys);
        const reversed = poolDays(days.toReversed(), sides.keys);
        for (const key of Object.keys(sides.keys)) {
          expectSame(pooled[key], reversed[key]);
          const [first, ...rest] = days.map(({ sums }) => sums[key] as Sums);
          expectSame(pooled[key], poolSums([poolSums(rest), first as Sums]));
          expect(datasetRatio([pooled[key] as Sums]).nCells).toBe(
            days.reduce((sum, day) => sum + (day.sums[key]?.nCells ?? 0), 0),
          );
        }
      }),
      seeded(200),
    );
  });

  it("a side held against itself is equal everywhere", () => {
    fc.assert(
      fc.property(randomSides, ({ upstream, keys: both, dates }) => {
        for (const date of dates)
          for (const sums of Object.values(measureDay({ upstream, local: upstream, keys: both }, date).sums)) {
            expect(sums.nEqual).toBe(sums.nCells);
            expect(sums.sumAbsError + sums.signMismatch).toBe(0);
          }
      }),
      seeded(100),
    );
  });

  it("exchanging the sides exchanges what is missing and turns the bias", () => {
    fc.assert(
      fc.property(randomSides, ({ upstream, local, keys: both, dates }) => {
        for (const date of dates) {
          const there = measureDay({ upstream, local, keys: both }, date).sums;
          const back = measureDay({ upstream: local, local: upstream, keys: both }, date).sums;
          for (const key of Object.keys(both)) {
            expect(back[key]?.nMissingLocal).toBe(there[key]?.nMissingUpstream);
            expect(back[key]?.signMismatch).toBe(there[key]?.signMismatch);
            expect(back[key]?.sumError).toBeCloseTo(-(there[key]?.sumError ?? 0), 6);
          }
        }
      }),
      seeded(100),
    );
  });
});
