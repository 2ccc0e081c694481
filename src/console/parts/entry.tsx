// Cells of a history: who caused it, and what it changed.
import type { HistoryEntry } from "../../support/answers/actors.ts";
import { changedRegions } from "../actor/regions.ts";
import { whoOf } from "../actor/telling.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    customer: "customer",
    system: "system",
    clock: "clock",
    staff: "staff",
    same: "no state change",
    ignored: "ignored",
    failed: "failed",
    gone: "ended",
  },
  ru: {
    customer: "клиент",
    system: "система",
    clock: "часы",
    staff: "сотрудник",
    same: "состояние то же",
    ignored: "не применимо",
    failed: "ошибка",
    gone: "закончилось",
  },
});

type Entry = Pick<HistoryEntry, "cause" | "from" | "to" | "outcome">;

export function Who({ cause }: Pick<Entry, "cause">) {
  const t = useWords(TEXTS);
  const who = whoOf(cause);
  return (
    <>
      {who === "staff" && cause.by ? `${cause.by} · ${t.staff}` : t[who]}
      {cause.reason && <span class="cell-sub">{cause.reason}</span>}
    </>
  );
}

/** Only the regions that changed. */
export function Moved({ from, to, outcome }: Omit<Entry, "cause">) {
  const t = useWords(TEXTS);
  if (outcome !== "applied") return <span class={outcome === "failed" ? "chip bad" : "chip"}>{t[outcome]}</span>;
  const changes = changedRegions(from, to);
  if (changes.length === 0) return <div class="quiet-text">{t.same}</div>;
  return (
    <ul class="moves">
      {changes.map((change) => (
        <li key={change.region}>
          {change.region !== "" && <code class="quiet-text">{change.region}: </code>}
          {change.from !== null && <code>{change.from}</code>}
          <span class="arrow" aria-hidden="true">
            →
          </span>
          {change.to === null ? t.gone : <code>{change.to}</code>}
        </li>
      ))}
    </ul>
  );
}
