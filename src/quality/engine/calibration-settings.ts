import { addDays } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import type { DayWindow } from "../model.ts";

/** Parameters of calibration (contract, section 8). */
export interface CalibrationSettings {
  /** Training and holdout together, ending with the day that coefficients are fitted as of. */
  readonly overlapDays: number;
  /** The last of them: never fitted to, only judged on. */
  readonly holdoutDays: number;
  /** Samples a group needs to have a coefficient of its own. */
  readonly minSupport: number;
  /** Days they must lie on. */
  readonly minDistinctDays: number;
  /** Spread of ratios at which a single sample weighs as much as the parent group. */
  readonly tau: number;
  /** A group of which this share is exact already is left alone. */
  readonly noharmExactShare: number;
  /** Coefficients closer to 1 than this are 1. */
  readonly deadband: number;
  /** Smallest and largest coefficient. */
  readonly clip: readonly [number, number];
  readonly minHoldoutCells: number;
  readonly minHoldoutDays: number;
  /** Share of its error that a key must lose. */
  readonly minWapeGain: number;
  readonly maxExactLoss: number;
  readonly minBetterDaysShare: number;
  readonly guardWapeLimit: number;
  readonly keys: readonly string[];
  readonly guardKeys: readonly string[];
}

/** But for `keys` and `guardKeys`, which are the dataset's. */
export const CALIBRATION_DEFAULTS: Omit<CalibrationSettings, "keys" | "guardKeys"> = {
  overlapDays: 28,
  holdoutDays: 7,
  minSupport: 10,
  minDistinctDays: 5,
  tau: 0.05,
  noharmExactShare: 0.5,
  deadband: 0.005,
  clip: [0.5, 2],
  minHoldoutCells: 50,
  minHoldoutDays: 5,
  minWapeGain: 0.05,
  maxExactLoss: 0.002,
  minBetterDaysShare: 0.6,
  guardWapeLimit: 0.01,
};

/** Days to fit to, and the later days to judge on (8.1). */
export function splitByTime(
  asOf: Day,
  { overlapDays, holdoutDays }: Pick<CalibrationSettings, "overlapDays" | "holdoutDays">,
): { readonly train: DayWindow; readonly holdout: DayWindow } {
  return {
    train: { from: addDays(asOf, 1 - overlapDays), to: addDays(asOf, -holdoutDays) },
    holdout: { from: addDays(asOf, 1 - holdoutDays), to: asOf },
  };
}
