// Why somebody is in a chat or is not: the rule fact by fact, the chain of what happened, and what could be done.
import type { ActorLine } from "../../support/answers/actors.ts";
import type { Advice, ChatAnswer, Evidence } from "../../support/answers/people.ts";
import { actorPath } from "../api.ts";
import { Chip, type Tone } from "../parts/chips.tsx";
import { Icon } from "../parts/icon.tsx";
import { ActorLink, Id } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { WithCodes } from "../parts/with-codes.tsx";
import { fill, useWords } from "../words.ts";
import { CUSTOMER_TEXTS } from "./customer-texts.ts";

const EVIDENCE_TONES: Readonly<Record<Evidence["state"], Tone>> = {
  done: "good",
  waiting: "warn",
  failed: "bad",
  missing: "bad",
};

export function WhyCard({
  answer,
  actors,
  onAdvice,
}: {
  readonly answer: ChatAnswer;
  /** All of this person: when one of them is tried again. */
  readonly actors: readonly ActorLine[];
  readonly onAdvice: (advice: Advice & { readonly event: { readonly type: string } }) => void;
}) {
  const t = useWords(CUSTOMER_TEXTS);
  const { chatId, title, product, entitled, membership, problem, summary, facts, evidence, advice } = answer;
  return (
    <article class="card stack why" data-chat={chatId} data-problem={problem ?? "none"}>
      <div class="row apart">
        <h3>
          {title ?? product ?? chatId} <Id text={chatId} />
        </h3>
        <span class="chips">
          <Chip text={entitled ? t.entitled : t.notEntitled} tone={entitled ? "good" : "plain"} />
          <Chip text={fill(t.member, { membership: membership ?? t.unknown })} />
        </span>
      </div>
      {problem === null ? (
        <p class="summary">
          <WithCodes text={summary} />
        </p>
      ) : (
        <div class="note bad stack tight">
          <p class="row">
            <Icon name="warn" />
            <b>{t[problem]}</b>
          </p>
          <p class="summary">
            <WithCodes text={summary} />
          </p>
          <AdviceList advice={advice} actors={actors} onAdvice={onAdvice} />
        </div>
      )}
      {problem === null && advice.length > 0 && <AdviceList advice={advice} actors={actors} onAdvice={onAdvice} />}
      <details open={problem !== null}>
        <summary>{t.facts}</summary>
        <ol class="rule">
          {facts.map(({ fact, value, effect, decides, text, subscription }) => (
            <li key={`${fact} ${subscription}`} class={decides ? "decides" : ""} data-fact={fact}>
              <span class="mono">
                {fact}
                {value !== null && ` = ${value}`}
              </span>
              <span>{text}</span>
              <span class="chips">
                <Chip text={t[effect]} tone={effect === "opens" ? "good" : effect === "closes" ? "bad" : "plain"} />
                {decides && <Chip text={t.decides} tone="info" />}
              </span>
            </li>
          ))}
        </ol>
      </details>
      {evidence.length > 0 && (
        <details open={problem !== null}>
          <summary>{t.evidence}</summary>
          <ol class="chain">
            {evidence.map((link, at) => (
              <li key={at} data-evidence={link.kind} data-state={link.state}>
                <Chip text={link.state === "done" ? t.done_state : t[link.state]} tone={EVIDENCE_TONES[link.state]} />
                <span>
                  <WithCodes text={link.text} />
                </span>
                <span class="small quiet-text">
                  {link.at !== null && <Time at={link.at} />}{" "}
                  {link.address !== null && <ActorLink address={link.address} seq={link.seq} />}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

function AdviceList({
  advice,
  actors,
  onAdvice,
}: {
  readonly advice: readonly Advice[];
  readonly actors: readonly ActorLine[];
  readonly onAdvice: (advice: Advice & { readonly event: { readonly type: string } }) => void;
}) {
  const t = useWords(CUSTOMER_TEXTS);
  if (advice.length === 0) return null;
  const tryingAt = (address: string): number | null => {
    const timer = actors.find((line) => line.address === address)?.nextTimer ?? null;
    return timer?.id.startsWith("retryDelay") ? timer.dueAt : null;
  };
  return (
    <ul class="advice" aria-label={t.advice}>
      {advice.map(({ text, address, event }) => (
        <li key={`${address} ${event?.type}`}>
          {event === null ? (
            <span>
              {text}
              {tryingAt(address) !== null && (
                <>
                  {" "}
                  ({t.tried} <Time at={tryingAt(address)} isBrief />)
                </>
              )}
              {". "}
              <a href={actorPath(address)}>{t.look}</a>
            </span>
          ) : (
            <button
              type="button"
              class="primary"
              data-advice={event.type}
              onClick={() => onAdvice({ text, address, event })}
            >
              {text}…
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
