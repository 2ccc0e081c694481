// What is to be done for a scope now, and when it is next to be looked at. Pure.
import { addDays } from "../../machines/dataset/days.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import { DAY_MS, HOUR_MS } from "./moscow.ts";
import {
  dueSlots,
  FREEZE_PATIENCE_MS,
  freezeAt,
  lastFrozen,
  lastReread,
  offsetOf,
  rereadAt,
  slotAfter,
} from "./schedule.ts";
import type { ScopeState } from "./state.ts";

export interface CollectionSettings {
  /** How long after its end a day is frozen; `policies.collection.freezeSeconds`. Unit: milliseconds. */
  readonly freezeAfterMs: number;
  /** How far back history is asked for; 0: not at all. */
  readonly backfillDays: number;
}

/** From here on a freeze is late: 07:00. After the freeze, unit: milliseconds. */
const FREEZE_LATE_MS = HOUR_MS;

export type Action =
  /** Seal what is open of this day. */
  | { readonly kind: "freeze"; readonly day: Day }
  /** The run's next step. */
  | { readonly kind: "step" }
  /** `run` null: all of them were missed. */
  | { readonly kind: "slots"; readonly run: number | null; readonly missed: readonly number[]; readonly upTo: number }
  | { readonly kind: "reread"; readonly day: Day }
  | { readonly kind: "backfill"; readonly day: Day };

/**
 * The most urgent thing that is due; null: nothing. Freezes come first, then the run under way, then slots; what may wait waits for
 * a time without any of them.
 */
export function decide(state: ScopeState, now: number, { freezeAfterMs }: CollectionSettings): Action | null {
  const frozen = lastFrozen(now, freezeAfterMs);
  const isSideDue = state.sideAt === null || state.sideAt <= now;
  if (state.frozenTo < frozen && isSideDue) {
    const day = addDays(state.frozenTo, 1);
    if (!isAwaited(state, day, now, freezeAfterMs)) return { kind: "freeze", day };
  }
  if (!state.isActive) return null;
  if (state.run !== null) return state.run.nextAt <= now ? { kind: "step" } : null;
  const slots = dueSlots(state.lastSlot, now, offsetOf(state.spreadsheetId));
  if (slots.run !== null || slots.missed.length > 0) return { kind: "slots", ...slots };
  if (!isSideDue) return null;
  if (state.rereadTo < lastReread(now, offsetOf(state.spreadsheetId), freezeAfterMs))
    return { kind: "reread", day: addDays(state.rereadTo, 1) };
  return state.backfill === null ? null : { kind: "backfill", day: state.backfill.next };
}

/** A run that began before the freeze counts when it ends: the seal waits for it, but not for ever. */
function isAwaited({ run }: ScopeState, day: Day, now: number, freezeAfterMs: number): boolean {
  const at = freezeAt(day, freezeAfterMs);
  if (run === null || run.purpose !== "slot" || now >= at + FREEZE_PATIENCE_MS) return false;
  return run.startedAt !== null && run.startedAt < at && run.from <= day && day <= run.to;
}

/** When a scope is next to be looked at, if nothing is due now. Epoch ms; null: never. */
export function nextLookAt(state: ScopeState, now: number, settings: CollectionSettings): number | null {
  const { freezeAfterMs } = settings;
  const offset = offsetOf(state.spreadsheetId);
  const nextFreeze = freezeAt(addDays(state.frozenTo, 1), freezeAfterMs);
  // One that waits for a run is looked at when that is over, or patience is.
  const freeze = nextFreeze <= now && state.run !== null ? nextFreeze + FREEZE_PATIENCE_MS : nextFreeze;
  const side = Math.max(state.sideAt ?? 0, 0);
  const times = [Math.max(freeze, side)];
  if (state.isActive) {
    if (state.run !== null) times.push(state.run.nextAt);
    else {
      times.push(slotAfter(state.lastSlot, offset));
      times.push(Math.max(rereadAt(addDays(state.rereadTo, 1), offset, freezeAfterMs), side));
      if (state.backfill !== null) times.push(Math.max(side, now));
    }
  } else if (!hasOpenDays(state, freezeAfterMs)) return null;
  return Math.max(now + 1, Math.min(...times));
}

/** Without a right nothing new is collected; what was collected before is still sealed. */
const hasOpenDays = ({ lastSuccessAt, frozenTo }: ScopeState, freezeAfterMs: number): boolean =>
  lastSuccessAt !== null && freezeAt(addDays(frozenTo, 1), freezeAfterMs) < lastSuccessAt + 2 * DAY_MS;

/** Whether a freeze that came an hour ago and more has not ended yet. */
export const isFreezeLate = (state: ScopeState, now: number, { freezeAfterMs }: CollectionSettings): boolean =>
  (state.isActive || hasOpenDays(state, freezeAfterMs)) &&
  freezeAt(addDays(state.frozenTo, 1), freezeAfterMs) + FREEZE_LATE_MS <= now;
