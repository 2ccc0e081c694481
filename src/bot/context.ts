// The context of an update inside the bot, and the few things every handler starts from.
import type { ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Cause, SendOptions } from "../runtime/ports.ts";
import type { CheckoutVerdict } from "./pre-checkout.ts";
import type { ParsedUpdate } from "./updates.ts";

/** What was checked of the update before any handler saw it. */
interface ParsedFlavor {
  parsed: ParsedUpdate;
  /** How the webhook answered this checkout, where the caller knows. */
  checkout?: CheckoutVerdict;
}

export type OuterContext = Context & ParsedFlavor;
export type BotContext = ConversationFlavor<OuterContext>;

const causeOf = (updateId: number): Cause => ({ kind: "update", id: String(updateId) });

/** An update that comes twice is one event. */
export const byUpdate = (updateId: number): SendOptions => ({ cause: causeOf(updateId), key: `u${updateId}` });

/** Money: once for ever, whatever update or reconciliation brings it again. The same update again stays silent. */
export const onceByUpdate = (updateId: number, once: string): SendOptions => ({ ...byUpdate(updateId), once });
