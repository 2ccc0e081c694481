// What the end of a step makes of a scope's state. Pure; waits are those of the contract (10.2, backend 3.3).
import { addDays } from "../../machines/dataset/days.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import type { CollectionSettings } from "./decide.ts";
import { MINUTE_MS } from "./moscow.ts";
import { CATCH_UP_MS, daysOfRun, LEAST_RUNS, offsetOf } from "./schedule.ts";
import type { Run, ScopeState } from "./state.ts";

/** How a run ended; `missed` slots have none. */
export type RunResult = "success" | "busy" | "failed";

export interface Next {
  readonly state: ScopeState;
  /** Of a slot's run that is over; null: it goes on, or was no slot's. */
  readonly ended: RunResult | null;
}

/** Waits while another collection is in the way; then the slot is skipped. Unit: milliseconds. */
export const BUSY_WAITS_MS = [5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS] as const;
/** Waits after failures worth a retry; then it is given up. Unit: milliseconds. */
export const FAILURE_WAITS_MS = [2_000, 5_000, 10_000, 20_000] as const;
/** Waits before parts that failed are asked for again; then the slice stays partial. Unit: milliseconds. */
export const PARTIAL_WAITS_MS = [MINUTE_MS, 5 * MINUTE_MS] as const;
/** Between two days of a backfill: there is no hurry, and others wait for the collector too. Unit: milliseconds. */
export const BACKFILL_PAUSE_MS = 30_000;
/** Successes are remembered so long: availability is a share of this time. Unit: milliseconds. */
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS;
/** Work beside the runs that failed waits so long, and is passed over after some tries. Unit: milliseconds. */
const SIDE_WAIT_MS = 5 * MINUTE_MS;
const SIDE_TRIES = 5;

const begun = (purpose: Run["purpose"], slot: number, days: { from: Day; to: Day }, now: number): Run => ({
  ...{
    purpose,
    slot,
    ...days,
    phase: "asking",
    startedAt: null,
    jobId: null,
    intent: 0,
    again: 0,
    stored: [],
    isPartial: false,
  },
  ...{ busy: 0, failures: 0, nextAt: now },
});

/** So many slots in a row are a day: what was not collected then is asked for as history, from the next run that succeeds. */
export const noteMissed = (state: ScopeState, missed: readonly number[]): ScopeState =>
  missed.length < LEAST_RUNS ? state : { ...state, hasBackfilled: false };

export function beginSlot(
  state: ScopeState,
  slot: number,
  now: number,
  { freezeAfterMs }: CollectionSettings,
): ScopeState {
  const days = daysOfRun(slot, now, offsetOf(state.spreadsheetId), freezeAfterMs);
  return { ...state, lastSlot: slot, run: begun("slot", slot, days, now) };
}

/** A day whose rows the backend does not have yet. */
export const beginBackfill = (state: ScopeState, day: Day, now: number): ScopeState => ({
  ...state,
  run: begun("backfill", now, { from: day, to: day }, now),
});

/** The backend is about to be asked. */
export const noteAsked = (run: Run, now: number): Run => ({ ...run, startedAt: run.startedAt ?? now });

/** It runs, and is asked for later. */
export const afterStarted = (state: ScopeState, run: Run, jobId: string, nextAt: number): Next =>
  going(state, { ...run, phase: "polling", jobId, failures: 0, nextAt });

export const afterStillRunning = (state: ScopeState, run: Run, nextAt: number): Next =>
  going(state, { ...run, failures: 0, nextAt });

/** What the collector says of a run that is over. */
export interface Parts {
  readonly stored: readonly string[];
  /** Those that failed and may be asked for again. */
  readonly retryable: readonly string[];
  readonly failed: readonly string[];
}

/** Parts that failed are asked for again; with nothing more to wait for both sides are read. */
export function afterCollected(state: ScopeState, run: Run, { stored, retryable, failed }: Parts, now: number): Next {
  const all = [...new Set([...run.stored, ...stored])];
  const wait = PARTIAL_WAITS_MS[run.again];
  const base = { ...run, jobId: null, failures: 0, stored: all, isPartial: failed.length > 0 };
  if (retryable.length > 0 && wait !== undefined)
    return going(state, { ...base, phase: "asking", intent: run.intent + 1, again: run.again + 1, nextAt: now + wait });
  return going(state, { ...base, phase: "reading", nextAt: now });
}

