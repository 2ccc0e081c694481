// When a scope is collected, frozen and read again (contract 10.1, 10.2, 1.2, 1.7). Pure: every time comes in.
import { createHash } from "node:crypto";
import { addDays } from "../../machines/dataset/days.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import { DAY_MS, dayAt, HOUR_MS, MINUTE_MS, startOf } from "./moscow.ts";

/** After the beginning of a Moscow day. The last one gives stocks and prices of the closing day. Unit: milliseconds. */
export const SLOTS_MS = [5 * HOUR_MS, 11 * HOUR_MS, 17 * HOUR_MS, 23.5 * HOUR_MS] as const;
/** Spreadsheets begin up to so much later, each at its own time. Unit: milliseconds. */
const SPREAD_MS = 20 * MINUTE_MS;
/** A slot that was missed is caught up within this time. Unit: milliseconds. */
export const CATCH_UP_MS = 2 * HOUR_MS;
/** A run that began before the freeze may end so long after it and still count. Unit: milliseconds. */
export const FREEZE_PATIENCE_MS = 45 * MINUTE_MS;
/** Upstream is read once more so many days after the freeze. */
const REREAD_AFTER_DAYS = 7;
/** An hour later than the freeze, when that is over for all. Unit: milliseconds. */
const REREAD_LATER_MS = HOUR_MS;

/** From 0 to 20 minutes, in whole seconds; the same for a spreadsheet for ever. Unit: milliseconds. */
export function offsetOf(spreadsheetId: string): number {
  const number = createHash("sha256").update(spreadsheetId).digest().readUInt32BE(0);
  return (number % (SPREAD_MS / 1_000 + 1)) * 1_000;
}

/** When the freeze of a day comes. @param freezeAfterMs after its end, as configured. Epoch ms. */
export const freezeAt = (day: Day, freezeAfterMs: number): number => startOf(day) + DAY_MS + freezeAfterMs;

/** Starts of a scope's slots after one moment, up to and with another, oldest first. Epoch ms. */
export function slotsBetween(after: number, upTo: number, offsetMs: number): readonly number[] {
  const slots: number[] = [];
  for (let day = dayAt(after - SPREAD_MS); startOf(day) <= upTo; day = addDays(day, 1))
    for (const slot of SLOTS_MS) {
      const at = startOf(day) + slot + offsetMs;
      if (at > after && at <= upTo) slots.push(at);
    }
  return slots;
}

/** The next slot of a scope. Epoch ms. */
export const slotAfter = (after: number, offsetMs: number): number => {
  const [next = after + DAY_MS] = slotsBetween(after, after + DAY_MS, offsetMs);
  return next;
};

export interface DueSlots {
  /** The one to run now; null: none. */
  readonly run: number | null;
  /** Too old to be caught up. */
  readonly missed: readonly number[];
  /** Everything up to here is dealt with. */
  readonly upTo: number;
}

/** @param after the slot that was dealt with last, or since when the scope is active. Epoch ms. */
export function dueSlots(after: number, now: number, offsetMs: number): DueSlots {
  const slots = slotsBetween(after, now, offsetMs);
  const last = slots.at(-1);
  if (last === undefined) return { run: null, missed: [], upTo: after };
  const isLate = now - last > CATCH_UP_MS;
  return { run: isLate ? null : last, missed: isLate ? slots : slots.slice(0, -1), upTo: last };
}

/**
 * The days that a slot's run asks for. The first of a day completes the day before, as long as that is not frozen.
 * @param slot its start; `now`: when the run really begins. Epoch ms.
 */
export function daysOfRun(slot: number, now: number, offsetMs: number, freezeAfterMs: number): { from: Day; to: Day } {
  const to = dayAt(slot);
  const isFirst = slot - offsetMs - startOf(to) === SLOTS_MS[0];
  const before = addDays(to, -1);
  return { from: isFirst && now < freezeAt(before, freezeAfterMs) ? before : to, to };
}

/** The last day whose freeze has come. */
export const lastFrozen = (now: number, freezeAfterMs: number): Day => addDays(dayAt(now - freezeAfterMs), -1);

/** When upstream is read once more for a day. Epoch ms. */
export const rereadAt = (day: Day, offsetMs: number, freezeAfterMs: number): number =>
  freezeAt(addDays(day, REREAD_AFTER_DAYS), freezeAfterMs) + REREAD_LATER_MS + offsetMs;

/** The last day whose second reading is due. */
export const lastReread = (now: number, offsetMs: number, freezeAfterMs: number): Day =>
  addDays(lastFrozen(now - REREAD_LATER_MS - offsetMs, freezeAfterMs), -REREAD_AFTER_DAYS);

/** Runs that ended well within the last day; fewer than four is an alert. */
export const RECENT_MS = DAY_MS;
export const LEAST_RUNS = SLOTS_MS.length;
