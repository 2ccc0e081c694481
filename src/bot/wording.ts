// Dates, lengths of time and amounts of money, as a customer reads them.
import type { Language } from "../../machines/customer/types.ts";
import { Html, html, plain } from "./texts.ts";

/** For whom and when a screen is drawn. */
export interface Reader {
  readonly language: Language;
  /** Epoch ms. */
  readonly nowMs: number;
  /** IANA zone of the fallback text; a client shows its reader's own zone. */
  readonly timeZone: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Nearer than this, the hour matters. */
const HOURS_MATTER_MS = 2 * DAY_MS;

const UNITS = [
  ["days", DAY_MS],
  ["hours", HOUR_MS],
  ["minutes", MINUTE_MS],
  ["seconds", SECOND_MS],
] as const;

const LOCALES: Readonly<Record<Language, string>> = { ru: "ru-RU", en: "en-GB" };

/** Farther from 1970 no date can be written: a text with a wrong date is better than none. Unit: milliseconds. */
const FARTHEST_MS = 8.64e15;

/** Building a formatter costs a thousand times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${withTime}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    day: "numeric",
    month: "long",
    ...(withTime ? { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } : { year: "numeric" }),
  });
  formatters.set(key, made);
  return made;
}

/** Names of zones that their readers know better than a distance from Greenwich. */
const ZONES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { ru: { "Europe/Moscow": "МСК" }, en: {} };

/**
 * A moment as `<tg-time>`: the client shows it in its reader's zone and language.
 * @param atMs Epoch ms.
 */
export function date(atMs: number, reader: Reader): Html {
  const withTime = Math.abs(atMs - reader.nowMs) < HOURS_MATTER_MS;
  const fallback = written(atMs, reader, withTime);
  return new Html(`<tg-time unix="${Math.floor(atMs / 1000)}" format="${withTime ? "Dt" : "D"}">${fallback}</tg-time>`);
}

/** A date, or the word for one that is not known yet. */
export const dateOrSoon = (atMs: number | null, reader: Reader): Html =>
  atMs === null ? html(reader.language, "soon") : date(atMs, reader);

/** A date where Telegram reads no markup, such as the refusal of a checkout. */
export const plainDate = (atMs: number, reader: Reader): string => written(atMs, reader, false);

/** Without the Russian abbreviation for "year", whose dot would meet the end of a sentence; with ordinary spaces. */
const written = (atMs: number, { language, timeZone }: Reader, withTime: boolean): string =>
  formatter(language, timeZone, withTime)
    .formatToParts(Math.max(-FARTHEST_MS, Math.min(FARTHEST_MS, atMs)))
    .map(({ type, value }) => (type === "timeZoneName" ? (ZONES[language][timeZone] ?? value) : value))
    .join("")
    .replace(/[\u202f\u00a0]/g, " ")
    .replace(/ г\.$/, "");

const inUnits = (ms: number): { unit: (typeof UNITS)[number][0]; n: number } => {
  for (const [unit, size] of UNITS) {
    // 23 h 59 min is a day to everybody.
    if (ms >= size * 0.98) return { unit, n: Math.max(1, Math.round(ms / size)) };
  }
  return { unit: "seconds", n: Math.max(0, Math.round(ms / SECOND_MS)) };
};

/** The largest unit that states the length exactly. */
const exactly = (ms: number): { unit: (typeof UNITS)[number][0]; n: number } => {
  for (const [unit, size] of UNITS) if (ms >= size && ms % size === 0) return { unit, n: ms / size };
  return inUnits(ms);
};

/** "3 days", rounded. In Russian in the accusative, as after «через», «ещё» and «раз в». */
export function lengthOf(ms: number, language: Language): Html {
  const { unit, n } = inUnits(ms);
  return html(language, `length-${unit}`, { n });
}

/** "3 days", exact, for labels. */
export function plainLengthOf(ms: number, language: Language): string {
  const { unit, n } = exactly(ms);
  return plain(language, `length-${unit}`, { n });
}

/** "every 30 days". */
export function every(ms: number, language: Language): Html {
  const { unit, n } = exactly(ms);
  return html(language, `every-${unit}`, { n });
}

export interface Money {
  readonly currency: string;
  /** Unit: smallest unit of the currency; whole Stars for XTR. */
  readonly amountMinor: number;
}

/** "500 ⭐", "9.90 €". */
export function price(money: Money, language: Language): string {
  if (money.currency === "XTR") return `${money.amountMinor} ⭐`;
  const format = new Intl.NumberFormat(LOCALES[language], { style: "currency", currency: money.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(money.amountMinor / 10 ** digits).replace(/\u202f|\u00a0/g, " ");
}
