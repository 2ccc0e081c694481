// What coefficients are fitted to: ratios of both sides' values on training days (contract 8.2, 8.3).
import type { Catalogue, KeySettings } from "../model.ts";
import { forEachPair, type Sides, statusOf } from "./measure-day.ts";
import { type RowTable, valueAt } from "./row-table.ts";
import { EPSILON, isExact } from "./sums.ts";

/** Of one key in one group, as parallel lists. */
export interface Samples {
  /** upstream / local */
  readonly ratios: readonly number[];
  /** Since 1970-01-01. */
  readonly days: readonly number[];
  /** How many of them are exact as they are. */
  readonly exact: number;
}

export const NO_SAMPLES: Samples = { ratios: [], days: [], exact: 0 };

type GrowingSamples = { ratios: number[]; days: number[]; exact: number };

export function poolSamples(parts: readonly Samples[]): Samples {
  const pooled: GrowingSamples = { ratios: [], days: [], exact: 0 };
  for (const { ratios, days, exact } of parts) {
    for (const ratio of ratios) pooled.ratios.push(ratio);
    for (const day of days) pooled.days.push(day);
    pooled.exact += exact;
  }
  return pooled;
}

/** Samples of one key by nm_id. @param key the key's place in the tables */
export function collectSamples(
  { upstream, local }: Pick<Sides, "upstream" | "local">,
  days: readonly number[],
  key: number,
  settings: KeySettings,
): ReadonlyMap<number, Samples> {
  const byNmId = new Map<number, GrowingSamples>();
  for (const day of days) {
    if (statusOf(upstream, local, day) !== "ok") continue;
    forEachPair(upstream, local, day, (upstreamRow, localRow, nmId) => {
      const u = valueAt(upstream, upstreamRow, key);
      const l = valueAt(local, localRow, key);
      // Not for what is missing either: no comparison with NaN holds.
      if (!(Math.abs(u) > EPSILON && Math.abs(l) > EPSILON)) return;
      const samples = byNmId.get(nmId) ?? { ratios: [], days: [], exact: 0 };
      byNmId.set(nmId, samples);
      samples.ratios.push(limited(u / l));
      samples.days.push(day);
      if (isExact(u, l, settings)) samples.exact += 1;
    });
  }
  return byNmId;
}

/** A ratio too large for a double is the largest there is: as a coefficient it is clipped anyway. */
const limited = (ratio: number): number => Math.max(-Number.MAX_VALUE, Math.min(ratio, Number.MAX_VALUE));

/** nm_ids of a brand, brands of a category, categories of all: from wide to narrow. */
export type GroupTree = readonly {
  readonly category: string;
  readonly brands: readonly { readonly brand: string; readonly nmIds: readonly number[] }[];
}[];

const UNKNOWN = "unknown";

/** Every nm_id of the catalogue and of local data, each in its place. */
export function groupTree(local: RowTable, catalogue: Catalogue | null): GroupTree {
  const nmIds = Float64Array.from(new Set([...local.nmIds, ...(catalogue?.keys() ?? [])])).sort();
  const categories = new Map<string, Map<string, number[]>>();
  for (const nmId of nmIds) {
    const { category = "", brand = "" } = catalogue?.get(nmId) ?? {};
    const brands = entryOf(categories, category || UNKNOWN, () => new Map<string, number[]>());
    entryOf(brands, brand || UNKNOWN, () => []).push(nmId);
  }
  return inOrder(categories).map(([category, brands]) => ({
    category,
    brands: inOrder(brands).map(([brand, ids]) => ({ brand, nmIds: ids })),
  }));
}

function entryOf<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = make();
  map.set(name, made);
  return made;
}

const inOrder = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
