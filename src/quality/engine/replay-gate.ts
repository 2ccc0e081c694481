// The gate's decisions over many days in order (contract, section 7): what the machine `dataset` does one day at a time.
import { addDays } from "../../../machines/dataset/days.ts";
import {
  type Day,
  type DayStatus,
  firstState,
  type GateReason,
  type GateSettings,
  gateStep,
  type JudgedDay,
  type Side,
} from "../../../machines/dataset/gate.ts";
import type { KeyTable } from "../model.ts";
import { completenessOf, type History } from "./history.ts";
import { type Evaluated, type Judgement, judgeDay } from "./judge-day.ts";
import type { DayMeasure } from "./measure-day.ts";

/** A day's record (7.7); state and streaks are those after the day. */
export interface GateRecord extends Judgement {
  readonly date: Day;
  readonly status: DayStatus;
  /** null when the day began with `local`. */
  readonly neededStreak: number | null;
  readonly state: Side;
  readonly switched: boolean;
  readonly reason: GateReason | null;
  readonly passStreak: number;
  readonly holdStreak: number;
}

/** @param days every day of the range, in order */
export function replayGate(
  days: readonly DayMeasure[],
  keys: KeyTable,
  history: History,
  settings: GateSettings,
): GateRecord[] {
  const [first] = days;
  if (!first) return [];
  const evaluated = { days: new Map(days.map((day) => [day.date, day])), from: first.date, keys, settings };
  let state = firstState(settings);
  return days.map((day) => {
    const judged = evaluateDay(day, evaluated, history);
    const { verdict, numericExactRatio, windowDays, tiers } = judged;
    const outcome = gateStep(state, judged, settings);
    state = outcome.state;
    const { neededStreak, switched, reason } = outcome;
    const { side, passStreak, holdStreak } = state;
    return {
      ...{ date: day.date, status: day.status, verdict, numericExactRatio, windowDays, tiers, neededStreak },
      ...{ state: side, switched, reason, passStreak, holdStreak },
    };
  });
}

/**
 * All that the gate wants to know of a day: its verdict, and the completeness that entering `local` depends on.
 * @param evaluated.settings with `requireCompleteness`, whose days end with this one
 * @param history of all local rows at hand, from `evaluated.from` on or earlier
 */
export function evaluateDay(
  { date, status }: Pick<DayMeasure, "date" | "status">,
  evaluated: Evaluated & { readonly settings: Pick<GateSettings, "requireCompleteness"> },
  history: History,
): JudgedDay & Judgement {
  const judgement = judgeDay(date, evaluated);
  const rule = evaluated.settings.requireCompleteness;
  // Only a day that passes can switch to `local`.
  if (rule === null || judgement.verdict !== "pass") return { date, status, completeness: null, ...judgement };
  const start = addDays(date, 1 - rule.days);
  const from = start < evaluated.from ? evaluated.from : start;
  return { date, status, completeness: completenessOf(history, { from, to: date }), ...judgement };
}
