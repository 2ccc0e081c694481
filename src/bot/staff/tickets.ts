// Requests of customers in the staff chat: listed, shown to whoever presses, answered by a reply, closed.
import type { TicketContext } from "../../../machines/ticket/types.ts";
import { demand } from "../../support/staff.ts";
import { ANSWER_MAX, isSendable } from "../../support/tickets.ts";
import { staffText } from "../staff-notices.ts";
import { lengthOf } from "../wording.ts";
import { type Deed, deskButton, type Posted, STAFF_LANGUAGE, type StaffTable, say } from "./table.ts";

/** In one list. */
const LISTED = 8;
/** Messages of a ticket that are shown, the newest. */
const SHOWN = 10;

/** Below every word about a ticket. */
export const ticketButtons = (ticketId: string): Pick<Posted, "buttons" | "card"> => ({
  buttons: [
    [deskButton("button-desk-answer", "deskanswer"), deskButton("button-desk-show", "deskshow")],
    [deskButton("button-desk-who", "deskwho"), deskButton("button-desk-close", "deskclose")],
  ],
  card: { kind: "ticket", ticketId },
});

/** @param page From 1. */
export async function listTickets({ room, post }: StaffTable, { member }: Deed, page: number): Promise<void> {
  const skip = (page - 1) * LISTED;
  const { tickets, count, ordered } = await room.desk.tickets.waiting(member, { skip, limit: LISTED });
  if (count === 0) return post({ text: say("desk-tickets-none") });
  if (tickets.length === 0) return post({ text: say("desk-tickets-no-page", { page, count }) });
  const now = room.desk.everyday.now();
  const lines = tickets.map(({ id, subject = "?", userId, since = now }, index) =>
    say("desk-ticket-line", {
      ...{ number: skip + index + 1, subject, who: userId == null ? "—" : String(userId), id },
      waits: lengthOf(now - since, STAFF_LANGUAGE),
    }),
  );
  const numbers = tickets.map((_, index) => ({
    ...deskButton("button-desk-open", "deskopen", { arg: String(index) }),
    text: String(skip + index + 1),
  }));
  const last = skip + tickets.length;
  await post({
    text: [
      say("desk-tickets", { shown: tickets.length, count }),
      ...lines,
      ...(last < ordered ? [say("desk-tickets-next", { page: page + 1 })] : []),
      ...(ordered < count ? [say("desk-tickets-bound", { ordered, count })] : []),
    ].join("\n"),
    buttons: [numbers.slice(0, 4), numbers.slice(4)].filter((row) => row.length > 0),
    card: { kind: "list", ticketIds: tickets.map(({ id }) => id) },
  });
}

export async function openTicket({ room, post }: StaffTable, { member }: Deed, ticketId: string): Promise<void> {
  const { userId, subject, about, detail } = await room.desk.tickets.read(ticketId, member);
  const params = { ticketId, userId, subject, about, detail } satisfies Partial<TicketContext>;
  await post({ text: staffText({ notice: "ticket.opened", params }), ...ticketButtons(ticketId) });
}

/** What was written, for the one who pressed: notices never hold it. */
export async function showTicket({ room, post }: StaffTable, { member }: Deed, ticketId: string): Promise<void> {
  const { messages } = await room.desk.tickets.read(ticketId, member);
  if (messages.length === 0) return post({ text: say("desk-ticket-empty"), card: { kind: "ticket", ticketId } });
  const lines = messages.slice(-SHOWN).map(({ from, text }) => say(`desk-said-${from}`, { text }));
  await post({ text: lines.join("\n"), ...ticketButtons(ticketId) });
}

export async function askForAnswer({ post }: StaffTable, { member }: Deed, ticketId: string): Promise<void> {
  demand(member, "tickets");
  await post({ text: say("desk-answer-how"), card: { kind: "ticket", ticketId } });
}

/** A reply to a ticket's message, shown back before anybody else sees it. */
export async function draftAnswer(
  { post }: StaffTable,
  { member, updateId }: Deed,
  ticketId: string,
  written: string | undefined,
): Promise<void> {
  demand(member, "tickets");
  const text = written?.trim() ?? "";
  if (text === "" || text.length > ANSWER_MAX || !isSendable(text))
    return post({ text: say("desk-answer-unusable", { max: ANSWER_MAX }) });
  await post({
    text: say("desk-answer-confirm", { text }),
    buttons: [
      [
        deskButton("button-desk-send", "desksend", { style: "primary" }),
        deskButton("button-desk-cancel", "deskcancel"),
      ],
    ],
    card: { kind: "draft", ticketId, text, key: `chat-answer-${updateId}`, by: member.userId },
  });
}

export async function closeTicket(
  { room, post }: StaffTable,
  { member, updateId }: Deed,
  ticketId: string,
): Promise<void> {
  await room.desk.tickets.close({ id: ticketId, member, idempotencyKey: `chat-close-${updateId}` });
  await post({ text: say("desk-ticket-closed", { id: ticketId, by: member.name }) });
}
