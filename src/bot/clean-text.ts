// Names and titles that people chose, made safe to show: one line, of bearable length, without characters that rearrange a text.

/** Longest run of combining marks that a script needs; more is a tower over the neighbouring lines. */
const MAX_MARKS = 2;
const NAME_MAX = 64;

/** Control and format characters (direction overrides, zero width, soft hyphen), lone surrogates, private use. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]/gu;
const JOINED_EMOJI = /(?<=\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})/gu;
const JOINER_KEPT = "\ue000";
const SPACES = /[^\S\ufeff]+/gu; // the byte order mark counts as space in expressions, and shows as nothing
const MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");

/**
 * One line without invisible characters, at most `max` characters as people count them.
 * @returns "" when nothing visible is left.
 */
export function cleanName(text: string, max = NAME_MAX): string {
  // Long input is cut before the expressions run over it: 8 code units for a visible character is more than any script needs.
  const visible = text
    .slice(0, max * 8)
    .replaceAll(JOINER_KEPT, "")
    .replace(SPACES, " ")
    .replace(JOINED_EMOJI, JOINER_KEPT)
    .replace(INVISIBLE, (char) => (char === JOINER_KEPT ? "\u200d" : ""))
    .replace(SPACES, " ") // what stood between two spaces may be gone
    .replace(MARKS, "$1")
    .trim();
  return clip(visible, max);
}

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Cut to `max` characters as people count them, with an ellipsis as the last when something was cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const parts = [...GRAPHEMES.segment(text)].map((part) => part.segment);
  return parts.length <= max
    ? text
    : `${parts
        .slice(0, max - 1)
        .join("")
        .trimEnd()}…`;
}

/** Cut to `max` UTF-16 code units without splitting a character: where Telegram counts that way. */
export function clipUnits(text: string, max: number): string {
  let cut = "";
  for (const { segment } of GRAPHEMES.segment(text.slice(0, max * 2))) {
    if (cut.length + segment.length > max) break;
    cut += segment;
  }
  return cut;
}

/** Longest text of a ticket message that is kept; Telegram's own limit is 4096. Unit: UTF-16 code units. */
export const MESSAGE_MAX = 4_000;

/** What a person wrote, with its line breaks, without NUL and other control characters. */
export function cleanMessage(text: string): string {
  return clipUnits(
    text.slice(0, MESSAGE_MAX * 2).replace(/(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, ""),
    MESSAGE_MAX,
  ).trim();
}
