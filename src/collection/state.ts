// What is known of the collection of one scope. Lies in Redis as it is; everything that decides reads nothing else.
import { z } from "zod";
import { lastFrozen } from "./schedule.ts";

const at = z.number();
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const count = z.int().nonnegative();

/** A collection that is under way, with its readings. */
export const Run = z.object({
  purpose: z.enum(["slot", "backfill"]),
  /** Start of its slot; of a backfill when it was begun. Names what is intended: part of the idempotency key. */
  slot: at,
  from: Day,
  to: Day,
  phase: z.enum(["asking", "polling", "reading"]),
  /** When the backend was first asked; null: not yet. */
  startedAt: at.nullable(),
  jobId: z.string().nullable(),
  /** Counts what was asked anew: part of the idempotency key, which a repetition of the same wish keeps. */
  intent: count,
  /** How often parts that failed were asked for again. */
  again: count,
  /** Parts that were stored, by any of the askings. */
  stored: z.array(z.string()),
  isPartial: z.boolean(),
  /** How often somebody else's collection was in the way. */
  busy: count,
  /** Failures in a row in this phase. */
  failures: count,
  /** When the next step is due. */
  nextAt: at,
});
export type Run = z.output<typeof Run>;

export const ScopeState = z.object({
  /** Counts what was written. */
  rev: count,
  spreadsheetId: z.string(),
  dataset: z.string(),
  /** Set up, and with a right to it. */
  isActive: z.boolean(),
  since: at,
  /** The slot that was dealt with last, or `since`. */
  lastSlot: at,
  run: Run.nullable(),
  /** Ends of the runs that succeeded within the last 30 days, oldest first. */
  successes: z.array(at),
  lastSuccessAt: at.nullable(),
  /** The last day that was frozen, and the last one that was read again. */
  frozenTo: Day,
  rereadTo: Day,
  /** Days still to be backfilled, newest first, from `next` back to `last`; null: none. */
  backfill: z.object({ next: Day, last: Day }).nullable(),
  hasBackfilled: z.boolean(),
  /** Side work that failed is tried again then; null: at once. */
  sideAt: at.nullable(),
  sideFailures: count,
  /** The backend cannot tell its sides apart: nothing is kept and compared, people were told. */
  isUnsupported: z.boolean(),
});
export type ScopeState = z.output<typeof ScopeState>;

/** A scope that is seen for the first time: its first slot is the next one. @param now epoch ms */
export const firstState = (
  { spreadsheetId, dataset }: { readonly spreadsheetId: string; readonly dataset: string },
  now: number,
  freezeAfterMs: number,
): ScopeState => ({
  ...{ rev: 0, spreadsheetId, dataset, isActive: true, since: now, lastSlot: now, run: null },
  ...{ successes: [], lastSuccessAt: null },
  // Yesterday is still open in the small hours: the first run completes it.
  frozenTo: lastFrozen(now, freezeAfterMs),
  rereadTo: lastFrozen(now, freezeAfterMs),
  ...{ backfill: null, hasBackfilled: false, sideAt: null, sideFailures: 0, isUnsupported: false },
});

/** No right to it any more: nothing is begun, what was collected is still sealed. */
export const ended = (state: ScopeState): ScopeState => ({ ...state, isActive: false, run: null });

/** Active once more after a time without a right: what lay between is not missed, and is asked for as history. */
export const resumed = (state: ScopeState, now: number): ScopeState => ({
  ...state,
  ...{ isActive: true, since: now, lastSlot: now, run: null, hasBackfilled: false },
});
