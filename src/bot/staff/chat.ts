// The staff chat: whoever is listed works there, whoever is not is told so, and nothing said there is ever a customer's.
import { Composer } from "grammy";
import { demand } from "../../support/staff.ts";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { commandOf } from "../features/commands.ts";
import { plain } from "../texts.ts";
import type { Parsed } from "../updates.ts";
import { isOrder, STAFF_COMMANDS } from "./command-list.ts";
import { findPerson, tellWho, tellWhy } from "./look-up.ts";
import { cancelOrder, confirmOrder, decideApproval, previewOrder } from "./orders.ts";
import type { Card, ListedMember, StaffRoom } from "./ports.ts";
import { parseStaffPress, type StaffPress } from "./presses.ts";
import { type Deed, makeStaffTable, refusalOf, STAFF_LANGUAGE, type StaffTable, say } from "./table.ts";
import { askForAnswer, closeTicket, draftAnswer, listTickets, openTicket, showTicket } from "./tickets.ts";

const COMMANDS: ReadonlySet<string> = new Set(["start", ...STAFF_COMMANDS]);

/** Before everything that takes what somebody writes for a customer's; money passes. */
export function staffChat({ deps, chat }: Desk, staff: () => StaffRoom | null): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { staffChatId } = deps;
  if (staffChatId === null) return composer;

  composer.use(async (ctx, next) => {
    const room = staff();
    const { parsed } = ctx;
    if (room === null || room.members.length === 0) return next();
    const table = makeStaffTable(room, chat, staffChatId);
    const memberOf = (userId: number) => room.members.find((member) => member.userId === userId) ?? null;
    if (parsed.kind === "message" && parsed.data.chat.id === staffChatId) {
      if (parsed.data.successful_payment || parsed.data.refunded_payment) return next();
      const { from } = parsed.data;
      if (from !== undefined && !from.is_bot) await takeMessage(table, memberOf(from.id), parsed);
      return;
    }
    if (parsed.kind === "callback_query" && parsed.data.message?.chat.id === staffChatId) {
      await takePress(table, memberOf(parsed.data.from.id), parsed);
      return;
    }
    return next();
  });

  async function takeMessage(
    table: StaffTable,
    member: ListedMember | null,
    { updateId, data }: Parsed<"message">,
  ): Promise<void> {
    const command = commandOf(data.text, deps.botInfo.username);
    const repliedTo = data.reply_to_message?.message_id;
    const card = repliedTo === undefined ? null : await table.room.cards.read(repliedTo);
    // What people of a group say to each other is nobody's business here.
    const isForUs = (command !== null && COMMANDS.has(command)) || card?.kind === "ticket";
    if (!isForUs) return;
    if (member === null) return table.post({ text: say("desk-unlisted") });
    const deed: Deed = { member, updateId };
    await orRefused(table, async () => {
      if (command !== null) await takeCommand(table, deed, command, data.text ?? "");
      else if (card?.kind === "ticket") await draftAnswer(table, deed, card.ticketId, data.text);
    });
  }

  async function takePress(
    table: StaffTable,
    member: ListedMember | null,
    { updateId, data }: Parsed<"callback_query">,
  ): Promise<void> {
    const messageId = data.message?.message_id ?? 0;
    const press = parseStaffPress(data.data ?? "");
    const card = press === null || member === null ? null : await table.room.cards.read(messageId);
    const toast = member === null ? "toast-desk-unlisted" : toastFor(card, press, member);
    await chat.answerPress(data.from.id, data.id, toast === null ? null : plain(STAFF_LANGUAGE, toast));
    if (toast !== null || member === null || press === null || card === null) return;
    await orRefused(table, () => fulfil(table, { member, updateId }, press, card, messageId));
  }

  return composer;
}

async function takeCommand(table: StaffTable, deed: Deed, command: string, text: string): Promise<void> {
  if (isOrder(command)) return previewOrder(table, deed, command, text);
  if (command === "tickets") return listTickets(table, deed, pageOf(text));
  if (command === "who" || command === "why") demand(deed.member, "customers");
  const sought = text.trim().split(/\s+/).slice(1).join(" ");
  if (sought === "" || (command !== "who" && command !== "why")) return table.post({ text: say("desk-help") });
  const userId = await findPerson(table, sought);
  if (userId === null) return;
  await (command === "who" ? tellWho(table, userId) : tellWhy(table, userId));
}

/** `/tickets 2`; whatever else stands there is the first page. */
const pageOf = (text: string): number => Number(/^\S+\s+([1-9]\d{0,2})\s*$/.exec(text.trim())?.[1] ?? 1);

/** Why a press leads to nothing; null: it is taken. */
function toastFor(card: Card | null, press: StaffPress | null, member: ListedMember): string | null {
  if (card === null || press === null) return "toast-desk-stale";
  const isOwn = card.kind === "draft" || card.kind === "order";
  if (isOwn && press.event !== "deskcancel" && card.by !== member.userId) return "toast-desk-not-yours";
  return null;
}

async function fulfil(
  table: StaffTable,
  deed: Deed,
  { event, arg }: StaffPress,
  card: Card,
  messageId: number,
): Promise<void> {
  switch (card.kind) {
    case "ticket":
      return onTicket(table, deed, event, card.ticketId);
    case "list": {
      const ticketId = card.ticketIds[Number(arg)];
      return event === "deskopen" && ticketId !== undefined ? openTicket(table, deed, ticketId) : undefined;
    }
    case "draft": {
      if (event === "deskcancel") {
        if (card.by !== deed.member.userId) demand(deed.member, "tickets");
        return table.settle(messageId, say("desk-cancelled"));
      }
      if (event !== "desksend") return;
      const { ticketId: id, text, key: idempotencyKey } = card;
      await table.room.desk.tickets.answer({ id, member: deed.member, text, idempotencyKey });
      return table.settle(messageId, say("desk-answer-sent", { text, by: deed.member.name }));
    }
    case "order":
      if (event === "deskcancel") return cancelOrder(table, deed, messageId, card);
      return event === "deskdo" ? confirmOrder(table, deed, messageId, card) : undefined;
    case "approval":
      if (event === "deskapprove") return decideApproval(table, deed, messageId, card.approvalId, "approve");
      return event === "deskrefuse" ? decideApproval(table, deed, messageId, card.approvalId, "refuse") : undefined;
  }
}

async function onTicket(table: StaffTable, deed: Deed, event: StaffPress["event"], ticketId: string): Promise<void> {
  if (event === "deskanswer") return askForAnswer(table, deed, ticketId);
  if (event === "deskshow") return showTicket(table, deed, ticketId);
  if (event === "deskclose") return closeTicket(table, deed, ticketId);
  if (event !== "deskwho") return;
  const { userId } = await table.room.desk.tickets.read(ticketId, deed.member);
  if (userId === null) return table.post({ text: say("desk-ticket-nobody") });
  await tellWho(table, userId);
}

/** What is refused is said; what passes by itself is thrown, so that the update comes again. */
async function orRefused(table: StaffTable, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    await table.post({ text: refusal });
  }
}
