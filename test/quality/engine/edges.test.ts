// Zeros, nothing, missing rows, signs and borders: what must hold for any cells.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber } from "../../../machines/dataset/days.ts";
import { measureDay } from "../../../src/quality/engine/measure-day.ts";
import { metricsOf } from "../../../src/quality/engine/metrics.ts";
import { judgeRelease, RELEASE_DEFAULTS } from "../../../src/quality/engine/release.ts";
import { type RowTable, spanOf, valueAt } from "../../../src/quality/engine/row-table.ts";
import type { KeySettings, Sums } from "../../../src/quality/model.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { keySettings, type Line, type RandomSides, randomSides, side, sumsOf } from "./support/sides.ts";

const linesOf = (table: RowTable, date: string): Line[] => {
  const { start, end } = spanOf(table, dayNumber(date));
  return Array.from({ length: end - start }, (_, i) => {
    const values = Array.from({ length: table.keyCount }, (__, key) => valueAt(table, start + i, key));
    return [date, table.nmIds[start + i] ?? 0, ...values.map((value) => (Number.isNaN(value) ? null : value))];
  });
};

/** The days of random sides that are `ok`, as lines. */
const okDays = ({ upstream, local, dates }: RandomSides) =>
  dates
    .map((date) => ({ date, upstream: linesOf(upstream, date), local: linesOf(local, date) }))
    .filter((day) => day.upstream.length > 0 && day.local.length > 0);

/** Every nm_id of the other side, too; `fill` is the value of those a side has none of. */
const filled = (lines: readonly Line[], others: readonly Line[], fill: 0 | null): Line[] => {
  const known = new Set(lines.map(([, nmId]) => nmId));
  const absent = others.filter(([, nmId]) => !known.has(nmId));
  return [
    ...lines.map(([date, nmId, ...values]): Line => [date, nmId, ...values.map((value) => value ?? fill)]),
    ...absent.map(([date, nmId, ...values]): Line => [date, nmId, ...values.map(() => fill)]),
  ];
};

const measured = (upstream: readonly Line[], local: readonly Line[], date: string, keys: RandomSides["keys"]) =>
  measureDay({ upstream: side(upstream, 2), local: side(local, 2), keys }, date);

const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
  minLength: 1,
  maxLength: 20,
});
const members = (sums: Sums, without: readonly (keyof Sums)[]) =>
  Object.entries(sums).filter(([name]) => !without.includes(name as keyof Sums));

describe(`3 cells (TEST_SEED=${SEED})`, () => {
  it("3.2 a row that is not there is a row without values", () => {
    fc.assert(
      fc.property(randomSides, (sides) => {
        for (const { date, upstream, local } of okDays(sides))
          expect(measured(filled(upstream, local, null), filled(local, upstream, null), date, sides.keys)).toEqual(
            measured(upstream, local, date, sides.keys),
          );
      }),
      seeded(200),
    );
  });

  it("3.3 missing as zero is what writing the zeros out would be", () => {
    const of = (missingAsZero: boolean) => ({
      a: keySettings({ missingAsZero }),
      b: keySettings({ missingAsZero, relTol: 0 }),
    });
    fc.assert(
      fc.property(randomSides, (sides) => {
        for (const { date, upstream, local } of okDays(sides))
          expect(measured(filled(upstream, local, 0), filled(local, upstream, 0), date, of(false))).toEqual(
            measured(upstream, local, date, of(true)),
          );
      }),
      seeded(200),
    );
  });

  it("3.4 missing on both sides is nothing, zero on both sides is a cell that agrees", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 5 }), (some, count) => {
        const plain = sumsOf(some);
        const more = <Value>(value: Value) => Array.from({ length: count }, () => [value, value] as const);
        expect(sumsOf([...some, ...more(null)])).toEqual(plain);
        expect(sumsOf([...some, ...more(0)])).toEqual({
          ...plain,
          ...{ nCells: plain.nCells + count, nPaired: plain.nPaired + count },
          ...{ nExact: plain.nExact + count, nEqual: plain.nEqual + count },
        });
      }),
      seeded(200),
    );
  });

  it("4 turning the sign of both sides turns the bias alone", () => {
    fc.assert(
      fc.property(pairs, (some) => {
        const turned = sumsOf(some.map(([u, l]) => [-u, -l]));
        const plain = sumsOf(some);
        expect(turned.sumError + 0).toBe(-plain.sumError + 0);
        expect(members(turned, ["sumError"])).toEqual(members(plain, ["sumError"]));
      }),
      seeded(200),
    );
  });

  it("4 counts a sign that differs, and never that of zero", () => {
    fc.assert(
      fc.property(pairs, (some) => {
        const differing = some.filter(([u, l]) => u !== 0 && l !== 0 && Math.sign(u) !== Math.sign(l));
        expect(sumsOf(some).signMismatch).toBe(differing.length);
      }),
      seeded(200),
    );
  });

  it("4 shares lie between 0 and 1, exactness of cells below that of pairs, and |bias| below mae", () => {
    fc.assert(
      fc.property(randomSides, (sides) => {
        for (const date of sides.dates)
          for (const sums of Object.values(measureDay(sides, date).sums)) {
            const { exactRatio, exactRatioPaired, coverage, mae, bias, mape, wape } = metricsOf(sums);
            for (const share of [exactRatio, exactRatioPaired, coverage])
              if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
            expect(exactRatio === null).toBe(sums.nCells === 0);
            expect([exactRatioPaired, mae, bias].map((metric) => metric === null)).toEqual(
              Array.from({ length: 3 }, () => sums.nPaired === 0),
            );
            expect(mape === null).toBe(sums.nMape === 0);
            if (exactRatio !== null && exactRatioPaired !== null)
              expect(exactRatio).toBeLessThanOrEqual(exactRatioPaired);
            if (mae !== null && bias !== null) expect(Math.abs(bias)).toBeLessThanOrEqual(mae + 1e-9);
            if (wape !== null) expect(wape).toBeGreaterThanOrEqual(0);
          }
      }),
      seeded(200),
    );
  });
});

