// A day of both sides, compared (contract, sections 3 and 4).
import { dayNumber } from "../../../machines/dataset/days.ts";
import type { Day, DayStatus } from "../../../machines/dataset/gate.ts";
import type { KeyTable, Sums } from "../model.ts";
import { type RowTable, spanOf, valueAt } from "./row-table.ts";
import { addCell, emptySums, poolSums } from "./sums.ts";

export type SumsByKey = Readonly<Record<string, Sums>>;

/** Plain JSON: it can be stored, and pooled later with other days. */
export interface DayMeasure {
  readonly date: Day;
  readonly status: DayStatus;
  /** Both sides were received too far apart to be held against each other: such a day is shown, and decides nothing. */
  readonly asofSkew: boolean;
  /** nm_ids on either side; 0 unless the day is `ok`. */
  readonly rows: number;
  /** Of every key; all 0 unless the day is `ok`. */
  readonly sums: SumsByKey;
}

/** What is compared. The values of both tables stand in the order of `keys`. */
export interface Sides {
  readonly upstream: RowTable;
  readonly local: RowTable;
  readonly keys: KeyTable;
}

export function measureDay({ upstream, local, keys }: Sides, date: Day, { asofSkew = false } = {}): DayMeasure {
  const day = dayNumber(date);
  const status = statusOf(upstream, local, day);
  const cells = Object.values(keys).map((settings) => ({ settings, sums: emptySums() }));
  let rows = 0;
  if (status === "ok")
    forEachPair(upstream, local, day, (upstreamRow, localRow) => {
      rows += 1;
      for (let key = 0; key < cells.length; key++) {
        const cell = cells[key];
        if (cell) addCell(cell.sums, valueAt(upstream, upstreamRow, key), valueAt(local, localRow, key), cell.settings);
      }
    });
  const names = Object.keys(keys);
  const sums = Object.fromEntries(cells.map((cell, key) => [names[key] ?? "", cell.sums]));
  return { date, status, asofSkew, rows, sums };
}

export function statusOf(upstream: RowTable, local: RowTable, day: number): DayStatus {
  const hasUpstream = upstream.spans.has(day);
  const hasLocal = local.spans.has(day);
  if (hasUpstream) return hasLocal ? "ok" : "local_missing";
  return hasLocal ? "upstream_missing" : "both_missing";
}

/** Every nm_id of a day on either side, in ascending order. @param visit rows are -1 where a side has none */
export function forEachPair(
  upstream: RowTable,
  local: RowTable,
  day: number,
  visit: (upstreamRow: number, localRow: number, nmId: number) => void,
): void {
  const upstreamSpan = spanOf(upstream, day);
  const localSpan = spanOf(local, day);
  let [u, l] = [upstreamSpan.start, localSpan.start];
  while (u < upstreamSpan.end || l < localSpan.end) {
    const upstreamId = u < upstreamSpan.end ? (upstream.nmIds[u] ?? 0) : Number.POSITIVE_INFINITY;
    const localId = l < localSpan.end ? (local.nmIds[l] ?? 0) : Number.POSITIVE_INFINITY;
    if (upstreamId < localId) visit(u++, -1, upstreamId);
    else if (localId < upstreamId) visit(-1, l++, localId);
    else visit(u++, l++, localId);
  }
}

/** Several days, or several customers on a day. Days that are not `ok` have nothing to add. */
export const poolDays = (days: readonly Pick<DayMeasure, "sums">[], keys: KeyTable): SumsByKey =>
  Object.fromEntries(
    Object.keys(keys).map((key) => [
      key,
      poolSums(days.flatMap(({ sums }) => (Object.hasOwn(sums, key) ? [sums[key] ?? emptySums()] : []))),
    ]),
  );
