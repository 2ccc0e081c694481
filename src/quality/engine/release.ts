// Whether a change of local data may go live (contract, section 9).
import type { Metrics } from "../model.ts";
import type { SumsByKey } from "./measure-day.ts";
import { metricsOf } from "./metrics.ts";
import { emptySums } from "./sums.ts";

export interface ReleaseSettings {
  readonly keyMetrics: readonly string[];
  readonly guardKeys: readonly string[];
  /** Key metrics that must improve. */
  readonly minImproved: number;
  readonly exactGain: number;
  readonly wapeGain: number;
  readonly wapeSlack: number;
  readonly exactSlack: number;
  readonly exactLimit: number;
  readonly wapeLimit: number;
}

/** But for `keyMetrics` and `guardKeys`, which are the dataset's. */
export const RELEASE_DEFAULTS: Omit<ReleaseSettings, "keyMetrics" | "guardKeys"> = {
  minImproved: 3,
  exactGain: 0.005,
  wapeGain: 0.05,
  wapeSlack: 0.01,
  exactSlack: 0.002,
  exactLimit: 0.005,
  wapeLimit: 0.02,
};

export type KeyStatus = "improved" | "flat" | "worse";

export interface Release {
  readonly verdict: "allow" | "deny";
  /** null: allowed. */
  readonly reason: `worse:${string}` | "too_few_improved" | null;
  /** Among the key metrics. */
  readonly improvedCount: number;
  /** Of every key. */
  readonly status: Readonly<Record<string, KeyStatus>>;
}

/** @param baseline, candidate of the same keys, each pooled over its own `ok` days of the same range */
export function judgeRelease(baseline: SumsByKey, candidate: SumsByKey, settings: ReleaseSettings): Release {
  const status = Object.fromEntries(
    Object.entries(baseline).map(([key, sums]) => [
      key,
      keyStatus(metricsOf(sums), metricsOf(candidate[key] ?? emptySums()), settings),
    ]),
  );
  const statusOf = (key: string): KeyStatus | undefined => (Object.hasOwn(status, key) ? status[key] : undefined);
  const improvedCount = new Set(settings.keyMetrics.filter((key) => statusOf(key) === "improved")).size;
  const [worse] = [...settings.keyMetrics, ...settings.guardKeys].filter((key) => statusOf(key) === "worse").sort();
  if (worse !== undefined) return { verdict: "deny", reason: `worse:${worse}`, improvedCount, status };
  return improvedCount < settings.minImproved
    ? { verdict: "deny", reason: "too_few_improved", improvedCount, status }
    : { verdict: "allow", reason: null, improvedCount, status };
}

/** What is left of decimals in shares of error. */
const TINY = 1e-12;

/** Also asked every day of a live set of coefficients, with raw local as the baseline: `worse` withdraws it (8.8). */
export function keyStatus(
  baseline: Pick<Metrics, "exactRatio" | "wape">,
  candidate: Pick<Metrics, "exactRatio" | "wape">,
  settings: Omit<ReleaseSettings, "keyMetrics" | "guardKeys" | "minImproved">,
): KeyStatus {
  const gain = (candidate.exactRatio ?? 0) - (baseline.exactRatio ?? 0);
  const was = baseline.wape;
  const is = candidate.wape;
  /** Of the baseline's error, times a factor; what was undefined is no limit. */
  const isWithin = (factor: number): boolean => was === null || (is !== null && is <= was * factor + TINY);

  const isMoreExact = gain >= settings.exactGain && isWithin(1 + settings.wapeSlack);
  const hasErrorFallen = was === null ? is !== null : was > 0 && isWithin(1 - settings.wapeGain);
  if (isMoreExact || (hasErrorFallen && gain >= -settings.exactSlack)) return "improved";
  return gain < -settings.exactLimit || !isWithin(1 + settings.wapeLimit) ? "worse" : "flat";
}
