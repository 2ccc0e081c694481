// Which days are to be judged now. Pure.
import { addDays, dayNumber } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import { moscowDay } from "../../../machines/moscow-day.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Moscow is ahead of UTC by so much, all year. Unit: milliseconds. */
const MOSCOW_MS = 3 * 60 * MINUTE_MS;
/** A day is frozen so long after its end, unless configured otherwise: 06:00 in Moscow. Unit: milliseconds. */
export const FREEZE_MS = 6 * 60 * MINUTE_MS;
/** The freeze itself takes a moment. Unit: milliseconds. */
const SETTLE_MS = 5 * MINUTE_MS;
/** From here on nobody waits for a slice that is not there: 07:00. Unit: milliseconds, after the freeze. */
const PATIENCE_MS = 60 * MINUTE_MS;
/** However long the service was away, so many days are made up for. */
export const MOST_DAYS = 60;

/** The last day that may be judged. @param now epoch ms */
export const lastFrozen = (now: number, freezeMs = FREEZE_MS): Day => moscowDay(now - freezeMs - SETTLE_MS, 1);

/** From when on a day may be judged. Epoch ms. */
export const judgedFrom = (day: Day, freezeMs = FREEZE_MS): number =>
  (dayNumber(day) + 1) * DAY_MS - MOSCOW_MS + freezeMs + SETTLE_MS;

/** Whether a frozen day is judged by what is there, complete or not. */
export const isOverdue = (now: number, day: Day, freezeMs = FREEZE_MS): boolean =>
  moscowDay(now - freezeMs - PATIENCE_MS, 1) >= day;

/** Days of a scope that wait for their verdict, oldest first. @param last judged last; null: none yet */
export function dueDays({
  from,
  last,
  upTo,
}: {
  readonly from: Day;
  readonly last: Day | null;
  readonly upTo: Day;
}): Day[] {
  const earliest = addDays(upTo, 1 - MOST_DAYS);
  const next = last === null ? from : addDays(last, 1);
  const start = next < earliest ? earliest : next;
  const days: Day[] = [];
  for (let day = start; day <= upTo; day = addDays(day, 1)) days.push(day);
  return days;
}

/** When the next day may be judged: of today, after its freeze. Epoch ms. */
export const nextJudgedAt = (now: number, freezeMs = FREEZE_MS): number =>
  judgedFrom(addDays(lastFrozen(now, freezeMs), 1), freezeMs);
