// Moscow's calendar: UTC+3 all year. A day is a number here (days since 1970-01-01), so that the model can count with it.

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
const MOSCOW_MS = 3 * HOUR_MS;
/** A day is sealed at this time of the next day. */
const FREEZE_AFTER_MS = DAY_MS + 6 * HOUR_MS;

/** The Moscow day of a moment (epoch ms). */
export const dayNumberAt = (ms: number): number => Math.floor((ms + MOSCOW_MS) / DAY_MS);

/** @param day `YYYY-MM-DD`, a day that exists. */
export const dayNumberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** @returns `YYYY-MM-DD`. */
export const dayOf = (dayNumber: number): string => new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);

/** First moment of the day, epoch ms. */
export const startOfDay = (dayNumber: number): number => dayNumber * DAY_MS - MOSCOW_MS;

/** From this moment (epoch ms) on the day's slice does not change. */
export const freezeAt = (dayNumber: number): number => startOfDay(dayNumber) + FREEZE_AFTER_MS;

/** How much of the day was over at a moment, in whole hours: 0 to 1. */
export function progressOf(dayNumber: number, ms: number): number {
  const hours = Math.floor((ms - startOfDay(dayNumber)) / HOUR_MS);
  return Math.min(24, Math.max(0, hours)) / 24;
}

/** @returns RFC 3339 with Moscow's offset, to the second. */
export const moscowInstant = (ms: number): string => `${new Date(ms + MOSCOW_MS).toISOString().slice(0, 19)}+03:00`;

/** @returns RFC 3339 in UTC, to the second. */
export const utcInstant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
