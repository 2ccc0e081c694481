// When a person may be reminded of something, and how a text counts the days until then.
import type { Policy } from "./terms.ts";

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

type Hours = Policy["reminderHours"];

/** The same moment if it lies within the reminder hours, else the next time they begin. Epoch ms in and out. */
export function intoHours(at: number, { from, to, utcOffsetMinutes }: Hours): number {
  const local = at + utcOffsetMinutes * 60_000;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const hour = (local - midnight) / HOUR_MS;
  const isWithin = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (isWithin) return at;
  const opensToday = midnight + from * HOUR_MS;
  return (opensToday > local ? opensToday : opensToday + DAY_MS) - utcOffsetMinutes * 60_000;
}

/** Whole days that a text may promise: started ones count. */
export const daysUntil = (until: number, now: number) => Math.max(0, Math.ceil((until - now) / DAY_MS));
