// Coefficients of groups, from wide to narrow (contract 8.4): a group with few or scattered samples leans on its parent.
import type { CalibrationSettings } from "./calibration-settings.ts";
import { round } from "./rounding.ts";
import { type GroupTree, NO_SAMPLES, poolSamples, type Samples } from "./samples.ts";

export type GroupLevel = "global" | "category" | "category_brand" | "nm_id";

export interface Group {
  readonly level: GroupLevel;
  /** `*`, a category, `category|brand` or an nm_id. */
  readonly group: string;
  readonly n: number;
  /** Distinct days among the samples. */
  readonly days: number;
  /** Before deadband and rounding. */
  readonly coef: number;
}

export interface Fit {
  readonly groups: readonly Group[];
  /** By nm_id; those that are 1 are left out. */
  readonly coefficients: ReadonlyMap<number, number>;
}

/** Of a coefficient. */
const DECIMALS = 6;

export function fitKey(tree: GroupTree, byNmId: ReadonlyMap<number, Samples>, settings: CalibrationSettings): Fit {
  const byLevel: Record<GroupLevel, Group[]> = { global: [], category: [], category_brand: [], nm_id: [] };
  const coefficients = new Map<number, number>();
  const fitGroup = (level: GroupLevel, group: string, samples: Samples, parent: number): number => {
    const days = new Set(samples.days).size;
    const coef = coefficientOf(samples, days, parent, settings);
    byLevel[level].push({ level, group, n: samples.ratios.length, days, coef });
    return coef;
  };

  const global = fitGroup("global", "*", poolSamples([...byNmId.values()]), 1);
  for (const { category, brands } of tree) {
    const ofBrands = brands.map(({ brand, nmIds }) => ({
      ...{ brand, nmIds },
      samples: poolSamples(nmIds.map((nmId) => byNmId.get(nmId) ?? NO_SAMPLES)),
    }));
    const ofCategory = fitGroup("category", category, poolSamples(ofBrands.map(({ samples }) => samples)), global);
    for (const { brand, nmIds, samples } of ofBrands) {
      const ofBrand = fitGroup("category_brand", `${category}|${brand}`, samples, ofCategory);
      for (const nmId of nmIds) {
        const coef = applied(fitGroup("nm_id", String(nmId), byNmId.get(nmId) ?? NO_SAMPLES, ofBrand), settings);
        if (coef !== 1) coefficients.set(nmId, coef);
      }
    }
  }
  return {
    groups: [...byLevel.global, ...byLevel.category, ...byLevel.category_brand, ...byLevel.nm_id],
    coefficients,
  };
}

const applied = (coef: number, { deadband }: CalibrationSettings): number =>
  Math.abs(coef - 1) < deadband ? 1 : round(coef, DECIMALS);

function coefficientOf(
  { ratios, exact }: Samples,
  days: number,
  parent: number,
  { minSupport, minDistinctDays, tau, noharmExactShare, clip }: CalibrationSettings,
): number {
  const n = ratios.length;
  if (n === 0 || n < minSupport || days < minDistinctDays) return parent;
  if (exact / n >= noharmExactShare) return clipped(1, clip);
  const middle = median(ratios);
  const spread = SPREAD_OF_NORMAL * median(ratios.map((ratio) => Math.abs(ratio - middle)));
  const weight = spread === 0 ? 1 : (n * tau ** 2) / (n * tau ** 2 + spread ** 2);
  return clipped(weight * middle + (1 - weight) * parent, clip);
}

/** Of a normal distribution: its standard deviation for one median absolute deviation. */
const SPREAD_OF_NORMAL = 1.4826;

const clipped = (coef: number, [low, high]: readonly [number, number]): number => Math.min(Math.max(coef, low), high);

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >>> 1;
  const upper = sorted[half] ?? Number.NaN;
  // Halves are added: the sum of two large values may be no number any more.
  return sorted.length % 2 === 1 ? upper : (sorted[half - 1] ?? Number.NaN) / 2 + upper / 2;
}
