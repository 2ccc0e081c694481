// The result's members as section 12 of the contract names them.
import type { Calibration, KeyCalibration } from "../engine/calibration.ts";
import type { Completeness } from "../engine/history.ts";
import type { DayMeasure, SumsByKey } from "../engine/measure-day.ts";
import { datasetRatio, metricsOf } from "../engine/metrics.ts";
import type { Release } from "../engine/release.ts";
import type { GateRecord } from "../engine/replay-gate.ts";
import type { NormalisationCounts, Sums } from "../model.ts";

export const normalisationMember = (counts: NormalisationCounts): object => ({
  rows: counts.rows,
  invalid_rows: counts.invalidRows,
  out_of_window_rows: counts.outOfWindowRows,
  invalid_values: counts.invalidValues,
  duplicate_rows: counts.duplicateRows,
});

/** All metrics of section 4, and the sums they can be pooled by. */
function metricsMember(sums: Sums): object {
  const metrics = metricsOf(sums);
  return {
    n_cells: sums.nCells,
    n_paired: sums.nPaired,
    n_exact: sums.nExact,
    n_equal: sums.nEqual,
    n_missing_local: sums.nMissingLocal,
    n_missing_upstream: sums.nMissingUpstream,
    exact_ratio: metrics.exactRatio,
    exact_ratio_paired: metrics.exactRatioPaired,
    coverage: metrics.coverage,
    mae: metrics.mae,
    bias: metrics.bias,
    mape: metrics.mape,
    n_mape: sums.nMape,
    wape: metrics.wape,
    sign_mismatch: sums.signMismatch,
    sum_abs_error: finite(sums.sumAbsError),
    sum_error: finite(sums.sumError),
    sum_abs_upstream: finite(sums.sumAbsUpstream),
    sum_ape: finite(sums.sumApe),
  };
}

/** JSON has no number for a sum beyond the doubles. */
const finite = (sum: number): number | null => (Number.isFinite(sum) ? sum : null);

export const metricsOfDays = (days: readonly DayMeasure[]): object[] =>
  days
    .filter(({ status }) => status === "ok")
    .flatMap(({ date, sums }) => Object.entries(sums).map(([key, ofKey]) => ({ date, key, ...metricsMember(ofKey) })));

export const pooledMember = (sums: SumsByKey): object[] =>
  Object.entries(sums).map(([key, ofKey]) => ({ key, ...metricsMember(ofKey) }));

export const datasetMember = (sums: SumsByKey): object => {
  const { nCells, nExact, numericExactRatio } = datasetRatio(Object.values(sums));
  return { n_cells: nCells, n_exact: nExact, numeric_exact_ratio: numericExactRatio };
};

export const datasetDays = (days: readonly DayMeasure[]): object[] =>
  days.map(({ date, status, sums }) => ({ date, status, ...datasetMember(sums) }));

export const completenessMember = (found: Completeness): object => ({
  nm_total: found.nmTotal,
  nm_continuous: found.nmContinuous,
  pct_nm_continuous: found.pctNmContinuous,
  days_total: found.daysTotal,
  days_whole: found.daysWhole,
  pct_days_without_holes: found.pctDaysWithoutHoles,
  expected_cells: found.expectedCells,
  holes: found.holes,
  fill_ratio: found.fillRatio,
  longest_gap_days: found.longestGapDays,
});

export const gateMember = (records: readonly GateRecord[]): object[] =>
  records.map((record) => ({
    date: record.date,
    status: record.status,
    verdict: record.verdict,
    numeric_exact_ratio: record.numericExactRatio,
    window_days: record.windowDays,
    tiers: record.tiers,
    needed_streak: record.neededStreak,
    state: record.state,
    switched: record.switched,
    reason: record.reason,
    pass_streak: record.passStreak,
    hold_streak: record.holdStreak,
  }));

function comparedMember(sums: Sums | undefined): object {
  if (sums === undefined) return { exact_ratio: null, wape: null, mae: null, n_paired: 0 };
  const { exactRatio, wape, mae } = metricsOf(sums);
  return { exact_ratio: exactRatio, wape, mae, n_paired: sums.nPaired };
}

const comparedByKey = (sums: SumsByKey): object =>
  Object.fromEntries(Object.entries(sums).map(([key, ofKey]) => [key, comparedMember(ofKey)]));

export const calibrationMember = (found: Calibration): object => ({
  train: found.train,
  holdout: found.holdout,
  accepted: found.accepted,
  coefficients: Object.fromEntries([...found.coefficients].map(([key, ofNmIds]) => [key, Object.fromEntries(ofNmIds)])),
  combined: Object.fromEntries(
    Object.entries(found.combined.before).map(([key, before]) => [
      key,
      { before: comparedMember(before), after: comparedMember(found.combined.after[key]) },
    ]),
  ),
  keys: Object.fromEntries(Object.entries(found.keys).map(([key, ofKey]) => [key, keyMember(ofKey)])),
});

const keyMember = (found: KeyCalibration): object => ({
  verdict: found.verdict,
  reason: found.reason,
  before: comparedMember(found.before),
  after: comparedMember(found.after),
  better_days: found.betterDays,
  days: found.days,
  changed_cells: found.changedCells,
  groups: found.groups,
});

export const releaseMember = (release: Release, baseline: SumsByKey, candidate: SumsByKey): object => ({
  verdict: release.verdict,
  reason: release.reason,
  improved_count: release.improvedCount,
  status: release.status,
  baseline: comparedByKey(baseline),
  candidate: comparedByKey(candidate),
});
