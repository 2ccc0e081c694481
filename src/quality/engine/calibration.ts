// Whether coefficients have proved themselves on days they were not fitted to (contract 8.7).
import { dayNumber, daysOf } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import type { Catalogue, DayWindow, Metrics, Sums } from "../model.ts";
import { type Coefficients, calibrate, changedCells, DERIVED_KEY } from "./apply.ts";
import { type CalibrationSettings, splitByTime } from "./calibration-settings.ts";
import { type Fit, fitKey, type Group } from "./fit.ts";
import { type DayMeasure, measureDay, poolDays, type Sides, type SumsByKey } from "./measure-day.ts";
import { metricsOf } from "./metrics.ts";
import { type RowTable, rowsBetween, spanOf } from "./row-table.ts";
import { collectSamples, groupTree } from "./samples.ts";
import { emptySums } from "./sums.ts";

export type RejectionReason =
  | "insufficient_holdout"
  | "no_change"
  | "no_gain"
  | "exact_loss"
  | "unstable"
  | `guard:${string}`;

export interface KeyCalibration {
  readonly verdict: "accepted" | "rejected";
  /** null: accepted. */
  readonly reason: RejectionReason | null;
  /** The key's own, over the holdout. */
  readonly before: Sums;
  readonly after: Sums;
  /** Holdout days on which the error fell, of those with a pair. */
  readonly betterDays: number;
  readonly days: number;
  readonly changedCells: number;
  readonly groups: readonly Group[];
}

export interface Calibration {
  readonly train: DayWindow;
  readonly holdout: DayWindow;
  readonly keys: Readonly<Record<string, KeyCalibration>>;
  readonly accepted: readonly string[];
  /** Of accepted keys. */
  readonly coefficients: Coefficients;
  /** Of all keys over the holdout, with the accepted keys applied together. */
  readonly combined: { readonly before: SumsByKey; readonly after: SumsByKey };
}

export interface CalibrationInput extends Sides {
  readonly catalogue: Catalogue | null;
  /** The last frozen day. */
  readonly asOf: Day;
  readonly settings: CalibrationSettings;
}

/** Keys that the dataset does not have are left out, and so is the derived one. */
export function evaluateCalibration(input: CalibrationInput): Calibration {
  const { upstream, local, keys, catalogue, asOf, settings } = input;
  const { train, holdout } = splitByTime(asOf, settings);
  const trainDays = daysOf(train).map(dayNumber);
  const tree = groupTree(local, catalogue);
  const trial = makeTrial(input, holdout);
  const places = Object.keys(keys);
  const fits = new Map<string, Fit>();
  const judged = Object.fromEntries(
    [...new Set(settings.keys)].sort().flatMap((name): [string, KeyCalibration][] => {
      const key = places.indexOf(name);
      const keySettings = keys[name];
      if (key < 0 || keySettings === undefined || name === DERIVED_KEY) return [];
      const fit = fitKey(tree, collectSamples({ upstream, local }, trainDays, key, keySettings), settings);
      fits.set(name, fit);
      return [[name, judgeKey(name, trial, trial.apply(new Map([[name, fit.coefficients]])), fit, settings)]];
    }),
  );
  const accepted = Object.keys(judged).filter((name) => judged[name]?.verdict === "accepted");
  const coefficients = new Map(accepted.map((name) => [name, fits.get(name)?.coefficients ?? new Map()]));
  const combined = { before: trial.before.pooled, after: trial.apply(coefficients).pooled };
  return { train, holdout, keys: judged, accepted, coefficients, combined };
}

/** The holdout with one set of local values. */
interface Outcome {
  /** The `ok` days. */
  readonly days: readonly DayMeasure[];
  readonly pooled: SumsByKey;
  /** How many cells of a key are others than before. */
  changed(key: string): number;
}

interface Trial {
  readonly before: Outcome;
  apply(coefficients: Coefficients): Outcome;
}

