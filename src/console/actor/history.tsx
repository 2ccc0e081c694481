// What happened to an actor, newest first: only what changed, who caused it, and the long silences between.
import { useEffect, useRef, useState } from "preact/hooks";
import type { HistoryEntry } from "../../support/answers/actors.ts";
import { actorPath } from "../api.ts";
import { Icon } from "../parts/icon.tsx";
import { duration, Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { fill, useWords, words } from "../words.ts";
import { Effects, EntryDetail } from "./entry-detail.tsx";
import { changedRegions } from "./regions.ts";
import { eventName, gapBetween, HISTORY_FILTERS, type HistoryFilter, isShown, whoOf } from "./telling.ts";

const TEXTS = words({
  en: {
    filter: "Show",
    all: "All",
    errors: "Errors",
    money: "Money",
    staff: "Support",
    customer: "customer",
    system: "system",
    clock: "clock",
    who_staff: "support",
    same: "no state change",
    ignored: "ignored",
    failed: "failed",
    later: "{time} later",
    nothing: "No such events.",
    older: "Older events",
    details: "Details of event {seq}",
  },
  ru: {
    filter: "Показать",
    all: "Все",
    errors: "Ошибки",
    money: "Деньги",
    staff: "Поддержка",
    customer: "клиент",
    system: "система",
    clock: "часы",
    who_staff: "поддержка",
    same: "состояние прежнее",
    ignored: "без последствий",
    failed: "сбой",
    later: "спустя {time}",
    nothing: "Таких событий нет.",
    older: "Более ранние",
    details: "Подробности события {seq}",
  },
});

export function History({
  address,
  entries,
  shown,
  onOlder,
}: {
  readonly address: string;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** The event that the page stands at. */
  readonly shown: number | null;
  /** Null: all are there. */
  readonly onOlder: (() => void) | null;
}) {
  const t = useWords(TEXTS);
  const [filter, setFilter] = useState<HistoryFilter>("all");
  const listed = entries.filter((entry) => isShown(entry, filter));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => bringIntoSight(list.current), [shown]);
  return (
    <div class="history" ref={list}>
      <fieldset class="row filters" aria-label={t.filter}>
        {HISTORY_FILTERS.map((name) => (
          <button key={name} type="button" class="quiet" aria-pressed={filter === name} onClick={() => setFilter(name)}>
            {t[name]}
          </button>
        ))}
      </fieldset>
      {listed.length === 0 && <p class="quiet-text pad">{t.nothing}</p>}
      <ol class="entries">
        {listed.map((entry, at) => (
          <Row
            key={entry.entryId}
            address={address}
            entry={entry}
            isShown={entry.seq === shown}
            gap={gapSince(listed[at + 1], entry)}
          />
        ))}
      </ol>
      {onOlder && (
        <p class="pad">
          <button type="button" class="quiet" onClick={onOlder}>
            {t.older}
          </button>
        </p>
      )}
    </div>
  );
}

/** Scrolls the list's own panel only: the page stays where its reader left it. */
function bringIntoSight(list: HTMLElement | null): void {
  const row = list?.querySelector<HTMLElement>("[aria-current]");
  const panel = list?.closest<HTMLElement>(".panel");
  if (!row || !panel || panel.scrollHeight <= panel.clientHeight) return;
  const [inside, around] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
  if (inside.top < around.top) panel.scrollTop += inside.top - around.top;
  else if (inside.bottom > around.bottom) panel.scrollTop += inside.bottom - around.bottom;
}

const gapSince = (earlier: HistoryEntry | undefined, entry: HistoryEntry): number | null =>
  earlier ? gapBetween(earlier.at, entry.at) : null;

function Row({
  address,
  entry,
  isShown: isHere,
  gap,
}: {
  readonly address: string;
  readonly entry: HistoryEntry;
  readonly isShown: boolean;
  readonly gap: number | null;
}) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const [isOpen, setOpen] = useState(false);
  const who = whoOf(entry.cause);
  const changes = changedRegions(entry.from, entry.to);
  return (
    <>
      <li
        class="entry"
        data-seq={entry.seq}
        data-outcome={entry.outcome}
        {...(isHere ? { "aria-current": "step" } : {})}
      >
        <span class="seq">{entry.seq}</span>
        <div class="when">
          <Time at={entry.at} isBrief />
          <span class={`who ${who}`}>
            {t[who === "staff" ? "who_staff" : who]}
            {who === "staff" && entry.cause.by ? ` · ${entry.cause.by}` : ""}
          </span>
          {entry.cause.reason && <q class="small">{entry.cause.reason}</q>}
        </div>
        <div class="what">
          <a class="mono" href={`${actorPath(address)}/events/${entry.seq}`}>
            {eventName(entry.event.type)}
          </a>
          {entry.outcome === "failed" && <span class="chip bad">{t.failed}</span>}
          {entry.outcome === "ignored" && <span class="chip">{t.ignored}</span>}
          {changes.map(({ region, from, to }) => (
            <span class="mono change" key={`${region} ${to}`} title={`${from ?? "—"} → ${to ?? "—"}`}>
              {region !== "" && `${region} `}→ {to ?? "—"}
            </span>
          ))}
          {changes.length === 0 && entry.outcome === "applied" && <span class="small quiet-text">{t.same}</span>}
          <Effects effects={entry.effects ?? []} />
        </div>
        <button
          type="button"
          class="quiet more"
          aria-expanded={isOpen}
          aria-label={fill(t.details, { seq: entry.seq })}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "up" : "down"} />
        </button>
        {isOpen && <EntryDetail entry={entry} />}
      </li>
      {gap !== null && <li class="gap">{fill(t.later, { time: duration(gap, language) })}</li>}
    </>
  );
}
