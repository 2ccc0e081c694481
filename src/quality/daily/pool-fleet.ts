import type { Day } from "../../../machines/dataset/gate.ts";
import { poolDays } from "../engine/measure-day.ts";
import type { KeyTable } from "../model.ts";
import type { FleetDay, HistoryCounts, ScopeDay } from "./ports.ts";

/** A day over all scopes: everything is added, nothing averaged. Those with an as-of skew count as days without data. */
export function poolFleet(date: Day, said: readonly ScopeDay[], keys: KeyTable): FleetDay {
  const comparable = said.filter(({ status, asofSkew }) => status === "ok" && !asofSkew);
  return {
    date,
    scopes: said.length,
    sums: poolDays(comparable, keys),
    tiers: Object.fromEntries(
      Object.keys(keys).map((key) => [key, countBy(comparable.map(({ tiers }) => tiers[key] ?? "none"))]),
    ),
    skewed: said.filter(({ status, asofSkew }) => status === "ok" && asofSkew).length,
    statuses: countBy(said.map(({ status }) => status)),
    history: said.reduce<HistoryCounts>(
      (sum, { history }) => ({
        nmTotal: sum.nmTotal + history.nmTotal,
        nmContinuous: sum.nmContinuous + history.nmContinuous,
        daysTotal: sum.daysTotal + history.daysTotal,
        daysWhole: sum.daysWhole + history.daysWhole,
      }),
      { nmTotal: 0, nmContinuous: 0, daysTotal: 0, daysWhole: 0 },
    ),
  };
}

function countBy<T extends string>(names: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
