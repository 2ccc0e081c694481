// What stands around every page: navigation, the search box, the badge that says where one is, and the reader's own switches.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Me } from "../support/answers/operations.ts";
import { KeyboardHelp } from "./help.tsx";
import { Chip } from "./parts/chips.tsx";
import { Icon } from "./parts/icon.tsx";
import { NeedsRole } from "./parts/needs-role.tsx";
import { preferences, type Theme, type TimeMode, usePreference } from "./preferences.ts";
import { mayOpen } from "./roles.ts";
import { NAVIGATION, PAGE_NAMES } from "./routes.ts";
import { logOut } from "./session.ts";
import { setTitle } from "./title.ts";
import { useWords, words } from "./words.ts";

/** How the service calls somebody whom it lets in without a token: on the sandbox's own machine. */
const VISITOR = "sandbox";

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
    help: "Keyboard",
    toSandbox: "Sandbox",
    logOut: "Log out",
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
    help: "Клавиатура",
    toSandbox: "Песочница",
    logOut: "Выйти",
  },
});

/** A page stays the same page while one moves along its events or opens its dialogs. */
const pageOf = (path: string): string => path.replace(/\/(?:events\/\d+|send|force)$/, "");

/** The name of the page in the navigation that a path belongs to. */
const sectionOf = (path: string) =>
  NAVIGATION.find(({ href }) => (href === "/console" ? path === href : path === href || path.startsWith(`${href}/`)));

export function Frame({
  me,
  children,
}: {
  readonly me: Me;
  /** @param place which page it is, whatever part of it is shown */
  readonly children: (place: string) => ComponentChildren;
}) {
  const t = useWords(TEXTS);
  const names = useWords(PAGE_NAMES);
  const { path, query, route } = useLocation();
  const search = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  const theme = usePreference("theme");
  const time = usePreference("time");
  const language = usePreference("language");
  const [isHelpOpen, setHelpOpen] = useState(false);
  const place = pageOf(path);
  const section = sectionOf(path);
  const title = section ? names[section.name] : null;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") search.current?.focus();
      else if (event.key === "?") setHelpOpen(true);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  // Before the page's own effects, which may know a better title.
  useLayoutEffect(() => {
    if (title !== null) setTitle(title);
  }, [title, place]);

  // A reader of the screen is told where they are; the first page is left alone.
  const shownPlace = useRef(place);
  useEffect(() => {
    if (shownPlace.current === place) return;
    shownPlace.current = place;
    main.current?.focus({ preventScroll: true });
    if (main.current) main.current.scrollTop = 0;
  }, [place]);

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
              aria-keyshortcuts="/"
              placeholder={`${t.search}  ( / )`}
              autocomplete="off"
              spellcheck={false}
              defaultValue={path === "/console/search" ? query.q : ""}
            />
          </form>
        </search>
        <Chip
          text={me.loopbackOnly ? `127.0.0.1 · ${t.loopback}` : t.reachable}
          tone={me.loopbackOnly ? "plain" : "warn"}
        />
        {me.mode === "sandbox" && <Chip text={t.sandbox} tone="warn" />}
        <div class="switches">
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
            aria-label={`${language === "en" ? "RU" : "EN"} · ${t.language}: ${language === "en" ? "Русский" : "English"}`}
            onClick={() => preferences.trigger.languageChosen({ language: language === "en" ? "ru" : "en" })}
          >
            {language === "en" ? "RU" : "EN"}
          </button>
          <button
            type="button"
            aria-label={t.help}
            aria-keyshortcuts="?"
            title={`${t.help} ( ? )`}
            onClick={() => setHelpOpen(true)}
          >
            <Icon name="help" />
          </button>
          {me.mode === "sandbox" && (
            <a class="button" href="/sandbox">
              ← {t.toSandbox}
            </a>
          )}
          {me.name !== VISITOR && (
            <>
              <span class="who small">
                {me.name} · {me.role}
              </span>
              <button type="button" onClick={() => void logOut()}>
                {t.logOut}
              </button>
            </>
          )}
        </div>
      </header>
      <nav aria-label={t.navigation}>
        {NAVIGATION.filter(({ role }) => mayOpen(me.role, role)).map(({ name, href }) => (
          <a key={name} href={href} {...(section?.name === name ? { "aria-current": "page" as const } : {})}>
            {names[name]}
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={-1} ref={main}>
        {section && !mayOpen(me.role, section.role) ? (
          <>
            <h1>{title}</h1>
            <p>
              <NeedsRole role={section.role} />
            </p>
          </>
        ) : (
          children(place)
        )}
      </main>
      {isHelpOpen && <KeyboardHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
