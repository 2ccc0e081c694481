// Frozen days of both sides that may be held against each other, as one pair of tables.
import { daysBetween, daysOf } from "../../../machines/dataset/days.ts";
import type { Side } from "../../../machines/dataset/gate.ts";
import { comparedSlice } from "../daily/compared.ts";
import type { FrozenSlice, FrozenSlices, Scope } from "../daily/ports.ts";
import { type RowTable, tableOf } from "../engine/row-table.ts";
import type { Catalogue, CatalogueEntry, DayWindow, Row } from "../model.ts";
import { isAsOfSkewed } from "../ports.ts";

export interface ComparedDays {
  readonly upstream: RowTable;
  readonly local: RowTable;
  /** Category and brand as the slices name them, the newest word first; our own side's before the other's. */
  readonly catalogue: Catalogue;
  /** What was read: side, day, version and seal, a line each. */
  readonly evidence: readonly string[];
}

/** Days with a side that is missing, filled in later, or received too far from the other have nothing to say. */
export async function readComparedDays(
  slices: FrozenSlices,
  scope: Scope,
  window: DayWindow,
  keyCount: number,
): Promise<ComparedDays> {
  const rows: Record<Side, Row[]> = { upstream: [], local: [] };
  const goods: Record<Side, Map<number, CatalogueEntry>> = { upstream: new Map(), local: new Map() };
  const evidence: string[] = [];
  if (daysBetween(window.from, window.to) >= 0)
    for (const day of daysOf(window)) {
      const [upstream, local] = await Promise.all([
        comparedSlice(slices, scope, "upstream", day),
        comparedSlice(slices, scope, "local", day),
      ]);
      if (upstream === null || local === null || isAsOfSkewed(upstream, local)) continue;
      for (const [side, slice] of [
        ["upstream", upstream],
        ["local", local],
      ] as const) {
        for (const row of slice.rows) rows[side].push(row);
        takeGoods(goods[side], slice);
        evidence.push(`${side} ${day} ${slice.version} ${slice.seal}`);
      }
    }
  return {
    upstream: tableOf(rows.upstream, keyCount),
    local: tableOf(rows.local, keyCount),
    catalogue: new Map([...goods.upstream, ...goods.local]),
    evidence,
  };
}

function takeGoods(goods: Map<number, CatalogueEntry>, slice: FrozenSlice): void {
  for (const [nmId, { category, brand }] of slice.goods ?? [])
    goods.set(nmId, { nmId, category, brand, firstSeen: null, retiredAt: null });
}
