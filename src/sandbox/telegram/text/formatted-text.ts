// From what a request says (text, parse_mode, entities) to what a message shows.
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../errors.ts";
import { type FormattedText, parseHtml } from "./html.ts";

const AUTOMATIC: readonly { readonly type: MessageEntity.CommonMessageEntity["type"]; readonly pattern: RegExp }[] = [
  { type: "url", pattern: /(?:https?:\/\/|(?<![\w@.])t\.me\/)[^\s<>"]+[^\s<>".,!?)]/giu },
  { type: "email", pattern: /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu },
  { type: "bot_command", pattern: /(?<![\w/])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])/giu },
  { type: "mention", pattern: /(?<![\w.@/])@[a-z]\w{3,31}(?!\w)/giu },
  { type: "hashtag", pattern: /(?<![\w#&])#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*/gu },
];

/** Links, commands, mentions ... that Telegram finds by itself. Earlier kinds win where two overlap. */
export function detectEntities(text: string, taken: readonly MessageEntity[] = []): MessageEntity[] {
  const found: MessageEntity[] = [];
  const overlaps = (offset: number, length: number): boolean =>
    [...taken.filter((e) => ["text_link", "code", "pre", "date_time"].includes(e.type)), ...found].some(
      (e) => offset < e.offset + e.length && e.offset < offset + length,
    );
  for (const { type, pattern } of AUTOMATIC) {
    for (const match of text.matchAll(pattern)) {
      if (!overlaps(match.index, match[0].length)) found.push({ type, offset: match.index, length: match[0].length });
    }
  }
  return found;
}

/** Cuts white space at both ends and moves the entities along, as the server does. */
function trim(formatted: FormattedText): FormattedText {
  const text = formatted.text.replaceAll("\r", "");
  const shift = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const entities = formatted.entities.flatMap((entity) => {
    const start = Math.max(0, entity.offset - shift);
    const end = Math.min(trimmed.length, entity.offset + entity.length - shift);
    return end > start ? [{ ...entity, offset: start, length: end - start }] : [];
  });
  return { text: trimmed, entities };
}

export interface TextInput {
  readonly text: string;
  readonly parseMode: string | undefined;
  readonly entities: readonly MessageEntity[] | undefined;
}

/**
 * @throws BotApiError for wrong markup, unknown or unmodelled parse modes, entities out of range.
 */
export function formatText(input: TextInput): FormattedText {
  const mode = input.parseMode?.toLowerCase() ?? "";
  if (mode === "markdown" || mode === "markdownv2")
    throw badRequest(`parse_mode ${input.parseMode} is not modelled by the emulator: use HTML`);
  if (mode !== "" && mode !== "html") throw badRequest("unsupported parse_mode");
  for (const entity of mode === "" ? (input.entities ?? []) : []) {
    if (entity.offset < 0 || entity.length < 0 || entity.offset + entity.length > input.text.length)
      throw badRequest("can't parse entities: entity is out of range");
  }
  const raw: FormattedText =
    mode === "html" ? parseHtml(input.text) : { text: input.text, entities: [...(input.entities ?? [])] };
  const formatted = trim(raw);
  const entities = [...formatted.entities, ...detectEntities(formatted.text, formatted.entities)];
  return { text: formatted.text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

/** Characters as Telegram counts them against its limits: code points. */
export const characters = (text: string): number => [...text].length;

/** @throws BotApiError `message text is empty`, `message is too long` (4096 characters after parsing). */
export function messageText(input: TextInput): FormattedText {
  const formatted = formatText(input);
  if (formatted.text === "") throw badRequest("message text is empty");
  if (characters(formatted.text) > 4096) throw badRequest("message is too long");
  return formatted;
}

/** @throws BotApiError `message caption is too long` (1024 characters after parsing). */
export function captionText(input: TextInput): FormattedText {
  const formatted = formatText(input);
  if (characters(formatted.text) > 1024) throw badRequest("message caption is too long");
  return formatted;
}
