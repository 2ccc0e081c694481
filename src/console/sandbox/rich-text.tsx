// The text of a message with its entities as elements: what is not on the list below stays plain text. Nothing is parsed as HTML.
import type { ComponentChildren, VNode } from "preact";
import type { ChatItem } from "../../support/answers/sandbox.ts";
import type { Language } from "../preferences.ts";
import { doDeed, useSandbox } from "./store.ts";

type Bubble = Extract<ChatItem, { kind: "bubble" }>;
type Entity = Bubble["entities"][number];

export function RichText({ text, entities }: Pick<Bubble, "text" | "entities">) {
  // Dates are in the language of the phone, as the text around them.
  const language = useSandbox(({ state }) => state?.visitor.language ?? "en");
  return <>{piecesOf(text, 0, text.length, entities, language)}</>;
}

/** @param entities those within the range, outer ones first */
function piecesOf(
  text: string,
  from: number,
  to: number,
  entities: readonly Entity[],
  language: Language,
): ComponentChildren[] {
  const pieces: ComponentChildren[] = [];
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    if (!entity || entity.offset < at || entity.offset + entity.length > to) continue;
    const end = entity.offset + entity.length;
    if (entity.offset > at) pieces.push(text.slice(at, entity.offset));
    const inner = entities
      .slice(index + 1)
      .filter(({ offset, length }) => offset >= entity.offset && offset + length <= end);
    pieces.push(
      element(entity, text.slice(entity.offset, end), piecesOf(text, entity.offset, end, inner, language), language),
    );
    at = end;
  }
  if (at < to) pieces.push(text.slice(at, to));
  return pieces;
}

function element(entity: Entity, text: string, children: ComponentChildren, language: Language): VNode {
  switch (entity.type) {
    case "bold":
      return <strong>{children}</strong>;
    case "italic":
      return <em>{children}</em>;
    case "underline":
      return <u>{children}</u>;
    case "strikethrough":
      return <s>{children}</s>;
    case "code":
      return <code>{children}</code>;
    case "pre":
      return <pre>{children}</pre>;
    case "blockquote":
    case "expandable_blockquote":
      return <blockquote>{children}</blockquote>;
    case "date_time": {
      const at = Number(entity.unix_time) * 1_000;
      if (!Number.isFinite(at) || at === 0) return <>{children}</>;
      return (
        <time dateTime={new Date(at).toISOString()} title={text}>
          {dateText(at, String(entity.date_time_format ?? ""), language)}
        </time>
      );
    }
    case "bot_command":
      return (
        <button type="button" class="command" onClick={() => void doDeed({ do: "say", text })}>
          {text}
        </button>
      );
    case "url":
    case "email":
    case "text_link":
    case "mention":
      return <span class="mention">{children}</span>;
    default:
      return <>{children}</>;
  }
}

/** As the client does: in the reader's own language and zone. `format` has letters of weekday, date and time; none means date and time. */
function dateText(at: number, format: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = {};
  if (format.includes("w")) options.weekday = "short";
  if (/[dD]/.test(format) || format === "") Object.assign(options, { day: "numeric", month: "long" });
  if (/[tT]/.test(format) || format === "") Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format === "r") Object.assign(options, { day: "numeric", month: "long" });
  return new Intl.DateTimeFormat(language === "ru" ? "ru" : "en-GB", options).format(at);
}
