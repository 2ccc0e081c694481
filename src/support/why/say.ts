// A sentence as people read it.
import type { Sentence } from "./sentence.ts";
import { TEXTS, type WhyLanguage } from "./texts.ts";

/** Puts sentences into words. */
export type Say = (sentence: Sentence) => string;

const LOCALES: Readonly<Record<WhyLanguage, string>> = { en: "en-GB", ru: "ru-RU" };

/** @param timeZone IANA zone in which moments are written. @param namesZone whether they say which zone that is */
export function makeSay(language: WhyLanguage, timeZone: string, { namesZone }: { readonly namesZone: boolean }): Say {
  const written = new Intl.DateTimeFormat(LOCALES[language], {
    ...({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const),
    ...(namesZone ? ({ timeZoneName: "short" } as const) : {}),
    timeZone,
  });
  return ({ id, vars }) =>
    TEXTS[id][language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = vars[name];
      if (value === undefined) return TEXTS.unknown[language];
      if (typeof value !== "object") return String(value);
      return value.at === null ? TEXTS.unknown[language] : written.format(value.at);
    });
}
