// One event in full: what it carried, who caused it, what was asked for and which timers it moved.
import type { HistoryEntry } from "../../support/answers/actors.ts";
import { Id } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { useWords, words } from "../words.ts";
import { changedRegions } from "./regions.ts";
import { timerChange } from "./telling.ts";

const TEXTS = words({
  en: {
    event: "Event",
    cause: "Cause",
    note: "Note",
    change: "States",
    set: "Timer set",
    cancelled: "Timer cancelled",
    entry: "Entry",
    until: "due",
  },
  ru: {
    event: "Событие",
    cause: "Причина",
    note: "Примечание",
    change: "Состояния",
    set: "Таймер поставлен",
    cancelled: "Таймер снят",
    entry: "Запись",
    until: "срок",
  },
});

/** `tell <address> <event>` names an actor, whose address alone would fill the line. */
export function Effects({ effects }: { readonly effects: readonly string[] }) {
  if (effects.length === 0) return null;
  return <span class="effects small quiet-text">{effects.map(shortEffect).join(", ")}</span>;
}

const shortEffect = (effect: string): string => {
  const [, machine, event] = /^(?:tell|broadcast) ([a-z]+)?\S* (\S+)$/.exec(effect) ?? [];
  return event === undefined ? effect : `${event} → ${machine ?? "…"}`;
};

export function EntryDetail({ entry }: { readonly entry: HistoryEntry }) {
  const t = useWords(TEXTS);
  const { kind, id, by } = entry.cause;
  return (
    <dl class="fact-list detail">
      <dt>{t.event}</dt>
      <dd>
        <pre>{JSON.stringify(entry.event, null, 2)}</pre>
      </dd>
      <dt>{t.cause}</dt>
      <dd>
        {kind} <code>{id}</code> {by ?? ""}
      </dd>
      {entry.note && (
        <>
          <dt>{t.note}</dt>
          <dd>{entry.note}</dd>
        </>
      )}
      {changedRegions(entry.from, entry.to).map(({ region, from, to }) => (
        <>
          <dt>{region || t.change}</dt>
          <dd class="mono">
            {from ?? "—"} → {to ?? "—"}
          </dd>
        </>
      ))}
      {(entry.timers ?? []).map(timerChange).map(({ isSet, id: timer, dueAt }) => (
        <>
          <dt>{isSet ? t.set : t.cancelled}</dt>
          <dd>
            <code>{timer}</code>
            {dueAt !== null && (
              <>
                , {t.until} <Time at={dueAt} />
              </>
            )}
          </dd>
        </>
      ))}
      {(entry.effects ?? []).map((effect, at) => (
        <dd class="wide mono" key={at}>
          {effect}
        </dd>
      ))}
      <dt>{t.entry}</dt>
      <dd>
        <Id text={entry.entryId} />
      </dd>
    </dl>
  );
}
