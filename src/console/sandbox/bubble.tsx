import type { ChatItem, SandboxState } from "../../support/answers/sandbox.ts";
import { Icon } from "../parts/icon.tsx";
import { usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import { copyText } from "./copy.ts";
import { RichText } from "./rich-text.tsx";
import { pressAt, sandbox } from "./store.ts";
import { TEXTS } from "./words.ts";

type BubbleItem = Extract<ChatItem, { kind: "bubble" }>;
type Button = BubbleItem["buttons"][number][number];

export function Bubble({
  bubble,
  play,
  isNewest,
}: {
  readonly bubble: BubbleItem;
  readonly play: SandboxState["play"];
  /** Of those with buttons. */
  readonly isNewest: boolean;
}) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const at = new Intl.DateTimeFormat(language === "ru" ? "ru" : "en-GB", {
    hour: "2-digit",
    minute: "2-digit",
  }).format(bubble.at);
  return (
    <article class={`bubble ${bubble.from}`} data-message={bubble.id} data-gone={bubble.isGone}>
      <span class="visually-hidden">{bubble.from === "bot" ? t.bot : t.you}:</span>
      {bubble.isGone ? (
        <p class="vanished">
          <Icon name="trash" /> {t.vanished}
        </p>
      ) : (
        <>
          {bubble.invoice && (
            <div class="invoice">
              <b>{bubble.invoice.title}</b>
              <span>{bubble.invoice.description}</span>
            </div>
          )}
          {bubble.text !== "" && (
            <div class="text">
              <RichText text={bubble.text} entities={bubble.entities} />
            </div>
          )}
        </>
      )}
      <span class="when">
        {bubble.isEdited && !bubble.isGone ? `${t.edited} ` : ""}
        {at}
      </span>
      {bubble.buttons.length > 0 && (
        <div class="keyboard">
          {bubble.buttons.map((row, rowAt) => (
            <div class="keys" key={rowAt}>
              {row.map((button, columnAt) => (
                <button
                  key={columnAt}
                  type="button"
                  class={button.style ?? "plain"}
                  data-leads={button.leads}
                  data-press={button.data ?? undefined}
                  data-next={isNewest && isNext(button, play)}
                  onClick={() => press(bubble.id, rowAt, columnAt, button, t)}
                >
                  {button.text}
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </article>
  );
}

/** Whether the story goes on with this button. */
const isNext = ({ leads, data }: Button, play: SandboxState["play"]): boolean =>
  (play?.do === "press" && data === play.data) ||
  (play?.do === "pay" && leads === "pay") ||
  (play?.do === "join" && leads === "join");

function press(
  messageId: number,
  row: number,
  column: number,
  button: Button,
  t: { copiedText: string; opens: string },
) {
  if (button.leads === "copy") {
    const text = button.value ?? "";
    void copyText(text).then((isCopied) => {
      if (isCopied) sandbox.trigger.noted({ note: fill(t.copiedText, { text }) });
    });
  } else if (button.leads === "link") sandbox.trigger.noted({ note: fill(t.opens, { url: button.value ?? "" }) });
  else if (button.leads !== "none") void pressAt(messageId, row, column);
}
