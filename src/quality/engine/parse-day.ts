// The date of a row, as sides write it (contract 2.1).
import { dayNumber, isDay } from "../../../machines/dataset/days.ts";

/** `2026-01-05`, `2026-01-05 12:00`, `2026-01-05T12:00:00.000Z`, `2026-01-05T12:00:00+0300`; the offset's minutes may be left out. */
const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

const MINUTES_OF_DAY = 1_440;
/** Moscow is ahead of UTC by this, all year. Unit: minutes. */
const MOSCOW = 180;

/** @returns the Moscow day as a number of days since 1970-01-01; null: no date, so the row is invalid. */
export function parseDay(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const [, date = "", hours = "0", minutes = "0", seconds = "0", offset] = FORM.exec(value.trim()) ?? [];
  if (!isDay(date)) return null;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const day = dayNumber(date);
  if (offset === undefined) return day;
  const ahead = minutesAhead(offset);
  if (ahead === null) return null;
  return day + Math.floor((Number(hours) * 60 + Number(minutes) - ahead + MOSCOW) / MINUTES_OF_DAY);
}

function minutesAhead(offset: string): number | null {
  if (offset === "Z") return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
