// What the check of a hash chain found, in one plain sentence.

import type { Verification } from "../support/answers/incidents.ts";

type Broken = NonNullable<Verification["problem"]>;

const WHOLE = {
  en: {
    one: "Whole: 1 entry, sealed. Nothing was changed or taken away.",
    other: "Whole: {n} entries, each sealed with the one before. Nothing was changed or taken away.",
  },
  ru: {
    one: "Цела: {n} запись, каждая скреплена с предыдущей. Ничего не изменено и не изъято.",
    few: "Цела: {n} записи, каждая скреплена с предыдущей. Ничего не изменено и не изъято.",
    many: "Цела: {n} записей, каждая скреплена с предыдущей. Ничего не изменено и не изъято.",
  },
} as const satisfies Record<string, Partial<Record<Intl.LDMLPluralRule, string>>>;

const BROKEN = {
  en: {
    missingEntry: "Broken at event {at}: an entry is missing. What stands before it proves nothing.",
    changedEntry: "Broken at event {at}: its entry was changed after it was written.",
    headMismatch: "Broken: the newest entry is not the one that the actor remembers.",
    missingActor: "Broken: the actor is gone, but what it left behind says that it was there.",
  },
  ru: {
    missingEntry: "Разорвана на событии {at}: записи не хватает. То, что до неё, ничего не доказывает.",
    changedEntry: "Разорвана на событии {at}: запись изменили после того, как она появилась.",
    headMismatch: "Разорвана: последняя запись не та, которую помнит актор.",
    missingActor: "Разорвана: актора нет, но оставшееся после него говорит, что он был.",
  },
} as const satisfies Record<string, Record<Broken, string>>;

export function verdict({ ok, entries, brokenAt, problem }: Verification, language: "en" | "ru"): string {
  if (ok) {
    const forms: Partial<Record<Intl.LDMLPluralRule, string>> = WHOLE[language];
    const form = forms[new Intl.PluralRules(language).select(entries)] ?? forms.other ?? forms.many ?? "";
    return form.replace("{n}", String(entries));
  }
  // A newer service may know another one.
  const text = (problem === null ? undefined : BROKEN[language][problem]) ?? BROKEN[language].headMismatch;
  return text.replace("{at}", String(brokenAt ?? "?"));
}
