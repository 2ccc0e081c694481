// A screen: what one message says and which buttons it has. Pure data, drawn from a view.
import type { InlineKeyboardButton } from "grammy/types";
import { html, plain, type TextVars, t } from "../texts.ts";
import type { ProductView } from "../view.ts";
import { price, type Reader } from "../wording.ts";

export interface Screen {
  /** What is shown, such as `plans`: stored with the message, so that free text is understood. */
  readonly kind: string;
  /** For `parse_mode: HTML`. */
  readonly text: string;
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
}

type Style = NonNullable<InlineKeyboardButton["style"]>;
type Target = { readonly press: string } | { readonly url: string } | { readonly copies: string };

/** A row of its own: labels are sentences, and a phone is narrow. */
export function button(label: string, target: Target, style?: Style): InlineKeyboardButton {
  const look = style === undefined ? {} : { style };
  if ("press" in target) return { text: label, callback_data: target.press, ...look };
  return "url" in target
    ? { text: label, url: target.url, ...look }
    : { text: label, copy_text: { text: target.copies }, ...look };
}

/** A button whose label is a text of the locales. */
export const labelled = (
  reader: Reader,
  id: string,
  target: Target,
  style?: Style,
  vars?: TextVars,
): InlineKeyboardButton => button(plain(reader.language, id, vars), target, style);

/**
 * One button a row. At most one is highlighted: the first that asks for it, so that a screen has one obvious next step.
 */
export function keyboard(...buttons: readonly (InlineKeyboardButton | null)[]): Screen["keyboard"] {
  let isTaken = false;
  return buttons
    .filter((button) => button !== null)
    .map((button) => {
      if (button.style === undefined || button.style === "danger") return [button];
      const { style: _, ...modest } = button;
      const shown = isTaken ? (modest as InlineKeyboardButton) : button;
      isTaken = true;
      return [shown];
    });
}

/** Paragraphs, without the absent ones. */
export const paragraphs = (...parts: readonly (string | null | false)[]): string =>
  parts.filter((part) => part).join("\n\n");

/** The same screen below a sentence that says why it is shown. */
export const below = (sentence: string, screen: Screen): Screen => ({
  ...screen,
  text: paragraphs(sentence, screen.text),
});

export const text = (reader: Reader, id: string, vars?: TextVars): string => t(reader.language, id, vars);

export const nested = (reader: Reader, id: string, vars?: TextVars) => html(reader.language, id, vars);

export const titleOf = (product: Pick<ProductView, "title">, reader: Reader): string => product.title[reader.language];

/** What coming back costs: the plan that was bought, at today's price; else the first on sale. */
export function offerFor(product: ProductView, reader: Reader) {
  const plan = product.plans.find(({ code }) => code === product.subscription?.terms?.planCode) ?? product.plans[0];
  return plan === undefined ? null : { plan, price: price(plan.terms.price, reader.language) };
}

/** Works for members only, and only in channels and supergroups, whose ids begin with -100. */
export function chatUrl(chatId: string): string | null {
  const match = /^-100(\d+)$/.exec(chatId);
  return match ? `https://t.me/c/${match[1]}/1` : null;
}