/** 1 when the local value is exact. */
const exact = (u: number, l: number, changes: Partial<KeySettings>) => sumsOf([[u, l]], changes).nExact;

describe(`3.5 the border of the tolerance (TEST_SEED=${SEED})`, () => {
  const either = fc.constantFrom(-1, 1);
  const whole = fc.integer({ min: -1_000_000, max: 1_000_000 });

  it("absolute: the border is inside, what lies a little beyond is not", () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 1_000 }), either, (u, absTol, sign) => {
        const tolerance = { absTol, relTol: 0 };
        expect(exact(u, u + sign * absTol, tolerance)).toBe(1);
        expect(exact(u, u + sign * (absTol + 1e-6), tolerance)).toBe(0);
      }),
      seeded(300),
    );
  });

  it("relative: of upstream's value, whatever its sign; the larger of both counts", () => {
    const share = fc.constantFrom(1 / 2, 1 / 4, 1 / 64, 1 / 1_024);
    fc.assert(
      fc.property(whole, share, fc.integer({ min: 0, max: 1_000 }), either, (times, relTol, absTol, sign) => {
        const u = times / relTol;
        const allowed = Math.max(Math.abs(times), absTol);
        expect(exact(u, u + sign * allowed, { absTol, relTol })).toBe(1);
        expect(exact(u, u + sign * (allowed + 1e-3), { absTol, relTol })).toBe(0);
      }),
      seeded(300),
    );
  });

  it("decimals: a hundredth beside a value written with two decimals is exact", () => {
    const cents = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(cents, either, (n, sign) => {
        const tolerance = { absTol: 0.01, relTol: 0 };
        expect(exact(n / 100, (n + sign) / 100, tolerance)).toBe(1);
        expect(exact(n / 100, (n + 2 * sign) / 100, tolerance)).toBe(0);
      }),
      seeded(300),
    );
  });

  it("a wider tolerance never loses an exact cell", () => {
    const tolerance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(pairs, tolerance, tolerance, tolerance, tolerance, (some, absTol, relTol, abs, rel) => {
        const wide = sumsOf(some, { absTol: absTol + abs, relTol: relTol + rel });
        expect(wide.nExact).toBeGreaterThanOrEqual(sumsOf(some, { absTol, relTol }).nExact);
      }),
      seeded(200),
    );
  });
});

describe(`9 release (TEST_SEED=${SEED})`, () => {
  it("a candidate like the baseline is flat everywhere", () => {
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const sums = { a: sumsOf(a), b: sumsOf(b) };
        const settings = { ...RELEASE_DEFAULTS, keyMetrics: ["a", "b"], guardKeys: [] };
        expect(judgeRelease(sums, sums, settings)).toEqual({
          ...{ verdict: "deny", reason: "too_few_improved", improvedCount: 0 },
          status: { a: "flat", b: "flat" },
        });
      }),
      seeded(100),
    );
  });

  it("a candidate with less exact cells and more error is worse, and is never allowed", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 20 }), (some, count) => {
        const right = Array.from({ length: count }, () => [100, 100] as const);
        const wrong = Array.from({ length: count }, () => [100, 300] as const);
        const settings = { ...RELEASE_DEFAULTS, keyMetrics: ["a"], guardKeys: [], minImproved: 0 };
        const found = judgeRelease({ a: sumsOf([...some, ...right]) }, { a: sumsOf([...some, ...wrong]) }, settings);
        expect(found).toMatchObject({ verdict: "deny", reason: "worse:a" });
      }),
      seeded(100),
    );
  });
});

describe(`a day (TEST_SEED=${SEED})`, () => {
  it("is measured as its rows are, in whatever order they came", () => {
    fc.assert(
      fc.property(randomSides, (sides) => {
        for (const { date, upstream, local } of okDays(sides))
          expect(measured(upstream.toReversed(), local.toReversed(), date, sides.keys)).toEqual(
            measured(upstream, local, date, sides.keys),
          );
      }),
      seeded(100),
    );
  });
});
