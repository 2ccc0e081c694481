import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayNumber } from "../../../machines/dataset/days.ts";
import { calibrate } from "../../../src/quality/engine/apply.ts";
import { evaluateCalibration } from "../../../src/quality/engine/calibration.ts";
import {
  CALIBRATION_DEFAULTS,
  type CalibrationSettings,
  splitByTime,
} from "../../../src/quality/engine/calibration-settings.ts";
import { round } from "../../../src/quality/engine/rounding.ts";
import type { Catalogue, KeyTable } from "../../../src/quality/model.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { keySettings, type Line, side } from "./support/sides.ts";

const AS_OF = "2026-03-28";
const SETTINGS: CalibrationSettings = {
  ...CALIBRATION_DEFAULTS,
  ...{ keys: ["k"], guardKeys: [], minHoldoutCells: 10, minHoldoutDays: 3, minSupport: 4, minDistinctDays: 2 },
};
const keys: KeyTable = { k: keySettings() };
const DATES = Array.from({ length: 28 }, (_, i) => addDays(AS_OF, i - 27));
const NM_IDS = [1, 2, 3, 4];

const cells = (value: (date: string, nmId: number, index: number) => number | null): Line[] =>
  DATES.flatMap((date, index) => NM_IDS.map((nmId) => [date, nmId, value(date, nmId, index)] as const));

function fitted(
  upstream: Line[],
  local: Line[],
  changes: Partial<CalibrationSettings> = {},
  catalogue: Catalogue | null = null,
) {
  const settings = { ...SETTINGS, ...changes };
  const found = evaluateCalibration({
    upstream: side(upstream),
    local: side(local),
    keys,
    catalogue,
    asOf: AS_OF,
    settings,
  });
  if (!found.keys.k) throw new Error("the key is missing");
  return { ...found, k: found.keys.k };
}
const coefsOf = ({ k }: ReturnType<typeof fitted>) =>
  Object.fromEntries(k.groups.map(({ level, group, coef }) => [`${level} ${group}`, coef]));

