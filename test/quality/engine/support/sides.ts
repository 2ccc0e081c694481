// Small tables of rows, written by hand or at random.
import fc from "fast-check";
import { addDays } from "../../../../machines/dataset/days.ts";
import { measureDay, type Sides } from "../../../../src/quality/engine/measure-day.ts";
import { type RowTable, tableOf } from "../../../../src/quality/engine/row-table.ts";
import type { KeySettings, KeyTable, Sums } from "../../../../src/quality/model.ts";

export const DAY = "2026-03-10";

export const keySettings = (changes: Partial<KeySettings> = {}): KeySettings => ({
  absTol: 0.01,
  relTol: 0.01,
  missingAsZero: false,
  decimals: 2,
  critical: true,
  green: { exactMin: 0.9 },
  yellow: { exactMin: 0.8 },
  ...changes,
});

/** Days, nm_ids and one value for each key. */
export type Line = readonly [date: string, nmId: number, ...values: (number | null)[]];

export const side = (lines: readonly Line[], keyCount = 1): RowTable =>
  tableOf(
    lines.map(([date, nmId, ...values]) => ({ date, nmId, values })),
    keyCount,
  );

/** One key, one day: pairs of upstream's and local's value, nm_ids from 1; undefined: no row. */
export function sumsOf(
  pairs: readonly (readonly [number | null | undefined, number | null | undefined])[],
  changes: Partial<KeySettings> = {},
): Sums {
  const lines = (which: 0 | 1): Line[] =>
    pairs.flatMap((pair, index) => {
      const value = pair[which];
      return value === undefined ? [] : [[DAY, index + 1, value] as const];
    });
  const measured = measureDay(
    { upstream: side(lines(0)), local: side(lines(1)), keys: { k: keySettings(changes) } },
    DAY,
  );
  if (measured.status !== "ok" || !measured.sums.k) throw new Error(`the day is ${measured.status}`);
  return measured.sums.k;
}

export interface RandomSides extends Sides {
  readonly dates: readonly string[];
}

const KEYS: KeyTable = { plain: keySettings(), spent: keySettings({ missingAsZero: true, absTol: 0, relTol: 0.1 }) };

/** Few days and nm_ids, so that they meet; zeros, gaps, signs and values near each other. */
export const randomSides: fc.Arbitrary<RandomSides> = fc.integer({ min: 1, max: 4 }).chain((length) => {
  const dates = Array.from({ length }, (_, i) => addDays(DAY, i));
  const value = fc.oneof(
    fc.constantFrom(null, 0, 1, -1, 0.01, 100, 101, 100.99),
    fc.double({ min: -1_000, max: 1_000, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  );
  const row = fc.tuple(fc.constantFrom(...dates), fc.integer({ min: 1, max: 8 }), value, value);
  const table = fc
    .uniqueArray(row, { maxLength: 20, selector: ([date, nmId]) => `${date} ${nmId}` })
    .map((rows) => side(rows, 2));
  return fc.record({ upstream: table, local: table, dates: fc.constant(dates), keys: fc.constant(KEYS) });
});
