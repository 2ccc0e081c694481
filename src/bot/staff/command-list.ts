// What may be typed in the staff chat.
import type { BotCommand } from "grammy/types";
import { EVERYDAY, type EverydayCommand, type EverydayName } from "../../support/everyday.ts";
import { plain } from "../texts.ts";

interface OrderSyntax {
  readonly name: EverydayName;
  /** Between whom it is about and the reason. */
  readonly words: readonly string[];
}

const ORDERS: ReadonlyMap<string, OrderSyntax> = new Map([
  ["extend", { name: "extend", words: ["product", "days"] }],
  ["grant", { name: "grant", words: ["plan", "days"] }],
  ["revoke", { name: "revoke", words: ["product"] }],
  ["reinstate", { name: "reinstate", words: ["product"] }],
  ["block", { name: "block", words: [] }],
  ["unblock", { name: "clear-risk", words: [] }],
  ["refund", { name: "refund", words: ["access"] }],
  ["release", { name: "release-removals", words: ["held"] }],
]);

/** Shown in the menu of the chat, in this order; described by `command-desk-<name>`. */
export const STAFF_COMMANDS: readonly string[] = ["who", "why", "tickets", ...ORDERS.keys(), "help"];

export const isOrder = (typed: string): boolean => ORDERS.has(typed);

/** @returns null for what is no order */
export function orderOf(typed: string): (OrderSyntax & { readonly command: EverydayCommand }) | null {
  const order = ORDERS.get(typed);
  return order === undefined ? null : { ...order, command: EVERYDAY[order.name] };
}

/** For `setMyCommands`, in the scope of the staff chat. */
export const staffCommandsIn = (language: "ru" | "en"): BotCommand[] =>
  STAFF_COMMANDS.map((command) => ({ command, description: plain(language, `command-desk-${command}`) }));
