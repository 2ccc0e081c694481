// Takes the tokens out of an update before it is stored. All of it is looked through: a reply, a quote or a caption repeats what was written.
import type { KeyRing } from "./key-ring.ts";
import { isSurelySecret, looksSecret } from "./looks-secret.ts";
import { isSealedText, sealText } from "./sealed-text.ts";

/** What people write. */
const TEXT_FIELDS: ReadonlySet<string> = new Set(["text", "caption"]);
/** Where and what in a text is a link or a name: wrong for the sealed one, and a link may be the token. */
const ABOUT_TEXT: ReadonlySet<string> = new Set(["entities", "caption_entities", "link_preview_options"]);
/** Names of payments, which must stay as they are: money is found by them. */
const UNTOUCHED: ReadonlySet<string> = new Set([
  "successful_payment",
  "refunded_payment",
  "pre_checkout_query",
  "subscription",
]);
const MASK = "[secret]";
/** Telegram's updates have a dozen levels. What lies deeper is nothing we know, and goes. */
const MAX_DEPTH = 40;

/** @returns the update without a token in the clear; the same object when there is none. */
export type SealUpdate = (update: unknown, userId: number) => unknown;

export function makeSealUpdate(ring: Pick<KeyRing, "seal">): SealUpdate {
  return (update, userId) => {
    const seal = (text: string): string => sealText(ring, text, userId);

    const inText = (text: string): string => (isSealedText(text) || looksSecret(text) ? seal(text) : text);
    const inOther = (text: string): string => (isSurelySecret(text) ? MASK : text);

    const walk = (value: unknown, field: string, depth: number): unknown => {
      if (typeof value === "string") return TEXT_FIELDS.has(field) ? inText(value) : inOther(value);
      if (typeof value !== "object" || value === null || UNTOUCHED.has(field)) return value;
      if (depth > MAX_DEPTH) return null;
      if (Array.isArray(value)) return walkList(value, field, depth);
      return walkFields(value as Readonly<Record<string, unknown>>, depth);
    };

    /** An item belongs to the field of its list: newer texts are lists of pieces. */
    const walkList = (list: readonly unknown[], field: string, depth: number): readonly unknown[] => {
      const walked = list.map((item) => walk(item, field, depth + 1));
      return walked.some((item, index) => item !== list[index]) ? walked : list;
    };

    const walkFields = (object: Readonly<Record<string, unknown>>, depth: number): unknown => {
      const fields = Object.entries(object).map(
        ([field, value]) => [field, value, walk(value, field, depth + 1)] as const,
      );
      const isSealed = fields.some(([field, value, walked]) => TEXT_FIELDS.has(field) && walked !== value);
      if (!isSealed && fields.every(([, value, walked]) => walked === value)) return object;
      return Object.fromEntries(
        fields.filter(([field]) => !(isSealed && ABOUT_TEXT.has(field))).map(([field, , walked]) => [field, walked]),
      );
    };

    return walk(update, "", 0);
  };
}
