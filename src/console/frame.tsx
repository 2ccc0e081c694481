// What stands around every page: navigation, the search box, the badge that says where one is, and the reader's own switches.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Me } from "../support/answers/operations.ts";
import { Chip } from "./parts/chips.tsx";
import { preferences, type Theme, type TimeMode, usePreference } from "./preferences.ts";
import { NAVIGATION, PAGE_NAMES } from "./routes.ts";
import { useWords, words } from "./words.ts";

const TEXTS = words({
  en: {
    search: "Telegram id, @username, charge id or actor id",
    skip: "To the content",
    navigation: "Pages",
    loopback: "loopback only",
    reachable: "reachable from the network",
    sandbox: "sandbox data",
    theme: "Theme",
    system: "System",
    light: "Light",
    dark: "Dark",
    time: "Time",
    local: "Local",
    utc: "UTC",
    relative: "Relative",
    language: "Language",
  },
  ru: {
    search: "Telegram id, @username, id платежа или актора",
    skip: "К содержанию",
    navigation: "Страницы",
    loopback: "только этот компьютер",
    reachable: "доступно по сети",
    sandbox: "песочница",
    theme: "Тема",
    system: "Как в системе",
    light: "Светлая",
    dark: "Тёмная",
    time: "Время",
    local: "Местное",
    utc: "UTC",
    relative: "Относительное",
    language: "Язык",
  },
});

export function Frame({ me, children }: { readonly me: Me; readonly children: ComponentChildren }) {
  const t = useWords(TEXTS);
  const names = useWords(PAGE_NAMES);
  const { path, route } = useLocation();
  const search = useRef<HTMLInputElement>(null);
  const theme = usePreference("theme");
  const time = usePreference("time");
  const language = usePreference("language");

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div class="frame">
      <header>
        <a class="visually-hidden" href="#content">
          {t.skip}
        </a>
        <a class="brand" href="/console">
          Console
        </a>
        <search>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const text = search.current?.value.trim() ?? "";
              if (text !== "") route(`/console/search?q=${encodeURIComponent(text)}`);
            }}
          >
            <input
              ref={search}
              type="search"
              name="q"
              aria-label={t.search}
              placeholder={`${t.search}  ( / )`}
              autocomplete="off"
            />
          </form>
        </search>
        <Chip
          text={me.loopbackOnly ? `127.0.0.1 · ${t.loopback}` : t.reachable}
          tone={me.loopbackOnly ? "plain" : "warn"}
        />
        {me.mode === "sandbox" && <Chip text={t.sandbox} tone="warn" />}
        <select
          aria-label={t.theme}
          value={theme}
          onChange={(event) => preferences.trigger.themeChosen({ theme: event.currentTarget.value as Theme })}
        >
          <option value="system">{t.system}</option>
          <option value="light">{t.light}</option>
          <option value="dark">{t.dark}</option>
        </select>
        <select
          aria-label={t.time}
          value={time}
          onChange={(event) => preferences.trigger.timeChosen({ time: event.currentTarget.value as TimeMode })}
        >
          <option value="local">{t.local}</option>
          <option value="utc">{t.utc}</option>
          <option value="relative">{t.relative}</option>
        </select>
        <button
          type="button"
          aria-label={t.language}
          onClick={() => preferences.trigger.languageChosen({ language: language === "en" ? "ru" : "en" })}
        >
          {language === "en" ? "RU" : "EN"}
        </button>
      </header>
      <nav aria-label={t.navigation}>
        {NAVIGATION.map(({ name, href }) => {
          const isHere = href === "/console" ? path === href : path === href || path.startsWith(`${href}/`);
          return (
            <a key={name} href={href} {...(isHere ? { "aria-current": "page" as const } : {})}>
              {names[name]}
            </a>
          );
        })}
      </nav>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
