const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Moscow keeps one offset all year round, and the backend counts its days there. */
const MOSCOW_OFFSET_MS = 3 * HOUR_MS;

/** Moscow days as the backend writes them, `YYYY-MM-DD`. @param now epoch ms */
export function moscowDay(now: number, daysAgo = 0): string {
  // biome-ignore lint/style/noRestrictedGlobals: the calendar of a given moment, not the time of day
  return new Date(now + MOSCOW_OFFSET_MS - daysAgo * DAY_MS).toISOString().slice(0, 10);
}
