// The ways into a product's chats, as buttons.
import type { InlineKeyboardButton } from "grammy/types";
import { press } from "../callback-data.ts";
import type { ProductView } from "../view.ts";
import type { Reader } from "../wording.ts";
import { chatUrl, labelled } from "./screen.ts";

/**
 * Join where the person is not yet, open where they are; a link that ran out can be asked for again.
 * @param mayAsk false where asking for a link would lead nowhere now.
 */
export function accessButtons(product: ProductView, reader: Reader, mayAsk = true): InlineKeyboardButton[] {
  const many = product.chats.length > 1;
  const numbered = (id: string, n: number) =>
    (many ? [`${id}-numbered`, { n }] : [id, {}]) as [string, Record<string, number>];
  const ways = product.chats.flatMap((chat, index): InlineKeyboardButton[] => {
    if (chat.inside) {
      const url = chatUrl(chat.chatId);
      const [id, vars] = numbered("button-open-channel", index + 1);
      return url === null ? [] : [labelled(reader, id, { url }, undefined, vars)];
    }
    if (chat.link === null || !product.entitled) return [];
    const [id, vars] = numbered("button-join", index + 1);
    return [labelled(reader, id, { url: chat.link.url }, "success", vars)];
  });
  const canAsk =
    mayAsk &&
    product.entitled &&
    product.chats.some((chat) => !chat.inside && chat.link === null && !chat.preparing && !chat.banned);
  return canAsk
    ? [labelled(reader, "button-invite", { press: press("invite", product.code) }, "success"), ...ways]
    : ways;
}

export const isInside = (product: ProductView): boolean =>
  product.chats.length > 0 && product.chats.every((chat) => chat.inside);

/** Put out of a chat by one of its administrators although they may be in it. */
export const isBanned = (product: ProductView): boolean =>
  product.entitled && product.chats.some((chat) => chat.banned === true);

export const hasLink = (product: ProductView): boolean =>
  product.entitled && product.chats.some((chat) => !chat.inside && chat.link !== null);
