// Texts of the pages in both languages. Each page keeps its own; a missing one does not compile.
import { type Language, usePreference } from "./preferences.ts";

export type Words<T extends Readonly<Record<string, string>>> = Readonly<Record<Language, T>>;

/** `words({ en: {title: "Timers"}, ru: {title: "Таймеры"} })`: both languages have the same keys. */
export const words = <T extends Readonly<Record<string, string>>>(both: {
  readonly en: T;
  readonly ru: Readonly<Record<keyof T, string>>;
}): Words<Readonly<Record<keyof T, string>>> => both;

export const useWords = <T extends Readonly<Record<string, string>>>(both: Words<T>): T =>
  both[usePreference("language")];

/** Puts values into a text: `fill("{n} events", { n: 3 })`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** Picks the form by the rules of the language: `plural("ru", 2, { one: "событие", few: "события", many: "событий" })`. */
export const plural = (
  language: Language,
  count: number,
  forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>,
): string => forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? forms.many ?? "";
