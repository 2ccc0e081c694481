// What would happen, told before it does: now and after, what runs, which timers move, who else hears of it, what the customer reads.
import type { Plan, PlannedStep } from "../../support/answers/actors.ts";
import { ActorLink } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { fill, useWords, words } from "../words.ts";
import { changedRegions } from "./regions.ts";
import { eventName } from "./telling.ts";

const TEXTS = words({
  en: {
    now: "now",
    after: "after",
    nobody: "does not exist yet",
    run: "Will run",
    nothing: "nothing",
    timers: "Timers",
    cancelled: "cancelled",
    set: "set, due",
    follows: "Then follows",
    assumed: "if {work} succeeds",
    told: "The customer will be told",
    untold: "The customer is told nothing.",
    ignored: "In this state the event changes nothing.",
    noActor: "There is no such actor for this event.",
    final: "{state} is a final state: this cannot be undone.",
    approval: "This needs a second person: it waits until somebody else approves it.",
  },
  ru: {
    now: "сейчас",
    after: "после",
    nobody: "ещё не существует",
    run: "Выполнится",
    nothing: "ничего",
    timers: "Таймеры",
    cancelled: "снят",
    set: "поставлен, срок",
    follows: "Затем последует",
    assumed: "если удастся {work}",
    told: "Клиент прочтёт",
    untold: "Клиенту ничего не сообщается.",
    ignored: "В этом состоянии событие ничего не изменит.",
    noActor: "Для этого события такого актора нет.",
    final: "{state} — конечное состояние: отменить будет нельзя.",
    approval: "Нужен второй человек: команда ждёт, пока её не согласует кто-то ещё.",
  },
});

export function PlanView({ plan }: { readonly plan: Plan }) {
  const t = useWords(TEXTS);
  const { step, before, after } = plan;
  const changed = new Set(after.filter((path) => !before.includes(path)));
  return (
    <div class="stack plan" data-plan={step.outcome}>
      <div class="now-after">
        <div class="box">
          <span class="small quiet-text">{t.now}</span>
          <States states={before} none={t.nobody} />
        </div>
        <span aria-hidden="true">→</span>
        <div class={`box ${changed.size > 0 ? "differs" : ""}`}>
          <span class="small quiet-text">{t.after}</span>
          <States states={after} none={t.nobody} marked={changed} />
        </div>
      </div>
      {step.outcome === "ignored" && <p class="note warn">{t.ignored}</p>}
      {step.outcome === "noActor" && <p class="note warn">{t.noActor}</p>}
      <p>
        <b>{t.run}:</b> {step.effects.length === 0 ? t.nothing : <code>{step.effects.join(", ")}</code>}
      </p>
      <Timers step={step} />
      {plan.follows.length > 0 && (
        <div class="stack tight">
          <b>{t.follows}:</b>
          <ul class="follows">
            {plan.follows.map((follow, at) => (
              <Follow key={at} step={follow} />
            ))}
          </ul>
        </div>
      )}
      {plan.told.length === 0
        ? step.outcome === "applied" && <p class="quiet-text">{t.untold}</p>
        : plan.told.map(({ notice, text, language, assumes }) => (
            <div class="stack tight" key={`${notice} ${language}`}>
              <span>
                <b>{t.told}:</b>
                <Assumed assumes={assumes} />
              </span>
              <blockquote class="bubble" lang={language} data-notice={notice}>
                {text}
              </blockquote>
            </div>
          ))}
      {plan.final && <p class="note warn">{fill(t.final, { state: endOf(plan) })}</p>}
      {plan.approval && <p class="note info">{t.approval}</p>}
    </div>
  );
}

/** Where the actor itself has come with all that follows. */
function endOf({ step, follows, after }: Plan): string {
  const own = [step, ...follows].filter(({ address, to }) => address === step.address && to.length > 0).at(-1);
  return (own?.to ?? after).join(" · ");
}

function States({
  states,
  none,
  marked,
}: {
  readonly states: readonly string[];
  readonly none: string;
  readonly marked?: ReadonlySet<string>;
}) {
  if (states.length === 0) return <span>{none}</span>;
  return (
    <span class="mono states">
      {states.map((state) => (marked?.has(state) ? <b key={state}>{state}</b> : <span key={state}>{state}</span>))}
    </span>
  );
}

function Timers({ step }: { readonly step: PlannedStep }) {
  const t = useWords(TEXTS);
  const again = new Set(step.timersSet.map(({ id }) => id));
  const cancelled = step.timersCancelled.filter((id) => !again.has(id));
  if (step.timersSet.length + cancelled.length === 0) return null;
  return (
    <div class="stack tight">
      <b>{t.timers}:</b>
      <ul>
        {cancelled.map((id) => (
          <li key={id}>
            <code>{id}</code> {t.cancelled}
          </li>
        ))}
        {step.timersSet.map(({ id, dueAt }) => (
          <li key={id}>
            <code>{id}</code> {t.set} <Time at={dueAt} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Follow({ step }: { readonly step: PlannedStep }) {
  const t = useWords(TEXTS);
  const changes = changedRegions(step.from, step.to);
  return (
    <li>
      <code>{eventName(step.event)}</code> → <ActorLink address={step.address} />
      {changes.map(({ region, to }) => (
        <span class="mono" key={`${region} ${to}`}>
          {" "}
          · {region} → {to ?? "—"}
        </span>
      ))}
      {step.outcome === "ignored" && <span class="quiet-text"> · {t.ignored}</span>}
      {step.effects.length > 0 && <span class="small quiet-text"> ({step.effects.join(", ")})</span>}
      {step.note && <span class="small quiet-text"> · {step.note}</span>}
      <Assumed assumes={step.assumes} />
    </li>
  );
}

/** What has to succeed first; nothing where it happens anyway. */
function Assumed({ assumes }: { readonly assumes: string | undefined }) {
  const t = useWords(TEXTS);
  if (assumes === undefined) return null;
  const work = assumes.replaceAll(" succeeds", "");
  return (
    <span class="small quiet-text" data-assumes={work}>
      {" "}
      · {fill(t.assumed, { work })}
    </span>
  );
}
