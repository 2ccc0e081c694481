// One conversation: what was written, and the answer to it, which the bot delivers.
import { useId, useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { Ticket } from "../../support/answers/incidents.ts";
import { ApiError, newKey, send } from "../api.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded, Note, ProblemNote } from "../parts/feedback.tsx";
import { ActorLink, Id } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PersonLink } from "../parts/person.tsx";
import { Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";
import { SUBJECTS, TICKET_STATE_NAMES, toneOf } from "./ticket-words.ts";

const TEXTS = words({
  en: {
    ticket: "Ticket",
    back: "All tickets",
    state: "State",
    opened: "Opened",
    customer: "Customer",
    about: "About",
    detail: "Code",
    repeats: "Reported again",
    thread: "Conversation",
    silent: "Nothing was written. The service opened this ticket itself.",
    staff: "Staff",
    person: "Customer",
    answer: "Answer",
    hint: "The bot delivers it to the customer. Plain text, up to 3500 characters.",
    send: "Send answer",
    missing: "Missing: the answer",
    sent: "The answer is on its way: delivered by the bot.",
    nobody: "This ticket has no customer to answer. Close it when it is settled.",
    close: "Close ticket",
    closed: "Closed. It opens again by itself when the customer writes.",
    nothing: "Nothing changed: the ticket was already settled.",
  },
  ru: {
    ticket: "Обращение",
    back: "Все обращения",
    state: "Состояние",
    opened: "Открыто",
    customer: "Клиент",
    about: "О чём",
    detail: "Код",
    repeats: "Повторялось",
    thread: "Переписка",
    silent: "Никто ничего не писал: обращение открыл сам сервис.",
    staff: "Сотрудник",
    person: "Клиент",
    answer: "Ответ",
    hint: "Его доставит бот. Простой текст, до 3500 знаков.",
    send: "Отправить ответ",
    missing: "Не хватает ответа",
    sent: "Ответ в пути: его доставит бот.",
    nobody: "Отвечать некому: у обращения нет клиента. Закройте его, когда вопрос решён.",
    close: "Закрыть обращение",
    closed: "Закрыто. Откроется само, когда клиент напишет снова.",
    nothing: "Ничего не изменилось: вопрос уже был решён.",
  },
});

type Told = "sent" | "closed" | "nothing";

export function TicketPage() {
  const t = useWords(TEXTS);
  const { id = "" } = useRoute().params;
  const states = useWords(TICKET_STATE_NAMES);
  const subjects = SUBJECTS[usePreference("language")];
  const path = `/api/v1/tickets/${encodeURIComponent(id)}`;
  const ticket = useResource<Ticket>(path);
  const live = useLiveReload(`address=${encodeURIComponent(`ticket/${id}`)}`, ticket.reload);
  const [told, setTold] = useState<Told | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  /** @returns whether it was done */
  const command = async (verb: "answer" | "close", body: Record<string, unknown>): Promise<boolean> => {
    setError(null);
    try {
      const { outcome } = await send<{ outcome: string }>(`${path}/${verb}`, { ...body, idempotencyKey: newKey() });
      setTold(outcome === "ignored" ? "nothing" : verb === "answer" ? "sent" : "closed");
      ticket.reload();
      return true;
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
      return false;
    }
  };

  return (
    <Loaded resource={ticket}>
      {(known) => {
        const { state, subject, userId, about, detail, openedAt, repeats, messages } = known;
        return (
          <>
            <PageHead
              title={subject ? (subjects[subject] ?? subject) : t.ticket}
              twin={`/tickets/${encodeURIComponent(id)}`}
              live={live}
            >
              <a class="button small" href="/console/tickets">
                {t.back}
              </a>
              {state !== "closed" && (
                <button type="button" onClick={() => void command("close", {})}>
                  {t.close}
                </button>
              )}
            </PageHead>
            <div class="beside">
              <div class="stack">
                {told && (
                  <div role="status">
                    <Note tone={told === "nothing" ? "warn" : "good"}>{t[told]}</Note>
                  </div>
                )}
                {error && <ProblemNote error={error} />}
                <section class="card stack" aria-labelledby="thread">
                  <h2 id="thread">{t.thread}</h2>
                  {messages.length === 0 ? <p class="quiet-text">{t.silent}</p> : <Thread messages={messages} />}
                </section>
                {userId ? (
                  <AnswerBox onSend={(text) => command("answer", { text })} />
                ) : (
                  <Note tone="info">{t.nobody}</Note>
                )}
              </div>
              <aside class="card">
                <dl class="facts">
                  <dt>{t.ticket}</dt>
                  <dd>
                    <ActorLink address={`ticket/${id}`} />
                  </dd>
                  <dt>{t.state}</dt>
                  <dd>
                    <Chip tone={toneOf(state)} text={states[state as keyof typeof states] ?? state ?? ""} />
                  </dd>
                  <dt>{t.opened}</dt>
                  <dd>
                    <Time at={openedAt} />
                  </dd>
                  {userId && (
                    <>
                      <dt>{t.customer}</dt>
                      <dd>
                        <PersonLink person={known.customer} />
                      </dd>
                    </>
                  )}
                  {about && (
                    <>
                      <dt>{t.about}</dt>
                      <dd>
                        <ActorLink address={about} />
                      </dd>
                    </>
                  )}
                  {detail && (
                    <>
                      <dt>{t.detail}</dt>
                      <dd>
                        <Id text={detail} />
                      </dd>
                    </>
                  )}
                  {repeats ? (
                    <>
                      <dt>{t.repeats}</dt>
                      <dd>{repeats}</dd>
                    </>
                  ) : null}
                </dl>
              </aside>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Thread({ messages }: { readonly messages: Ticket["messages"] }) {
  const t = useWords(TEXTS);
  return (
    <ul class="thread">
      {messages.map(({ from, text, at }) => (
        <li key={`${at} ${from} ${text}`} class={from === "staff" ? "staff" : "customer"}>
          <span class="small quiet-text">
            {from === "staff" ? t.staff : t.person} · <Time at={at} />
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

function AnswerBox({ onSend }: { readonly onSend: (text: string) => Promise<boolean> }) {
  const t = useWords(TEXTS);
  const field = useId();
  const [text, setText] = useState("");
  const [working, setWorking] = useState(false);
  const submit = async () => {
    setWorking(true);
    if (await onSend(text.trim())) setText("");
    setWorking(false);
  };
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="labeled">
        <label for={field}>{t.answer}</label>
        <textarea
          id={field}
          rows={4}
          maxLength={3_500}
          aria-describedby={`${field}-hint`}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <span id={`${field}-hint`} class="small quiet-text">
          {t.hint}
        </span>
      </div>
      <div class="row end">
        {!working && text.trim() === "" && <span class="missing">{t.missing}</span>}
        <button type="submit" class="primary" disabled={working || text.trim() === ""}>
          {t.send}
        </button>
      </div>
    </form>
  );
}
