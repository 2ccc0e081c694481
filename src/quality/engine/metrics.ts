// What sums say (contract, section 4).
import type { Metrics, Sums } from "../model.ts";

/** null when there is nothing to divide by, and when values were so large that the sum is no number any more. */
export const share = (part: number, whole: number): number | null => {
  const quotient = part / whole;
  return whole !== 0 && Number.isFinite(quotient) ? quotient : null;
};

export const metricsOf = (sums: Sums): Metrics => ({
  exactRatio: share(sums.nExact, sums.nCells),
  exactRatioPaired: share(sums.nExact, sums.nPaired),
  coverage: share(sums.nPaired, sums.nCells),
  mae: share(sums.sumAbsError, sums.nPaired),
  bias: share(sums.sumError, sums.nPaired),
  mape: share(sums.sumApe, sums.nMape),
  wape: wapeOf(sums),
});

function wapeOf({ nPaired, sumAbsError, sumAbsUpstream }: Sums): number | null {
  if (nPaired === 0) return null;
  // Nothing was to be there, and nothing is: no error.
  return sumAbsUpstream === 0 && sumAbsError === 0 ? 0 : share(sumAbsError, sumAbsUpstream);
}

export interface DatasetRatio {
  readonly nCells: number;
  readonly nExact: number;
  readonly numericExactRatio: number | null;
}

/** All keys together (4.3). */
export function datasetRatio(ofKeys: Iterable<Sums>): DatasetRatio {
  let [nCells, nExact] = [0, 0];
  for (const sums of ofKeys) {
    nCells += sums.nCells;
    nExact += sums.nExact;
  }
  return { nCells, nExact, numericExactRatio: share(nExact, nCells) };
}
