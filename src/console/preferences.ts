// What a person chose for their own screen: kept in the browser, nowhere else.
import { createStore } from "@xstate/store";
import { useSelector } from "@xstate/store-preact";

export type Theme = "system" | "light" | "dark";
export type TimeMode = "local" | "utc" | "relative";
export type Language = "en" | "ru";

interface Preferences {
  readonly theme: Theme;
  readonly time: TimeMode;
  readonly language: Language;
}

const PLACE = "tgs.preferences";
const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T =>
  values.some((known) => known === value);

function stored(): Preferences {
  const defaults: Preferences = {
    theme: "system",
    time: "local",
    language: navigator.language.startsWith("ru") ? "ru" : "en",
  };
  try {
    const { theme, time, language } = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Record<string, unknown>;
    return {
      theme: isOneOf(["system", "light", "dark"], theme) ? theme : defaults.theme,
      time: isOneOf(["local", "utc", "relative"], time) ? time : defaults.time,
      language: isOneOf(["en", "ru"], language) ? language : defaults.language,
    };
  } catch {
    return defaults;
  }
}

export const preferences = createStore({
  context: stored(),
  on: {
    themeChosen: (context, event: { theme: Theme }) => ({ ...context, theme: event.theme }),
    timeChosen: (context, event: { time: TimeMode }) => ({ ...context, time: event.time }),
    languageChosen: (context, event: { language: Language }) => ({ ...context, language: event.language }),
  },
});

export const usePreference = <K extends keyof Preferences>(name: K): Preferences[K] =>
  useSelector(preferences, (state) => state.context[name]);

/** Writes them to the document and to the browser's store; called once per page. */
export function applyPreferences(): void {
  const apply = ({ theme, ...rest }: Preferences) => {
    const root = document.documentElement;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.lang = rest.language;
    try {
      localStorage.setItem(PLACE, JSON.stringify({ theme, ...rest }));
    } catch {
      // A browser that keeps nothing still shows the page.
    }
  };
  apply(preferences.getSnapshot().context);
  preferences.subscribe(({ context }) => apply(context));
}
