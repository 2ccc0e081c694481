// From which side a scope is served, decided once per frozen day. Pure: the machine carries it out, `npm run parity:evaluate` replays it.
import { daysBetween } from "./days.ts";

/** A calendar day in Moscow, `YYYY-MM-DD`. */
export type Day = string;
export type Side = "upstream" | "local";
export type DayStatus = "ok" | "local_missing" | "upstream_missing" | "both_missing";
export type Verdict = "pass" | "hold" | "fail" | "no_data";
export type GateReason =
  | "entered"
  | "dwell"
  | "incomplete_history"
  | "fail"
  | "hold"
  | "no_local_data"
  /** Nothing to compare with and nothing to fall back to: `local` is served unverified. */
  | "unverified";

/** Shares of section "Completeness" that history must reach before `local` is served. */
export interface CompletenessRule {
  /** How many days, ending with the evaluated one. */
  readonly days: number;
  readonly pctNmContinuous: number;
  readonly pctDaysWithoutHoles: number;
}

export interface GateSettings {
  readonly initialState: Side;
  readonly enterRatio: number;
  readonly exitRatio: number;
  readonly enterDays: number;
  readonly holdDays: number;
  readonly minDwellDays: number;
  readonly minRows: number;
  readonly maxPoolDays: number;
  readonly maxNoDataDays: number;
  readonly backoffDays: number;
  readonly requireCompleteness: CompletenessRule | null;
}

export const GATE_DEFAULTS: GateSettings = {
  initialState: "upstream",
  enterRatio: 0.9,
  exitRatio: 0.87,
  enterDays: 7,
  holdDays: 3,
  minDwellDays: 3,
  minRows: 200,
  maxPoolDays: 7,
  maxNoDataDays: 2,
  backoffDays: 28,
  requireCompleteness: { days: 14, pctNmContinuous: 0.95, pctDaysWithoutHoles: 0.9 },
};

/** All that the gate remembers between two days. */
export interface GateState {
  readonly side: Side;
  readonly passStreak: number;
  readonly holdStreak: number;
  /** Days in a row without a comparison, in either state. */
  readonly noDataStreak: number;
  readonly lastSwitch: Day | null;
  /** Days of the switches local → upstream that still count for the back-off, oldest first. */
  readonly fallbacks: readonly Day[];
}

/** What was found on a day, before the gate looks at it. */
export interface JudgedDay {
  readonly date: Day;
  readonly status: DayStatus;
  readonly verdict: Verdict;
  /** Shares over the days that `requireCompleteness` asks for; null: unknown. Not read when nothing is required. */
  readonly completeness: {
    readonly pctNmContinuous: number | null;
    readonly pctDaysWithoutHoles: number | null;
  } | null;
}

export interface GateOutcome {
  readonly state: GateState;
  readonly switched: boolean;
  /** Why it switched, or why not although it might have; null: nothing was in question. */
  readonly reason: GateReason | null;
  /** Days in a row that `local` must pass; null when the day began with `local`. */
  readonly neededStreak: number | null;
}

/** After so many fallbacks the wait does not grow any more: enterDays × 4. */
const MOST_DOUBLINGS = 2;

export const firstState = (settings: Pick<GateSettings, "initialState">): GateState => ({
  side: settings.initialState,
  passStreak: 0,
  holdStreak: 0,
  noDataStreak: 0,
  lastSwitch: null,
  fallbacks: [],
});

/** The gate's step for one day. Days come in order, each once. */
export function gateStep(before: GateState, day: JudgedDay, settings: GateSettings): GateOutcome {
  const noDataStreak = day.verdict === "no_data" ? before.noDataStreak + 1 : 0;
  const fallbacks = before.fallbacks.filter((date) => daysBetween(date, day.date) < settings.backoffDays);
  const state = { ...before, noDataStreak, fallbacks };
  return state.side === "upstream" ? stepUpstream(state, day, settings) : stepLocal(state, day, settings);
}

function stepUpstream(state: GateState, day: JudgedDay, settings: GateSettings): GateOutcome {
  const doublings = Math.min(Math.max(state.fallbacks.length - 1, 0), MOST_DOUBLINGS);
  const neededStreak = settings.enterDays * 2 ** doublings;
  const passStreak = passStreakAfter(state, day.verdict, settings);
  const stays = (reason: GateReason | null): GateOutcome => ({
    state: { ...state, passStreak },
    switched: false,
    reason,
    neededStreak,
  });
  if (day.verdict !== "pass" || passStreak < neededStreak) return stays(null);
  if (state.lastSwitch !== null && daysBetween(state.lastSwitch, day.date) < settings.minDwellDays)
    return stays("dwell");
  if (!isComplete(day, settings.requireCompleteness)) return stays("incomplete_history");
  return {
    state: { ...state, side: "local", passStreak: 0, holdStreak: 0, lastSwitch: day.date },
    switched: true,
    reason: "entered",
    neededStreak,
  };
}

function passStreakAfter(state: GateState, verdict: Verdict, settings: GateSettings): number {
  if (verdict === "pass") return state.passStreak + 1;
  if (verdict === "no_data" && state.noDataStreak <= settings.maxNoDataDays) return state.passStreak;
  return 0;
}

function isComplete({ completeness }: JudgedDay, rule: CompletenessRule | null): boolean {
  if (rule === null) return true;
  const { pctNmContinuous = null, pctDaysWithoutHoles = null } = completeness ?? {};
  if (pctNmContinuous === null || pctDaysWithoutHoles === null) return false;
  return pctNmContinuous >= rule.pctNmContinuous && pctDaysWithoutHoles >= rule.pctDaysWithoutHoles;
}

function stepLocal(state: GateState, day: JudgedDay, settings: GateSettings): GateOutcome {
  const stays = (holdStreak: number, reason: GateReason | null): GateOutcome => ({
    state: { ...state, holdStreak },
    switched: false,
    reason,
    neededStreak: null,
  });
  const fallsBack = (reason: GateReason): GateOutcome => ({
    state: {
      ...state,
      side: "upstream",
      passStreak: 0,
      holdStreak: 0,
      lastSwitch: day.date,
      fallbacks: [...state.fallbacks, day.date],
    },
    switched: true,
    reason,
    neededStreak: null,
  });
  switch (day.verdict) {
    case "fail":
      return fallsBack("fail");
    case "hold":
      return state.holdStreak + 1 >= settings.holdDays ? fallsBack("hold") : stays(state.holdStreak + 1, null);
    case "pass":
      return stays(0, null);
    case "no_data": {
      const isLocalGone = day.status === "local_missing" || day.status === "both_missing";
      return isLocalGone ? fallsBack("no_local_data") : stays(state.holdStreak, "unverified");
    }
  }
}
