// A sentence as people read it.
import type { Sentence } from "./sentence.ts";
import { TEXTS, type WhyLanguage } from "./texts.ts";

/** Puts sentences into words. */
export type Say = (sentence: Sentence) => string;

const LOCALES: Readonly<Record<WhyLanguage, string>> = { en: "en-GB", ru: "ru-RU" };

/** @param timeZone IANA zone in which moments are written. */
export function makeSay(language: WhyLanguage, timeZone: string): Say {
  const written = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium", timeStyle: "short", timeZone });
  return ({ id, vars }) =>
    TEXTS[id][language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = vars[name];
      if (value === undefined) return TEXTS.unknown[language];
      if (typeof value !== "object") return String(value);
      return value.at === null ? TEXTS.unknown[language] : written.format(value.at);
    });
}
