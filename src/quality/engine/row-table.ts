// One side's rows in columns: an object for each cell would need ten times the memory.
import { dayNumber } from "../../../machines/dataset/days.ts";
import type { Row } from "../model.ts";

/** Rows `start` to `end`, without `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Rows sorted by day, then nm_id; each `(day, nm_id)` once. */
export interface RowTable {
  readonly size: number;
  /** Since 1970-01-01. */
  readonly days: Int32Array;
  readonly nmIds: Float64Array;
  readonly keyCount: number;
  /** Row by row, within a row in the order of the keys; NaN: missing. */
  readonly values: Float64Array;
  /** Where a day's rows stand. */
  readonly spans: ReadonlyMap<number, Span>;
}

const NO_ROWS: Span = { start: 0, end: 0 };

export const spanOf = (table: RowTable, day: number): Span => table.spans.get(day) ?? NO_ROWS;

/** NaN: missing, or no such row (-1). */
export const valueAt = (table: RowTable, row: number, key: number): number =>
  row < 0 ? Number.NaN : (table.values[row * table.keyCount + key] ?? Number.NaN);

/** Rows in any order, as parallel lists. */
export interface RowLists {
  readonly days: readonly number[];
  readonly nmIds: readonly number[];
  /** As in the table. */
  readonly values: readonly number[];
}

export function makeTable({ days, nmIds, values }: RowLists, keyCount: number): RowTable {
  const size = days.length;
  const order = Int32Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => at(days, a) - at(days, b) || at(nmIds, a) - at(nmIds, b),
  );
  const sorted = new Float64Array(size * keyCount);
  for (let row = 0; row < size; row++) {
    const from = at(order, row) * keyCount;
    for (let key = 0; key < keyCount; key++) sorted[row * keyCount + key] = values[from + key] ?? Number.NaN;
  }
  const sortedDays = Int32Array.from(order, (i) => at(days, i));
  return {
    size,
    days: sortedDays,
    nmIds: Float64Array.from(order, (i) => at(nmIds, i)),
    keyCount,
    values: sorted,
    spans: spansOf(sortedDays),
  };
}

/** Of rows that are normalised already; a `(date, nm_id)` twice is not allowed. */
export function tableOf(rows: Iterable<Row>, keyCount: number): RowTable {
  const lists = { days: [] as number[], nmIds: [] as number[], values: [] as number[] };
  for (const { date, nmId, values } of rows) {
    lists.days.push(dayNumber(date));
    lists.nmIds.push(nmId);
    for (let key = 0; key < keyCount; key++) lists.values.push(values[key] ?? Number.NaN);
  }
  return makeTable(lists, keyCount);
}

/** The rows of some days, both ends included; the columns are shared. */
export function rowsBetween(table: RowTable, from: number, to: number): RowTable {
  const start = firstNotBefore(table.days, from);
  const end = Math.max(start, firstNotBefore(table.days, to + 1));
  const days = table.days.subarray(start, end);
  return {
    size: end - start,
    days,
    nmIds: table.nmIds.subarray(start, end),
    keyCount: table.keyCount,
    values: table.values.subarray(start * table.keyCount, end * table.keyCount),
    spans: spansOf(days),
  };
}

function spansOf(days: Int32Array): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (let start = 0; start < days.length; ) {
    const day = at(days, start);
    const end = firstNotBefore(days, day + 1);
    spans.set(day, { start, end });
    start = end;
  }
  return spans;
}

function firstNotBefore(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(days, middle) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of an index that is known to be inside. */
const at = (list: ArrayLike<number>, index: number): number => list[index] as number;
