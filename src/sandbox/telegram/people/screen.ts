// What a person sees: bubbles and buttons, reduced to what a test or a page needs.
import type { InlineKeyboardButton, MessageEntity } from "@grammyjs/types";
import type { StoredMessage } from "../world/messages.ts";
import { inlineKeyboard } from "../world/private-chats.ts";

export type ButtonView = {
  readonly text: string;
  readonly style: "danger" | "success" | "primary" | null;
} & (
  | { readonly kind: "callback"; readonly data: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "pay" }
  | { readonly kind: "copy"; readonly copies: string }
  | { readonly kind: "other" }
);

export interface BubbleView {
  readonly messageId: number;
  readonly from: "bot" | "person";
  readonly kind: "text" | "invoice" | "payment" | "refund" | "media" | "forward";
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly buttons: readonly (readonly ButtonView[])[];
  readonly invoice: {
    readonly title: string;
    readonly description: string;
    readonly currency: string;
    readonly totalAmount: number;
  } | null;
  /** Unit: epoch ms. */
  readonly sentAtMs: number;
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  readonly isProtected: boolean;
}

export function buttonView(button: InlineKeyboardButton): ButtonView {
  const look = { text: button.text, style: button.style ?? null };
  if ("callback_data" in button) return { ...look, kind: "callback", data: button.callback_data };
  if ("url" in button) return { ...look, kind: "url", url: button.url };
  if ("pay" in button) return { ...look, kind: "pay" };
  if ("copy_text" in button) return { ...look, kind: "copy", copies: button.copy_text.text };
  return { ...look, kind: "other" };
}

const kindOf = ({ message }: StoredMessage): BubbleView["kind"] => {
  if (message.successful_payment) return "payment";
  if (message.refunded_payment) return "refund";
  if (message.invoice) return "invoice";
  if (message.photo || message.document) return "media";
  return message.forward_origin ? "forward" : "text";
};

export function bubbleView(stored: StoredMessage): BubbleView {
  const { message, invoice } = stored;
  const isDeleted = stored.deletedAtMs !== null;
  return {
    messageId: message.message_id,
    from: stored.outgoing ? "bot" : "person",
    kind: kindOf(stored),
    // What is deleted is gone for the reader.
    text: isDeleted ? "" : (message.text ?? message.caption ?? ""),
    entities: isDeleted ? [] : (message.entities ?? message.caption_entities ?? []),
    buttons: isDeleted ? [] : buttonsOf(stored),
    invoice: invoice && {
      title: invoice.title,
      description: invoice.description,
      currency: invoice.currency,
      totalAmount: invoice.totalAmount,
    },
    sentAtMs: stored.sentAtMs,
    isEdited: stored.editCount > 0,
    isDeleted,
    isProtected: message.has_protected_content === true,
  };
}

/** An invoice without a keyboard of its own shows one Pay button. */
export function buttonsOf(stored: StoredMessage): ButtonView[][] {
  const rows = inlineKeyboard(stored.message).map((row) => row.map(buttonView));
  if (!stored.invoice || rows.length > 0) return rows;
  const { totalAmount, currency } = stored.invoice;
  return [[{ text: currency === "XTR" ? `Pay ⭐${totalAmount}` : "Pay", style: null, kind: "pay" }]];
}
