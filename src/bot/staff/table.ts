// The staff chat as its handlers use it: messages that stand for something, and what became of them.
import type { InlineKeyboardButton } from "grammy/types";
import { type ActorAddress, parseAddress } from "../../../machines/address.ts";
import { isAppError } from "../../errors.ts";
import type { Chat } from "../chat.ts";
import { isNotEditable, isNotModified } from "../faults.ts";
import { button } from "../screens/screen.ts";
import { plain, t } from "../texts.ts";
import type { Card, ListedMember, StaffRoom } from "./ports.ts";
import { type StaffPressEvent, staffPress } from "./presses.ts";

/** Staff read one language: the first of the product. */
export const STAFF_LANGUAGE = "ru";

/** Longer texts are cut: Telegram takes 4096, and a chat is no place for more. Unit: UTF-16 code units. */
const TEXT_MAX = 3_900;

export const say = (id: string, vars: Parameters<typeof t>[2] = {}): string => t(STAFF_LANGUAGE, id, vars);

export interface Posted {
  readonly text: string;
  readonly buttons?: readonly (readonly InlineKeyboardButton[])[];
  readonly card?: Card;
}

export interface StaffTable {
  readonly room: StaffRoom;
  readonly chat: Chat;
  /** A new message. */
  post(posted: Posted): Promise<void>;
  /** The message says how it ended, and has no buttons any more. */
  settle(messageId: number, text: string): Promise<void>;
}

/** Who does something in the staff chat, and with which update. */
export interface Deed {
  readonly member: ListedMember;
  readonly updateId: number;
}

export function makeStaffTable(room: StaffRoom, chat: Chat, staffChatId: string): StaffTable {
  const quiet = { parse_mode: "HTML", link_preview_options: { is_disabled: true } } as const;
  return {
    room,
    chat,
    async post({ text, buttons = [], card }) {
      const keyboard = buttons.map((row) => [...row]);
      const { message_id } = await chat.api.sendMessage(staffChatId, cut(text), {
        ...quiet,
        ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
      });
      if (card) await room.cards.put(message_id, card);
    },
    async settle(messageId, text) {
      try {
        await chat.api.editMessageText(staffChatId, messageId, cut(text), quiet);
      } catch (error) {
        if (!isNotModified(error) && !isNotEditable(error)) throw error;
      }
      await room.cards.drop(messageId);
    },
  };
}

/** At the end of a line, so that no markup is cut in two: each line closes its own. */
export function cut(text: string): string {
  if (text.length <= TEXT_MAX) return text;
  const room = TEXT_MAX - 2;
  const end = text.lastIndexOf("\n", room);
  return `${text.slice(0, end < 0 ? room : end)}\n…`;
}

export const deskButton = (
  id: string,
  event: StaffPressEvent,
  { arg = "", style }: { readonly arg?: string; readonly style?: "primary" | "danger" } = {},
): InlineKeyboardButton => button(plain(STAFF_LANGUAGE, id), { press: staffPress(event, arg) }, style);

/** Refusals that have words of their own; others are named by their code. */
const KNOWN_REFUSALS = new Set([
  ...["actor.staleRevision", "actor.planChanged", "actor.noActor", "command.numberDiffers"],
  ...["approval.own", "approval.decided", "approval.expired", "approval.notFound"],
]);

/** An expected refusal in words; null for what is none, which the caller throws again. */
export function refusalOf(error: unknown): string | null {
  if (!isAppError(error)) return null;
  // It passes by itself: the update is repeated.
  if (error.retry && error.code !== "actor.staleRevision") return null;
  const { fields, needs, address } = error.details;
  if (typeof needs === "string") return say("desk-refused-role", { role: needs });
  if (error.code === "actor.noActor" && typeof address === "string") return nobodyAt(address as ActorAddress);
  const named = Array.isArray(fields) ? fields.join("; ") : "";
  if (KNOWN_REFUSALS.has(error.code)) return say(`desk-refused-${error.code.replace(".", "-")}`);
  return say("desk-refused", { code: error.code, fields: named });
}

/** Kinds of actors that commands of the chat are about. */
const NAMED_MACHINES: ReadonlySet<string> = new Set(["customer", "subscription", "payment", "channel"]);

function nobodyAt(address: ActorAddress): string {
  const { machine, id } = parseAddress(address);
  const sought = machine === "subscription" ? (id.split(":")[0] ?? id) : id;
  return NAMED_MACHINES.has(machine)
    ? say(`desk-none-${machine}`, { sought, address })
    : say("desk-refused-actor-noActor");
}
