// Parameters of calibration and release for the service's dataset (contract, sections 8 and 9): the contract's defaults.
import { DERIVED_KEY } from "../engine/apply.ts";
import { CALIBRATION_DEFAULTS, type CalibrationSettings } from "../engine/calibration-settings.ts";
import { RELEASE_DEFAULTS, type ReleaseSettings } from "../engine/release.ts";
import type { KeyTable } from "../model.ts";

const GUARDS = ["adv_sum", "profit_with_adv", "profit_without_adv"] as const;
const KEY_METRICS = ["adv_sum", "stocks_total", "avg_price_with_spp", "profit_with_adv"] as const;

/** Days between two fits. */
export const FIT_EVERY_DAYS = 7;

export const calibrationSettings = (keys: KeyTable): CalibrationSettings => ({
  ...CALIBRATION_DEFAULTS,
  keys: Object.keys(keys).filter((key) => key !== DERIVED_KEY),
  guardKeys: GUARDS,
});

export const releaseSettings: ReleaseSettings = {
  ...RELEASE_DEFAULTS,
  keyMetrics: KEY_METRICS,
  guardKeys: ["profit_without_adv"],
};

/** Before so many days of a scope no key can pass: the holdout, and as many days before it as a group must have. */
export const FIRST_FIT_DAYS = CALIBRATION_DEFAULTS.holdoutDays + CALIBRATION_DEFAULTS.minDistinctDays;