/** Another collection is in the way. */
export function afterBusy(state: ScopeState, run: Run, now: number): Next {
  const wait = BUSY_WAITS_MS[run.busy];
  if (wait === undefined) return over(state, run, now, "busy");
  return going(state, { ...run, busy: run.busy + 1, startedAt: null, nextAt: now + wait });
}

/**
 * It is not our turn: nothing went wrong. A slot's run does not wait for ever.
 * @param orElse what it is called when its time is over.
 */
export function afterWait(
  state: ScopeState,
  run: Run,
  waitMs: number,
  now: number,
  orElse: "failed" | "busy" = "failed",
): Next {
  if (isTooLate(run, now + waitMs)) return over(state, run, now, orElse);
  return going(state, { ...run, nextAt: now + waitMs });
}

/**
 * A failure worth a retry.
 * @param waitMs what the backend asked for; null: nothing. @param jitter -1 to 1: a fifth up or down.
 */
export function afterFailure(state: ScopeState, run: Run, waitMs: number | null, jitter: number, now: number): Next {
  const planned = FAILURE_WAITS_MS[run.failures];
  if (planned === undefined) return over(state, run, now, "failed");
  const wait = Math.max(planned * (1 + jitter / 5), waitMs ?? 0);
  if (isTooLate(run, now + wait)) return over(state, run, now, "failed");
  return going(state, { ...run, failures: run.failures + 1, nextAt: now + Math.round(wait) });
}

/** The job failed: it is asked for anew, under another key, or the backend would only name the same job again. */
export const afterJobFailed = (state: ScopeState, run: Run, jitter: number, now: number): Next =>
  afterFailure(state, { ...run, phase: "asking", jobId: null, intent: run.intent + 1 }, null, jitter, now);

/** The run is over. */
export function over(state: ScopeState, run: Run, now: number, result: RunResult, settings?: CollectionSettings): Next {
  const ended: ScopeState = { ...state, run: null };
  if (run.purpose === "backfill") return { state: backfilled(ended, run.to, now), ended: null };
  if (result !== "success") return { state: ended, ended: result };
  const successes = [...state.successes.filter((at) => now - at < KEPT_MS), now];
  return { state: withBackfill({ ...ended, successes, lastSuccessAt: now }, run, now, settings), ended: result };
}

/** History is asked for after the first run that succeeded, from the day before its first; days that are there are passed over. */
function withBackfill(state: ScopeState, run: Run, now: number, settings?: CollectionSettings): ScopeState {
  const days = settings?.backfillDays ?? 0;
  if (state.hasBackfilled || days === 0) return state;
  const backfill = { next: addDays(run.from, -1), last: addDays(run.from, -days) };
  return { ...state, backfill, hasBackfilled: true, sideAt: now + BACKFILL_PAUSE_MS };
}

/** A day of the backfill is done, or cannot be had: the one before it. */
export function backfilled(state: ScopeState, day: Day, now: number): ScopeState {
  if (state.backfill === null) return state;
  const next = addDays(day, -1);
  const backfill = next < state.backfill.last ? null : { ...state.backfill, next };
  return { ...state, backfill, sideAt: now + BACKFILL_PAUSE_MS, sideFailures: 0 };
}

export const frozen = (state: ScopeState, day: Day): ScopeState => ({
  ...state,
  frozenTo: day,
  sideAt: null,
  sideFailures: 0,
});
export const reread = (state: ScopeState, day: Day): ScopeState => ({
  ...state,
  rereadTo: day,
  sideAt: null,
  sideFailures: 0,
});

/**
 * A freeze, a second reading or a backfill failed.
 * @param mayGiveUp a freeze never is; the others are passed over after some tries.
 * @returns null: it is given up, and the caller goes on to the next day.
 */
export function afterSideFailure(state: ScopeState, now: number, mayGiveUp: boolean): ScopeState | null {
  const failures = state.sideFailures + 1;
  if (mayGiveUp && failures >= SIDE_TRIES) return null;
  return { ...state, sideAt: now + SIDE_WAIT_MS, sideFailures: Math.min(failures, SIDE_TRIES) };
}

const going = (state: ScopeState, run: Run): Next => ({ state: { ...state, run }, ended: null });

/** A slot's run ends by itself before the next one begins; a backfill has time. */
const isTooLate = (run: Run, at: number): boolean => run.purpose === "slot" && at > run.slot + CATCH_UP_MS;
