// What an actor knows, waits for and is related to.
import type { ActorLine, ActorPage, Difference, PastActor } from "../../support/answers/actors.ts";
import { StateChips } from "../parts/chips.tsx";
import { ActorLink } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    changed: "Changed by this event",
    unchanged: "This event changed nothing here.",
    context: "Context",
    inexact:
      "Today’s machine leads elsewhere than the record says: the states are the record’s, the context may differ from what it was.",
    noTimers: "No timer is set.",
    timer: "Timer",
    due: "Due",
    running: "Waits for the result of",
    alone: "No other actors belong to this person or payment.",
    personal: "personal",
  },
  ru: {
    changed: "Изменило это событие",
    unchanged: "Это событие здесь ничего не изменило.",
    context: "Контекст",
    inexact:
      "Сегодняшняя машина приводит не туда, куда говорит запись: состояния взяты из записи, контекст мог быть другим.",
    noTimers: "Таймеров нет.",
    timer: "Таймер",
    due: "Срок",
    running: "Ждёт результата",
    alone: "У этого человека или платежа других акторов нет.",
    personal: "личное",
  },
});

const shown = (value: unknown): string => (value === undefined ? "—" : JSON.stringify(value, null, 1));

export function ContextTab({ page, past }: { readonly page: ActorPage; readonly past: PastActor | null }) {
  const t = useWords(TEXTS);
  const context = past?.context ?? page.context;
  return (
    <div class="stack pad">
      {past && !past.exact && <p class="note warn">{t.inexact}</p>}
      {past && <Differences difference={past.difference} />}
      <h2>{t.context}</h2>
      <dl class="fact-list">
        {Object.entries(context).map(([name, value]) => (
          <>
            <dt>
              <code>{name}</code>
              {page.personal.includes(name) && <span class="chip">{t.personal}</span>}
            </dt>
            <dd>
              <pre>{shown(value)}</pre>
              {isInstant(name, value) && (
                <span class="small quiet-text">
                  <Time at={value} />
                </span>
              )}
            </dd>
          </>
        ))}
      </dl>
    </div>
  );
}

/** Epoch milliseconds of this century: a number that a person reads as a date. */
const isInstant = (name: string, value: unknown): value is number =>
  typeof value === "number" && value > 946_684_800_000 && value < 4_102_444_800_000 && !/id$/i.test(name);

function Differences({ difference }: { readonly difference: readonly Difference[] }) {
  const t = useWords(TEXTS);
  if (difference.length === 0) return <p class="quiet-text">{t.unchanged}</p>;
  return (
    <>
      <h2>{t.changed}</h2>
      <dl class="fact-list difference">
        {difference.map(({ path, before, after }) => (
          <>
            <dt>
              <code>{path}</code>
            </dt>
            <dd>
              <del>{shown(before)}</del> <ins>{shown(after)}</ins>
            </dd>
          </>
        ))}
      </dl>
    </>
  );
}

export function TimersTab({ page, past }: { readonly page: ActorPage; readonly past: PastActor | null }) {
  const t = useWords(TEXTS);
  const timers = past?.timers ?? Object.entries(page.timers).map(([id, { dueAt }]) => ({ id, dueAt }));
  const running = past?.invocations ?? Object.values(page.invocations).map(({ src }) => src);
  return (
    <div class="stack pad">
      {timers.length === 0 ? (
        <p class="quiet-text">{t.noTimers}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.timer}</th>
              <th scope="col">{t.due}</th>
            </tr>
          </thead>
          <tbody>
            {[...timers]
              .sort((one, other) => one.dueAt - other.dueAt)
              .map(({ id, dueAt }) => (
                <tr key={id} data-timer={id}>
                  <td>
                    <code>{id}</code>
                  </td>
                  <td>
                    <Time at={dueAt} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
      {running.length > 0 && (
        <p>
          {t.running} <code>{running.join(", ")}</code>
        </p>
      )}
    </div>
  );
}

export function RelatedTab({ related }: { readonly related: readonly ActorLine[] }) {
  const t = useWords(TEXTS);
  if (related.length === 0) return <p class="quiet-text pad">{t.alone}</p>;
  return (
    <ul class="related pad">
      {related.map(({ address, states, nextTimer }) => (
        <li key={address} class="stack tight">
          <ActorLink address={address} />
          <StateChips states={states} />
          {nextTimer && (
            <span class="small quiet-text">
              <code>{nextTimer.id}</code> <Time at={nextTimer.dueAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
