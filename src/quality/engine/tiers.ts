// How good a key is (contract, section 6).
import type { KeySettings, KeyTable, Limits, Metrics, Sums, Tier } from "../model.ts";
import { metricsOf } from "./metrics.ts";

export function tierOf(sums: Sums, { green, yellow }: Pick<KeySettings, "green" | "yellow">): Tier {
  if (sums.nCells === 0) return "none";
  const metrics = metricsOf(sums);
  if (holds(green, metrics)) return "green";
  return holds(yellow, metrics) ? "yellow" : "red";
}

export const tiersOf = (sums: Readonly<Record<string, Sums>>, keys: KeyTable): Readonly<Record<string, Tier>> =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([key, settings]) => {
      const ofKey = sums[key];
      return ofKey ? [[key, tierOf(ofKey, settings)]] : [];
    }),
  );

const holds = (limits: Limits, metrics: Metrics): boolean =>
  atLeast(metrics.exactRatio, limits.exactMin) &&
  atLeast(metrics.coverage, limits.coverageMin) &&
  atMost(metrics.wape, limits.wapeMax) &&
  atMost(metrics.mape, limits.mapeMax) &&
  atMost(metrics.mae, limits.maeMax);

/** An undefined metric fails; a limit that is not given does not. */
const atLeast = (metric: number | null, limit: number | undefined): boolean =>
  limit === undefined || (metric !== null && metric >= limit);
const atMost = (metric: number | null, limit: number | undefined): boolean =>
  limit === undefined || (metric !== null && metric <= limit);

/** A limit of green that yellow is stricter than. @returns the limit's name; null: none */
export function looserThanYellow({ green, yellow }: Pick<KeySettings, "green" | "yellow">): keyof Limits | null {
  const isLooser: Readonly<Record<keyof Limits, (green: number, yellow: number) => boolean>> = {
    exactMin: (g, y) => g < y,
    coverageMin: (g, y) => g < y,
    wapeMax: (g, y) => g > y,
    mapeMax: (g, y) => g > y,
    maeMax: (g, y) => g > y,
  };
  for (const name of Object.keys(isLooser) as (keyof Limits)[]) {
    const [g, y] = [green[name], yellow[name]];
    if (g !== undefined && y !== undefined && isLooser[name](g, y)) return name;
  }
  return null;
}