describe("8 fitting", () => {
  it("8.1 fits to days before the holdout only", () => {
    expect(splitByTime(AS_OF, CALIBRATION_DEFAULTS)).toEqual({
      train: { from: "2026-03-01", to: "2026-03-21" },
      holdout: { from: "2026-03-22", to: "2026-03-28" },
    });
    const upstream = cells((_, nmId, index) => (index < 21 ? 110 * nmId : 1));
    const { k } = fitted(
      upstream,
      cells((_, nmId) => 100 * nmId),
    );
    expect(k.groups[0]).toEqual({ level: "global", group: "*", n: 84, days: 21, coef: expect.closeTo(1.1, 12) });
  });

  it("8.2 and 8.4.1 have groups from wide to narrow; one with few samples takes its parent's", () => {
    const entry = (nmId: number, category: string, brand: string) =>
      [nmId, { nmId, category, brand, firstSeen: null, retiredAt: null }] as const;
    const catalogue = new Map([entry(1, "A", "x"), entry(2, "A", "y"), entry(3, "", "x"), entry(9, "B", "")]);
    const upstream = cells((_, nmId) => (nmId === 1 ? 120 : 110));
    const found = fitted(
      upstream,
      cells(() => 100),
      { minSupport: 30 },
      catalogue,
    );
    expect(found.k.groups.map(({ level, group, n }) => `${level} ${group} ${n}`)).toEqual([
      ...["global * 84", "category A 42", "category B 0", "category unknown 42"],
      ...["category_brand A|x 21", "category_brand A|y 21", "category_brand B|unknown 0"],
      ...["category_brand unknown|unknown 21", "category_brand unknown|x 21"],
      ...["nm_id 1 21", "nm_id 2 21", "nm_id 9 0", "nm_id 4 21", "nm_id 3 21"],
    ]);
    const coefs = coefsOf(found);
    expect(coefs["category B"]).toBe(coefs["global *"]);
    expect(coefs["nm_id 1"]).toBe(coefs["category A"]);
    expect(coefs["category A"]).toBeGreaterThan(1.1);
  });

  it("8.3 takes pairs alone whose values are not 0", () => {
    const upstream = cells((_, nmId) => [null, 0, 110, 110][nmId - 1] ?? null);
    const local = cells((_, nmId) => [100, 100, 0, 100][nmId - 1] ?? null);
    expect(fitted(upstream, local).k.groups[0]).toMatchObject({ n: 21, coef: 1.1 });
  });

  it("8.4.2 and 8.4.3 shrink to the parent by the spread of the ratios", () => {
    // Half of 1.2, half of 1.4: median 1.3, deviations 0.1, spread 0.14826, n = 84.
    const upstream = cells((_, nmId) => (nmId <= 2 ? 120 : 140));
    const { "global *": global, "nm_id 1": narrow } = coefsOf(
      fitted(
        upstream,
        cells(() => 100),
      ),
    );
    const weight = (84 * 0.05 ** 2) / (84 * 0.05 ** 2 + 0.14826 ** 2);
    expect(global).toBeCloseTo(weight * 1.3 + (1 - weight), 12);
    expect(narrow).toBeCloseTo(1.2, 12);
  });

  it("8.4.4 leaves a group alone of which enough is exact", () => {
    const upstream = cells((_, nmId) => (nmId <= 2 ? 100 : 130));
    expect(
      coefsOf(
        fitted(
          upstream,
          cells(() => 100),
        ),
      ),
    ).toMatchObject({ "global *": 1, "nm_id 1": 1, "nm_id 3": 1.3 });
  });

  it("8.4.5 clips, and leaves what is hardly any change", () => {
    expect(
      coefsOf(
        fitted(
          cells(() => 500),
          cells(() => 100),
        ),
      )["nm_id 1"],
    ).toBe(2);
    const hardly = fitted(
      cells(() => 100.4),
      cells(() => 100),
      { noharmExactShare: 2 },
    );
    expect(coefsOf(hardly)["nm_id 1"]).toBeCloseTo(1.004, 12);
    expect(hardly.k).toMatchObject({ verdict: "rejected", reason: "no_change", changedCells: 0 });
  });
});

describe(`8.1 and 8.4 whatever the values are (TEST_SEED=${SEED})`, () => {
  const value = fc.oneof(
    fc.constantFrom(null, 0, 1, -1, 100, 1e-10, 1e-8, 1e300, -1e308, 1.7e308, 5e-324),
    fc.double({ min: -1_000, max: 1_000, noNaN: true }).map((x) => x + 0),
  );
  const row = fc.tuple(fc.constantFrom(...DATES), fc.constantFrom(...NM_IDS), value);
  const table = fc.uniqueArray(row, { maxLength: 60, selector: ([date, nmId]) => `${date} ${nmId}` });
  const lenient = { minSupport: 1, minDistinctDays: 1 };

  it("a coefficient is a number within the clip, and only those of nm_ids are rounded", () => {
    fc.assert(
      fc.property(table, table, (upstream, local) => {
        const { k } = fitted(upstream, local, lenient);
        for (const { coef } of k.groups) expect(coef >= 0.5 && coef <= 2).toBe(true);
        expect(k.groups[0]).toMatchObject({ level: "global", group: "*" });
      }),
      seeded(200),
    );
  });

  it("no day of the holdout has a say in a coefficient, nor has one before the overlap", () => {
    const isTrained = ([date]: Line) => date >= "2026-03-05" && date <= "2026-03-21";
    fc.assert(
      fc.property(table, table, table, (upstream, local, other) => {
        const elsewhere = other.filter((line) => !isTrained(line));
        const changes = { ...lenient, overlapDays: 24 };
        const groups = (lines: readonly Line[]) => fitted([...lines], local, changes).k.groups;
        expect(groups([...upstream.filter(isTrained), ...elsewhere])).toEqual(
          // A day must be `ok` to count: that it is depends on rows of that day alone.
          groups(upstream.filter(isTrained)),
        );
      }),
      seeded(100),
    );
  });

  it("what is accepted has fewer errors than before", () => {
    fc.assert(
      fc.property(table, fc.constantFrom(0.8, 1.25, 1.5), (local, factor) => {
        const upstream = local.map(
          ([date, nmId, l]): Line => [date, nmId, l !== null && Number.isFinite(l * factor) ? l * factor : null],
        );
        const { k, accepted } = fitted(upstream, local, { ...lenient, minHoldoutCells: 1, minHoldoutDays: 1 });
        if (accepted.length === 0) return;
        expect(k.after.sumAbsError).toBeLessThan(k.before.sumAbsError);
        expect(k.after.nCells).toBe(k.before.nCells);
        expect(k.betterDays).toBeGreaterThanOrEqual(0.6 * k.days);
      }),
      seeded(200),
    );
  });
});