function makeTrial({ upstream, local, keys }: Sides, holdout: DayWindow): Trial {
  const [from, to] = [dayNumber(holdout.from), dayNumber(holdout.to)];
  const raw = { upstream: rowsBetween(upstream, from, to), local: rowsBetween(local, from, to) };
  const names = Object.keys(keys);
  const outcomeOf = (calibrated: RowTable): Outcome => {
    const sides = { upstream: raw.upstream, local: calibrated, keys };
    const days = daysOf(holdout)
      .map((day) => measureDay(sides, day))
      .filter(({ status }) => status === "ok");
    const changedOn = ({ date }: DayMeasure, key: string): number => {
      const { start, end } = spanOf(raw.local, dayNumber(date));
      return changedCells(raw.local, calibrated, names.indexOf(key), start, end);
    };
    return {
      days,
      pooled: poolDays(days, keys),
      changed: (key) => days.reduce((sum, day) => sum + changedOn(day, key), 0),
    };
  };
  return {
    before: outcomeOf(raw.local),
    apply: (coefficients) => outcomeOf(calibrate(raw.local, keys, coefficients)),
  };
}

/** Differences of shares of error that are none. */
const TINY = 1e-12;

function judgeKey(
  name: string,
  { before }: Trial,
  after: Outcome,
  { groups }: Fit,
  settings: CalibrationSettings,
): KeyCalibration {
  const stability = stabilityOf(name, before, after);
  const changed = after.changed(name);
  const reason = rejectionOf(name, before, after, { ...stability, changed }, settings);
  return {
    verdict: reason === null ? "accepted" : "rejected",
    reason,
    before: sumsOf(before.pooled, name),
    after: sumsOf(after.pooled, name),
    ...stability,
    changedCells: changed,
    groups,
  };
}

interface Found {
  readonly betterDays: number;
  readonly days: number;
  readonly changed: number;
}

/** The first rule that applies. */
function rejectionOf(
  name: string,
  before: Outcome,
  after: Outcome,
  { betterDays, days, changed }: Found,
  settings: CalibrationSettings,
): RejectionReason | null {
  const [raw, now] = [metricsIn(before, name), metricsIn(after, name)];
  const { nPaired } = sumsOf(before.pooled, name);
  if (nPaired < settings.minHoldoutCells || before.days.length < settings.minHoldoutDays) return "insufficient_holdout";
  if (changed === 0) return "no_change";
  if (raw.wape === null || now.wape === null || now.wape > raw.wape * (1 - settings.minWapeGain)) return "no_gain";
  if (losesExactness(raw, now, settings)) return "exact_loss";
  if (days === 0 || betterDays / days < settings.minBetterDaysShare) return "unstable";
  const guard = [...new Set(settings.guardKeys)]
    .sort()
    .filter((key) => key !== name && Object.hasOwn(before.pooled, key))
    .find((key) => isHarmed(metricsIn(before, key), metricsIn(after, key), settings));
  return guard === undefined ? null : `guard:${guard}`;
}

function stabilityOf(name: string, before: Outcome, after: Outcome): { betterDays: number; days: number } {
  let [betterDays, days] = [0, 0];
  for (const [index, day] of before.days.entries()) {
    const sums = sumsOf(day.sums, name);
    if (sums.nPaired === 0) continue;
    days += 1;
    const raw = metricsOf(sums).wape;
    const now = metricsOf(sumsOf(after.days[index]?.sums ?? {}, name)).wape;
    if (raw !== null && now !== null && now < raw - TINY) betterDays += 1;
  }
  return { betterDays, days };
}

/** A guard whose error was undefined before cannot have got worse by it. */
function isHarmed(before: Metrics, after: Metrics, settings: CalibrationSettings): boolean {
  const isWorse =
    before.wape !== null && (after.wape === null || after.wape > before.wape * (1 + settings.guardWapeLimit) + TINY);
  return isWorse || losesExactness(before, after, settings);
}

const losesExactness = (before: Metrics, after: Metrics, { maxExactLoss }: CalibrationSettings): boolean =>
  before.exactRatio !== null && after.exactRatio !== null && after.exactRatio < before.exactRatio - maxExactLoss;

const sumsOf = (sums: SumsByKey, key: string): Sums => sums[key] ?? emptySums();
const metricsIn = ({ pooled }: Outcome, key: string): Metrics => metricsOf(sumsOf(pooled, key));
