// Arithmetic on calendar days, without a clock: a day is a whole number of days since 1970-01-01, or `YYYY-MM-DD`.

const DAYS_OF_ERA = 146_097; // 400 years: after so many the calendar repeats
const DAYS_BEFORE_1970 = 719_468; // from 0000-03-01, with which the count of an era begins

/** @param day `YYYY-MM-DD`; one that is not in the calendar counts on from its month's first. */
export function dayNumber(day: string): number {
  const month = Number(day.slice(5, 7));
  // A year begins with March here, so that the leap day is its last.
  const year = Number(day.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + Number(day.slice(8, 10)) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_OF_ERA + dayOfEra - DAYS_BEFORE_1970;
}

/** @returns `YYYY-MM-DD` */
export function dayOf(number: number): string {
  const shifted = number + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / DAYS_OF_ERA);
  const dayOfEra = shifted - era * DAYS_OF_ERA;
  const leapDays = Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra + leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`;
}

const padded = (number: number, digits: number): string => String(number).padStart(digits, "0");

/** Whether a text is a date of the calendar, written `YYYY-MM-DD`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith("0000") && dayOf(dayNumber(text)) === text;

export const addDays = (day: string, days: number): string => dayOf(dayNumber(day) + days);

/** How many days `later` lies after `earlier`. */
export const daysBetween = (earlier: string, later: string): number => dayNumber(later) - dayNumber(earlier);

/** All days of a window, both ends included. */
export const daysOf = ({ from, to }: { readonly from: string; readonly to: string }): string[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, i) => addDays(from, i));