describe(`8.5 rounding (TEST_SEED=${SEED})`, () => {
  it.each([
    [0.125, 2, 0.13],
    [-0.125, 2, -0.13],
    [1.005, 2, 1.01],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [-0.001, 2, 0],
    [0, 2, 0],
  ])("%d to %d decimals is %d", (value, decimals, expected) => expect(round(value, decimals)).toBe(expected));

  it("is odd and moves a value by half a step at most", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 4 }),
        (value, decimals) => {
          expect(round(-value, decimals)).toBe(-round(value, decimals) + 0);
          expect(Math.abs(round(value, decimals) - value)).toBeLessThanOrEqual(0.5 / 10 ** decimals + 1e-9);
        },
      ),
      seeded(300),
    );
  });
});

describe(`8.6 applying (TEST_SEED=${SEED})`, () => {
  const NAMES = ["adv_sum", "profit_with_adv", "profit_without_adv"];
  const three: KeyTable = Object.fromEntries(NAMES.map((name) => [name, keySettings()]));
  const applied = (line: readonly (number | null)[], coefs: Readonly<Record<string, number>>) => {
    const table = side([[AS_OF, 1, ...line]], 3);
    const coefficients = new Map(Object.entries(coefs).map(([key, c]) => [key, new Map([[1, c]])]));
    const { values } = calibrate(table, three, coefficients);
    expect([...table.values]).toEqual(line.map((value) => value ?? Number.NaN));
    return [...values];
  };

  it("rounds what it changes, and leaves missing and zero as they are", () => {
    expect(applied([10.111, 5, 15], { adv_sum: 1.1 })).toEqual([11.12, 3.99, 15]);
    expect(applied([0, 5, 15], { adv_sum: 1.1 })).toEqual([0, 5, 15]);
    expect(applied([null, 5, null], { adv_sum: 1.1, profit_without_adv: 2 })).toEqual([Number.NaN, 5, Number.NaN]);
    expect(applied([1.234_5, 5, 15], { adv_sum: 1 })).toEqual([1.2345, 5, 15]);
  });

  it("lets profit_with_adv follow the two it is made of, and never have coefficients of its own", () => {
    expect(applied([10, 90, 100], { profit_without_adv: 1.1, adv_sum: 2, profit_with_adv: 3 })).toEqual([20, 90, 110]);
    expect(applied([10, null, 100], { profit_without_adv: 1.1 })).toEqual([10, Number.NaN, 110]);
    expect(applied([null, 90, 100], { profit_without_adv: 1.1 })).toEqual([Number.NaN, 100, 110]);
  });

  it("keeps profit_with_adv = profit_without_adv - adv_sum", () => {
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 100);
    const coef = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(cents, cents, coef, coef, (spent, profit, ofSpent, ofProfit) => {
        const [adv = 0, withAdv = 0, withoutAdv = 0] = applied([spent, profit - spent, profit], {
          ...{ adv_sum: ofSpent, profit_without_adv: ofProfit },
        });
        expect(withAdv).toBeCloseTo(withoutAdv - adv, 6);
      }),
      seeded(200),
    );
  });
});

