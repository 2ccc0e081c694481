// Where the two sides of a day are furthest apart: what a person looks at first.
import { dayNumber } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import { forEachPair } from "../engine/measure-day.ts";
import { type RowTable, tableOf, valueAt } from "../engine/row-table.ts";
import type { KeyTable } from "../model.ts";
import type { FrozenSlices, Scope } from "./ports.ts";

export interface WorstRow {
  readonly nmId: number;
  /** null: missing on that side. */
  readonly upstream: number | null;
  readonly local: number | null;
  /** |l − u|; of a cell that one side misses: the other's size. */
  readonly error: number;
}

/** @returns largest errors first, equal ones by nm_id; null: a side was not frozen. Only cells that are off. */
export async function worstRows(
  slices: Pick<FrozenSlices, "readFrozen">,
  {
    scope,
    day,
    key,
    keys,
    limit,
  }: {
    readonly scope: Scope;
    readonly day: Day;
    readonly key: string;
    readonly keys: KeyTable;
    readonly limit: number;
  },
): Promise<WorstRow[] | null> {
  const [upstream, local] = await Promise.all([
    slices.readFrozen(scope, "upstream", day),
    slices.readFrozen(scope, "local", day),
  ]);
  if (upstream === null || local === null) return null;
  const names = Object.keys(keys);
  const place = names.indexOf(key);
  const isZeroFilled = keys[key]?.missingAsZero ?? false;
  const tables = { upstream: tableOf(upstream.rows, names.length), local: tableOf(local.rows, names.length) };
  const read = (table: RowTable, row: number): number | null => {
    const value = valueAt(table, row, place);
    return Number.isNaN(value) ? (isZeroFilled ? 0 : null) : value;
  };
  const found: WorstRow[] = [];
  forEachPair(tables.upstream, tables.local, dayNumber(day), (upstreamRow, localRow, nmId) => {
    const u = read(tables.upstream, upstreamRow);
    const l = read(tables.local, localRow);
    const error = Math.abs((l ?? 0) - (u ?? 0));
    if (error > 0) found.push({ nmId, upstream: u, local: l, error });
  });
  return found.sort((a, b) => b.error - a.error || a.nmId - b.nmId).slice(0, limit);
}
