// The clock, and everything that changes the world as a whole.
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { actorPath } from "../api.ts";
import { Icon } from "../parts/icon.tsx";
import { type Language, preferences, usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import { doDeed, reset, sandbox, useSandbox } from "./store.ts";
import { TEXTS } from "./words.ts";

const HOUR_MS = 3_600_000;

/** With the year, for one gets far, and the zone, for the reader's is not always the service's. */
const clockText = (at: number, language: Language): string => {
  const locale = language === "ru" ? "ru" : "en-GB";
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(at);
  const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  return `${day}, ${new Intl.DateTimeFormat(locale, time).format(at)}`;
};

export function TopBar({
  state,
  shown,
  onOpen,
}: {
  readonly state: SandboxState;
  /** Address of the actor that is looked at. */
  readonly shown: string | null;
  readonly onOpen: (dialog: "break" | "reset") => void;
}) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const isPlaying = useSandbox((known) => known.isPlaying);
  const { clock, play, breakages } = state;
  const isOver = play === null && state.steps.some(({ key, isDone }) => key === "renewal" && isDone);
  const isMoving = clock.status === "moving";
  const status = { moving: t.moving, settled: t.settled, unsettled: t.unsettled }[clock.status];
  const broken = breakages.filter(({ isOn }) => isOn).length;
  const advance = (ms: number) => void doDeed({ do: "advance", ms });
  const speak = () => {
    const other = language === "ru" ? "en" : "ru";
    preferences.trigger.languageChosen({ language: other });
    void doDeed({ do: "language", language: other });
  };
  return (
    <header class="top">
      <h1>{t.title}</h1>
      <span class="chip warn badge">{t.badge}</span>
      <button
        type="button"
        class="play"
        data-play
        aria-pressed={isPlaying}
        disabled={play === null && !isPlaying && !isOver}
        onClick={() => {
          if (isPlaying) sandbox.trigger.playStopped();
          else if (isOver) void reset("new", language).then(() => sandbox.trigger.playStarted());
          else sandbox.trigger.playStarted();
        }}
      >
        <Icon name={isPlaying ? "pause" : "play"} /> {isPlaying ? t.pause : isOver ? t.playAgain : t.play}
      </button>
      <span class="grow" />
      <fieldset class="clock" data-status={clock.status}>
        <legend class="visually-hidden">{t.clock}</legend>
        <Icon name="clock" />
        <time dateTime={new Date(clock.now).toISOString()}>{clockText(clock.now, language)}</time>
        <span class="status" title={status}>
          <span class="visually-hidden">{status}</span>
        </span>
        <button type="button" aria-label={t.hourLong} disabled={isMoving} onClick={() => advance(HOUR_MS)}>
          {t.hour}
        </button>
        <button type="button" aria-label={t.dayLong} disabled={isMoving} onClick={() => advance(24 * HOUR_MS)}>
          {t.day}
        </button>
        <button type="button" aria-label={t.weekLong} disabled={isMoving} onClick={() => advance(7 * 24 * HOUR_MS)}>
          {t.week}
        </button>
        <button
          type="button"
          class="primary skip"
          data-next={play?.do === "nextTimer" && clock.next?.machine === play.machine}
          disabled={isMoving || clock.next === null}
          onClick={() => void doDeed({ do: "nextTimer" })}
        >
          <Icon name="skip" />
          <span class="timer-name">{clock.next ? fill(t.next, { timer: clock.next.name }) : t.noTimer}</span>
        </button>
      </fieldset>
      <button type="button" class={broken > 0 ? "is-broken" : ""} onClick={() => onOpen("break")}>
        <Icon name="warn" /> {broken > 0 ? fill(t.broken, { n: broken }) : t.break}
      </button>
      <button type="button" onClick={speak} aria-label={t.otherLanguageLong} lang={language === "ru" ? "en" : "ru"}>
        {t.otherLanguage}
      </button>
      <button type="button" onClick={() => onOpen("reset")}>
        {t.reset}
      </button>
      <a class="button" href={shown === null ? "/console" : actorPath(shown)}>
        {t.console} <Icon name="right" />
      </a>
    </header>
  );
}
