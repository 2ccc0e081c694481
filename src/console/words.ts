// Texts of the pages in both languages. Each page keeps its own; a missing one does not compile.
// The build takes them out of the scripts (split-texts.ts): what is called with them here is called with their key there, and the texts
// of the reader's language are loaded before anything is drawn.
import { createStore } from "@xstate/store";
import { useSelector } from "@xstate/store-preact";
import { type Language, preferences, usePreference } from "./preferences.ts";

export type Words<T extends Readonly<Record<string, string>>> = Readonly<Record<Language, T>>;

type Pack = Readonly<Record<string, Readonly<Record<string, string>>>>;

const packs = createStore({
  context: { en: null, ru: null } as Readonly<Record<Language, Pack | null>>,
  on: {
    loaded: (context, { language, pack }: { language: Language; pack: Pack }) => ({ ...context, [language]: pack }),
  },
});

/** Names of the files of texts; the build fills them in. */
const FILES: Readonly<Record<Language, string>> = { en: "__TEXTS_EN__", ru: "__TEXTS_RU__" };

async function load(language: Language): Promise<void> {
  const file = FILES[language];
  if (!file.startsWith("/") || packs.getSnapshot().context[language]) return;
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`the texts of the pages did not come: ${answer.status}`);
  packs.trigger.loaded({ language, pack: (await answer.json()) as Pack });
}

/** Before anything is drawn. Another language comes when it is chosen; until it is there the one before is shown. */
export async function loadTexts(): Promise<void> {
  preferences.subscribe(({ context }) => void load(context.language).catch(() => undefined));
  await load(preferences.getSnapshot().context.language);
}

/** In both languages, because neither has come. */
export const sayNoTexts = (): void => {
  document.body.prepend(
    "The texts of this page did not come; load it again. Тексты страницы не загрузились, откройте её ещё раз.",
  );
};

/** `words({ en: {title: "Timers"}, ru: {title: "Таймеры"} })`: both languages have the same keys. */
export const words = <T extends Readonly<Record<string, string>>>(both: {
  readonly en: T;
  readonly ru: Readonly<Record<keyof T, string>>;
}): Words<Readonly<Record<keyof T, string>>> => {
  const key: unknown = both;
  if (typeof key !== "string") return both;
  const inPack = (language: Language): Readonly<Record<keyof T, string>> => {
    const { en, ru } = packs.getSnapshot().context;
    const pack = (language === "en" ? (en ?? ru) : (ru ?? en)) ?? {};
    return pack[key] as Readonly<Record<keyof T, string>>;
  };
  return {
    get en() {
      return inPack("en");
    },
    get ru() {
      return inPack("ru");
    },
  };
};

export const useWords = <T extends Readonly<Record<string, string>>>(both: Words<T>): T => {
  const language = usePreference("language");
  // Drawn again when the texts have come.
  useSelector(packs, ({ context }) => context[language]);
  return both[language];
};

/** Puts values into a text: `fill("{n} events", { n: 3 })`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
