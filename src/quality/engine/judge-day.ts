// The gate's window and verdict of a day (contract 7.1, 7.2).
import { addDays, daysBetween } from "../../../machines/dataset/days.ts";
import type { Day, GateSettings, Verdict } from "../../../machines/dataset/gate.ts";
import type { KeyTable, Tier } from "../model.ts";
import { type DayMeasure, poolDays, type SumsByKey } from "./measure-day.ts";
import { datasetRatio } from "./metrics.ts";
import { tiersOf } from "./tiers.ts";

export interface Judgement {
  readonly verdict: Verdict;
  /** Over the window; null: no comparison. */
  readonly numericExactRatio: number | null;
  /** Calendar days, ending with the judged one, that were looked at together; null: no comparison. */
  readonly windowDays: number | null;
  /** Of every key over the window; {}: no comparison. */
  readonly tiers: Readonly<Record<string, Tier>>;
}

export type JudgeSettings = Pick<GateSettings, "minRows" | "maxPoolDays" | "enterRatio" | "exitRatio">;

export interface Evaluated {
  /** Days that were measured, the judged one among them. Those that are left out count as days without a comparison. */
  readonly days: ReadonlyMap<Day, DayMeasure>;
  /** First day of the range; what lies before is not looked at. */
  readonly from: Day;
  readonly keys: KeyTable;
  readonly settings: JudgeSettings;
}

const NO_COMPARISON: Judgement = { verdict: "no_data", numericExactRatio: null, windowDays: null, tiers: {} };

export function judgeDay(date: Day, evaluated: Evaluated): Judgement {
  const { days, keys, settings } = evaluated;
  if (!isComparable(days.get(date))) return NO_COMPARISON;
  const windowDays = windowOf(date, evaluated);
  const sums = poolDays(comparableDays(date, windowDays, evaluated), keys);
  const { numericExactRatio } = datasetRatio(Object.values(sums));
  const tiers = tiersOf(sums, keys);
  return { verdict: verdictOf(numericExactRatio, sums, tiers, keys, settings), numericExactRatio, windowDays, tiers };
}

const isComparable = (day: DayMeasure | undefined): day is DayMeasure => day?.status === "ok" && !day.asofSkew;

/** As many days as it takes to have enough rows: a ratio on twenty cells is mostly noise. */
function windowOf(date: Day, { days, from, settings }: Evaluated): number {
  let rows = 0;
  for (let back = 0; back < settings.maxPoolDays; back++) {
    const day = addDays(date, -back);
    if (daysBetween(from, day) < 0) break;
    const measure = days.get(day);
    if (isComparable(measure)) rows += measure.rows;
    if (rows >= settings.minRows) return back + 1;
  }
  return settings.maxPoolDays;
}

function comparableDays(date: Day, windowDays: number, { days, from }: Evaluated): DayMeasure[] {
  const length = Math.min(windowDays, daysBetween(from, date) + 1);
  return Array.from({ length }, (_, back) => days.get(addDays(date, -back))).filter(isComparable);
}

function verdictOf(
  ratio: number | null,
  sums: SumsByKey,
  tiers: Readonly<Record<string, Tier>>,
  keys: KeyTable,
  { enterRatio, exitRatio }: JudgeSettings,
): Verdict {
  const critical = Object.keys(sums).filter((key) => keys[key]?.critical === true);
  if (ratio === null || ratio < exitRatio || critical.some((key) => tiers[key] === "red")) return "fail";
  return ratio >= enterRatio && critical.every((key) => tiers[key] === "green") ? "pass" : "hold";
}
