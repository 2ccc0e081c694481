// The phone: bubbles, keyboards, invoices, the channel, and the field to write in.
import { useEffect, useRef } from "preact/hooks";
import type { ChatItem, SandboxState } from "../../support/answers/sandbox.ts";
import { Icon } from "../parts/icon.tsx";
import { type Language, usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import { Bubble } from "./bubble.tsx";
import { Composer } from "./composer.tsx";
import { doDeed, useSandbox } from "./store.ts";
import { TEXTS } from "./words.ts";

const dayOf = (at: number, language: Language): string =>
  new Intl.DateTimeFormat(language === "ru" ? "ru" : "en-GB", { day: "numeric", month: "long" }).format(at);

export function Chat({ state }: { readonly state: SandboxState }) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const note = useSandbox((known) => known.note);
  const scroll = useRef<HTMLDivElement>(null);
  const { chat, visitor, bot, clock, toast, trouble } = state;
  const isMoving = clock.status === "moving";
  const last = chat.at(-1);
  // What arrives last is what one looks at, also when it was edited in place.
  useEffect(() => {
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }, [chat.length, JSON.stringify(last), state.visit]);

  let day = "";
  return (
    <section class="pane chat" aria-label={t.chat}>
      <header>
        <Icon name="chat" />
        <h2>
          {visitor.name} <span class="quiet-text">↔ @{bot.username}</span>
        </h2>
        <span class="stars" title="Telegram Stars">
          {visitor.stars} ⭐
        </span>
      </header>
      <Channels state={state} />
      <div
        class="log"
        role="log"
        aria-label={t.chat}
        aria-live={isMoving ? "off" : "polite"}
        aria-busy={isMoving}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and whoever has no mouse has to get there
        tabIndex={0}
        ref={scroll}
      >
        {chat.length === 0 ? (
          <div class="welcome">
            <p>{fill(t.welcome, { name: visitor.name })}</p>
          </div>
        ) : (
          chat.flatMap((item) => {
            const itsDay = dayOf(item.at, language);
            const isNew = itsDay !== day;
            day = itsDay;
            return [
              isNew ? (
                <p class="line day" key={`day-${item.id}`}>
                  {itsDay}
                </p>
              ) : null,
              item.kind === "overheard" ? (
                <p class="overheard" key={item.id} data-overheard>
                  <b>{t.strangerReads}</b> {item.text}
                </p>
              ) : item.kind === "line" ? (
                <p class="line" key={item.id} data-line={item.what}>
                  {lineText(item, t)}
                </p>
              ) : (
                <Bubble key={item.id} bubble={item} play={state.play} isNewest={item === chat.findLast(hasButtons)} />
              ),
            ];
          })
        )}
      </div>
      {visitor.isBlocking && <p class="note warn">{t.blockedNote}</p>}
      {toast && !trouble && <Toast key={toast.id} text={toast.text} />}
      {trouble && <p class="note bad small">{troubleText(trouble.text, t)}</p>}
      {note !== null && <p class="note info small">{note}</p>}
      {chat.length === 0 ? (
        <div class="composer">
          <button
            type="button"
            class="primary start"
            data-next={state.play?.do === "start"}
            onClick={() => void doDeed({ do: "start" })}
          >
            {t.start}
          </button>
        </div>
      ) : (
        <Composer state={state} />
      )}
    </section>
  );
}

const hasButtons = (item: ChatItem): boolean => item.kind === "bubble" && item.buttons.length > 0;

const Toast = ({ text }: { readonly text: string }) => <p class="note info small toast">{text}</p>;

function Channels({ state }: { readonly state: SandboxState }) {
  const t = useWords(TEXTS);
  const concerned = state.channels.filter(({ chatId }) =>
    state.actors.some(({ machine, id }) => machine === "invite" && id.endsWith(`:${chatId}`)),
  );
  if (concerned.length === 0) return null;
  return (
    <ul class="channels">
      {concerned.map(({ chatId, title, isMember, isWaiting }) => (
        <li key={chatId} data-channel={chatId} data-member={isMember}>
          <Icon name={isMember ? "check" : "lock"} />
          <span>
            <b>{title}</b> <span class="quiet-text">{isMember ? t.inside : isWaiting ? t.waiting : t.outside}</span>
          </span>
          {isMember && (
            <button type="button" class="quiet" onClick={() => void doDeed({ do: "leave", chatId })}>
              {t.leave}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

type Line = Extract<ChatItem, { kind: "line" }>;
const lineText = ({ what, detail }: Line, t: Readonly<Record<string, string>>): string =>
  fill(t[what] ?? what, { detail });

function troubleText(text: string, t: Readonly<Record<string, string>>): string {
  if (text.startsWith("link.")) return fill(t.trouble_link ?? "", { why: text.slice(5) });
  return t[`trouble_${text}`] ?? text;
}
