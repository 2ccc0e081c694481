// Texts in both languages. Pure: the same language, id and variables give the same text, inside and outside of an update.
import { readFileSync } from "node:fs";
import { Fluent } from "@grammyjs/i18n";
import type { Language } from "../../machines/customer/types.ts";

/** Markup that is ours already: a date, a nested text. Everything else that goes into a text is escaped. */
export class Html {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

export type TextVars = Readonly<Record<string, string | number | Html>>;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

/** Invisible marks around variables break links, and tests; every variable is escaped instead. */
const BUNDLE = { useIsolating: false } as const;

const load = (language: Language): Fluent => {
  const fluent = new Fluent({
    // The default prints to the console and shows `{id}` to the customer. A missing text is a defect that a test finds.
    warningHandler: (warning) => {
      throw new Error(`No text ${warning.path} in ${warning.locales.join()}`);
    },
  });
  const source = readFileSync(new URL(`./locales/${language}.ftl`, import.meta.url), "utf8");
  fluent.addTranslationSync({ locales: language, source, bundleOptions: BUNDLE });
  return fluent;
};

const TEXTS: Readonly<Record<Language, Fluent>> = { ru: load("ru"), en: load("en") };

const say = (language: Language, id: string, vars: TextVars, write: (value: string) => string): string =>
  TEXTS[language].translate(
    language,
    id,
    Object.fromEntries(
      Object.entries(vars).map(([name, value]) => [
        name,
        value instanceof Html ? value.html : typeof value === "string" ? write(value) : value,
      ]),
    ),
  );

/** A text for `parse_mode: HTML`. Variables are escaped, unless they are {@link Html}. */
export const t = (language: Language, id: string, vars: TextVars = {}): string => say(language, id, vars, escapeHtml);

/** A text where Telegram reads no markup: button labels, toasts, invoice titles, refusals of a checkout. */
export const plain = (language: Language, id: string, vars: TextVars = {}): string =>
  say(language, id, vars, (value) => value);

/** A text to be put into another one. */
export const html = (language: Language, id: string, vars: TextVars = {}): Html => new Html(t(language, id, vars));