describe("8.7 the verdict of a key", () => {
  const off = cells(() => 110);
  const raw = cells(() => 100);

  it("accepts what became better, and reports it applied", () => {
    const { k, accepted, coefficients, combined } = fitted(off, raw);
    expect(k).toMatchObject({ verdict: "accepted", reason: null, betterDays: 7, days: 7, changedCells: 28 });
    expect(accepted).toEqual(["k"]);
    expect(coefficients.get("k")?.get(1)).toBe(1.1);
    expect(combined.before.k?.nExact).toBe(0);
    expect(combined.after.k?.nExact).toBe(28);
  });

  it.each([
    ["insufficient_holdout", off, raw, { minHoldoutCells: 29 }],
    ["insufficient_holdout", off, raw, { minHoldoutDays: 8 }],
    ["no_change", raw, raw, {}],
    // Later days are right as they are: what was learnt makes them worse.
    ["no_gain", cells((_, __, index) => (index < 21 ? 110 : 100)), raw, {}],
    // Three of four were exact, one is large and off by more: the sum of errors falls, exactness is lost.
    [
      "exact_loss",
      cells((_, nmId, index) => (nmId === 4 ? (index < 21 ? 1_100 : 1_200) : index < 21 ? 110 : 101)),
      cells((_, nmId) => (nmId === 4 ? 1_000 : 100)),
      {},
    ],
    // Two days are much better, five a little worse.
    ["unstable", cells((_, __, index) => (index < 21 ? 110 : index < 26 ? 104 : 160)), raw, {}],
  ] as const)("%s", (reason, upstream, local, changes) => {
    const { k, accepted } = fitted([...upstream], [...local], changes);
    expect(k).toMatchObject({ verdict: "rejected", reason });
    expect(accepted).toEqual([]);
  });

  it("takes a gain, and a share of better days, that are just what is asked for", () => {
    // 64 becomes 96 of 128: half of the error is gone, on every day.
    const upstream = cells((_, __, index) => (index < 21 ? 96 : 128));
    const local = cells(() => 64);
    const border = { minWapeGain: 0.5, minBetterDaysShare: 1 };
    expect(fitted(upstream, local, border).k).toMatchObject({ verdict: "accepted", betterDays: 7, days: 7 });
    expect(fitted(upstream, local, { ...border, minWapeGain: 0.51 }).k.reason).toBe("no_gain");
    expect(fitted(upstream, local, { ...border, minBetterDaysShare: 1.01 }).k.reason).toBe("unstable");
  });

  it("guard: one whose error was undefined before is not looked at", () => {
    const two: KeyTable = { adv_sum: keySettings(), profit_with_adv: keySettings() };
    const lines = (spent: number, profit: number): Line[] =>
      cells(() => spent).map(([date, nmId]) => [date, nmId, spent, profit]);
    const found = evaluateCalibration({
      // Nothing was to be there, something is, and more of it after: undefined before and after.
      ...{ upstream: side(lines(80, 0), 2), local: side(lines(100, 5), 2), keys: two, catalogue: null, asOf: AS_OF },
      settings: { ...SETTINGS, keys: ["adv_sum"], guardKeys: ["profit_with_adv"] },
    });
    expect(found.keys.adv_sum).toMatchObject({ verdict: "accepted", reason: null });
    expect(found.combined.after.profit_with_adv?.sumAbsError).toBe(28 * 25);
  });

  it("guard: a key is refused that makes a guard worse", () => {
    const three: KeyTable = { adv_sum: keySettings(), profit_with_adv: keySettings() };
    const lines = (spent: number, profit: number): Line[] =>
      cells(() => spent).map(([date, nmId]) => [date, nmId, spent, profit]);
    const found = evaluateCalibration({
      ...{ upstream: side(lines(110, 100), 2), local: side(lines(100, 100), 2), keys: three },
      ...{ catalogue: null, asOf: AS_OF },
      settings: {
        ...SETTINGS,
        keys: ["adv_sum", "profit_with_adv"],
        guardKeys: ["profit_with_adv", "adv_sum", "none"],
      },
    });
    expect(Object.keys(found.keys)).toEqual(["adv_sum"]);
    expect(found.keys.adv_sum).toMatchObject({ verdict: "rejected", reason: "guard:profit_with_adv" });
    expect(dayNumber(found.holdout.to) - dayNumber(found.holdout.from)).toBe(6);
  });
});
