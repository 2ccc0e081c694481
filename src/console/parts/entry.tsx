// Cells of a history: who caused it, and what it changed.
import type { HistoryEntry } from "../../support/answers/actors.ts";
import { movesOf } from "../moves.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    update: "Telegram",
    timer: "clock",
    effect: "system",
    staff: "staff",
    customer: "customer",
    system: "system",
    same: "no state change",
    ignored: "ignored",
    failed: "failed",
    gone: "ended",
  },
  ru: {
    update: "Telegram",
    timer: "часы",
    effect: "система",
    staff: "сотрудник",
    customer: "клиент",
    system: "система",
    same: "состояние то же",
    ignored: "не применимо",
    failed: "ошибка",
    gone: "закончилось",
  },
});

type Entry = Pick<HistoryEntry, "cause" | "from" | "to" | "outcome">;

export function Who({ cause }: Pick<Entry, "cause">) {
  const t = useWords(TEXTS);
  return (
    <>
      {cause.by && cause.kind !== "customer" ? `${cause.by} · ${t[cause.kind]}` : t[cause.kind]}
      {cause.reason && <span class="cell-sub">{cause.reason}</span>}
    </>
  );
}

export function Moved({ from, to, outcome }: Omit<Entry, "cause">) {
  const t = useWords(TEXTS);
  if (outcome !== "applied") return <span class={outcome === "failed" ? "chip bad" : "chip"}>{t[outcome]}</span>;
  const moves = movesOf(from, to);
  if (moves.length === 0) return <span class="quiet-text">{t.same}</span>;
  return (
    <ul class="moves">
      {moves.map((move) => (
        <li key={move.to ?? move.from}>
          {move.from && <code>{move.from}</code>}
          <span class="arrow" aria-hidden="true">
            →
          </span>
          {move.to ? <code>{move.to}</code> : t.gone}
        </li>
      ))}
    </ul>
  );
}
