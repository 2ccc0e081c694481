// What just happened, and what will by itself.
import { type ComponentChildren, Fragment } from "preact";
import { useState } from "preact/hooks";
import type { HappenedLine, SandboxState } from "../../support/answers/sandbox.ts";
import { actorPath } from "../api.ts";
import { Icon } from "../parts/icon.tsx";
import { duration } from "../parts/time.tsx";
import { type Language, usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import { copyText } from "./copy.ts";
import { doDeed, sandbox, scenarioText } from "./store.ts";
import { TEXTS } from "./words.ts";

const SHOWN = 40;

const whenText = (at: number, language: Language): string =>
  new Intl.DateTimeFormat(language === "ru" ? "ru" : "en-GB", {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    ...(new Date(at).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }),
  }).format(at);

export function Side({ state, onReplay }: { readonly state: SandboxState; readonly onReplay: () => void }) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const { happened, timers, clock, play } = state;
  const wanted = play?.do === "nextTimer" ? timers.find(({ machine }) => machine === play.machine) : null;
  return (
    <aside class="pane side">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also while its buttons are disabled */}
      <section class="scroll" tabIndex={0} aria-labelledby="happened">
        <h2 id="happened">{t.happened}</h2>
        {happened.length === 0 && <p class="quiet-text">{t.nothing}</p>}
        <ol class="happened">
          {happened.slice(0, SHOWN).map((line) => (
            <Happened key={`${line.address} ${line.seq}`} line={line} language={language} />
          ))}
        </ol>
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also while its buttons are disabled */}
      <section class="scroll timers" tabIndex={0} aria-labelledby="timers">
        <h2 id="timers">{t.timers}</h2>
        {clock.status === "unsettled" && <p class="note warn small">{t.unsettled}</p>}
        {clock.wentOn.ms > 0 && (
          <p class="note info small" data-went-on>
            {fill(t.wentOn, {
              time: duration(clock.wentOn.ms, language),
              waits: clock.wentOn.waits.join(", "),
            })}
          </p>
        )}
        {timers.length === 0 && <p class="quiet-text">{t.noTimers}</p>}
        <ol class="happened">
          {timers.map((timer) => {
            const { address, machine, id, name, dueAt } = timer;
            return (
              <li key={`${address} ${id}`} class="clock-row" data-timer={name}>
                <span>
                  <b class="mono">{name}</b>
                  <span class="quiet-text small">
                    {machine} · {whenText(dueAt, language)} ·{" "}
                    {fill(t.inDays, { time: duration(Math.max(0, dueAt - clock.now), language) })}
                  </span>
                </span>
                <button
                  type="button"
                  class="quiet round"
                  aria-label={fill(t.goTo, { timer: `${machine} ${name}` })}
                  disabled={clock.status === "moving"}
                  data-next={timer === wanted && timer !== timers[0]}
                  onClick={() => void doDeed({ do: "nextTimer", machine, timer: name })}
                >
                  <Icon name="skip" />
                </button>
              </li>
            );
          })}
        </ol>
      </section>
      <footer>
        <CopyScenario deeds={state.deeds} />
        <button type="button" class="quiet" onClick={onReplay}>
          {t.replay}…
        </button>
      </footer>
    </aside>
  );
}

function Happened({ line, language }: { readonly line: HappenedLine; readonly language: Language }) {
  const t = useWords(TEXTS);
  const who = { customer: t.customer, clock: t.clockWho, system: t.system, staff: t.staff }[line.who];
  const machine = line.address.slice(0, line.address.indexOf("/"));
  return (
    <li data-who={line.who} data-event={line.event} data-changes={`${machine} ${line.to.join(" ")}`}>
      <span class="quiet-text small">
        {whenText(line.at, language)} · {who}
      </span>
      <a class="event mono" href={`${actorPath(line.address)}/events/${line.seq}`}>
        {shortEvent(line.event)}
      </a>
      <span class="mono change">
        {line.outcome !== "applied"
          ? `${machine}: ${line.outcome === "failed" ? t.failed : t.ignored}`
          : line.to.length === 0
            ? `${machine}: ${t.noChange}`
            : breakable(`${machine} → ${line.to.join(", ")}`)}
      </span>
      {line.effects.length > 0 && <span class="quiet-text small effects">{effectsText(line.effects)}</span>}
    </li>
  );
}

/** To whom something is told is known by the kind of actor: `tell invite entitlement.changed`. */
const effectsText = (effects: readonly string[]): string =>
  [...new Set(effects.map((effect) => effect.replace(/\b([a-z]+)\/\S+/g, "$1")))].join(", ");

/** Long paths of states break after a dot, not within a word. */
const breakable = (text: string): ComponentChildren =>
  text.split(/(?<=\.)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));

/** `xstate.after.periodEnd.subscription.billing.active.term` is `after periodEnd` to people. */
function shortEvent(event: string): string {
  const after = /^xstate\.after\.([^.]+)/.exec(event);
  if (after) return `after ${after[1]}`;
  const done = /^xstate\.(done|error)\.actor\.(?:\d+\.)?(.+)$/.exec(event);
  return done ? `${done[1]} ${done[2]?.split(".").at(-1) ?? ""}` : event;
}

function CopyScenario({ deeds }: { readonly deeds: number }) {
  const t = useWords(TEXTS);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    let text: string;
    try {
      text = await scenarioText();
    } catch (error) {
      return sandbox.trigger.noted({ note: error instanceof Error ? error.message : String(error) });
    }
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class="quiet" data-scenario onClick={() => void copy()}>
      {isCopied ? t.copied : fill(t.scenario, { n: deeds })}
    </button>
  );
}
