// Conversations with support: texts go into the message store, the ticket hears only where they lie.
import { type ActorAddress, addressOf } from "../../../machines/address.ts";
import type { TicketContext } from "../../../machines/ticket/types.ts";
import { cleanMessage } from "../clean-text.ts";
import { byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import {
  forgetAskedScreen,
  supportNeedsTextScreen,
  supportScreen,
  supportTakenScreen,
  supportTokenScreen,
} from "../screens/info.ts";
import type { Screen } from "../screens/screen.ts";
import { stateOf } from "../view.ts";

/** Tickets that a person opened or was answered in; those about a failure of ours are between the service and staff. */
const PERSONAL = new Set<TicketContext["subject"]>([
  "question",
  "payment",
  "refund",
  "refundFailed",
  "disputedPayment",
]);

/** Writing so long after the end goes on where it ended; later it is about something else. Unit: milliseconds. */
const REOPEN_WITHIN_MS = 7 * 24 * 60 * 60_000;

interface Conversation {
  readonly address: ActorAddress;
  readonly state: string;
  readonly context: TicketContext;
}

/** Newest first. */
async function conversationsOf(desk: Desk, userId: number): Promise<readonly Conversation[]> {
  const addresses = (await desk.deps.actors.find(`telegramId=${userId}`)).filter((address) =>
    address.startsWith("ticket/"),
  );
  const tickets = await Promise.all(addresses.map((address) => desk.deps.actors.read(address)));
  return tickets
    .filter((ticket) => ticket !== null)
    .map((ticket) => ({
      address: ticket.address,
      state: stateOf(ticket),
      context: ticket.context as unknown as TicketContext,
    }))
    .filter(({ context }) => context.userId === userId && PERSONAL.has(context.subject))
    .sort((a, b) => lastMoved(b.context) - lastMoved(a.context));
}

const lastMoved = ({ openedAt, answeredAt, closedAt }: TicketContext): number =>
  Math.max(openedAt, answeredAt ?? 0, closedAt ?? 0);

const isOpen = ({ state }: Conversation): boolean => state !== "closed";

/** The one that a new message belongs to; null: it begins one. One in which the person never wrote is not opened again by writing. */
function findCurrent(conversations: readonly Conversation[], nowMs: number): Conversation | null {
  const isFresh = ({ context }: Conversation) =>
    context.messages > 0 && nowMs - (context.closedAt ?? 0) < REOPEN_WITHIN_MS;
  return conversations.find(isOpen) ?? conversations.find(isFresh) ?? null;
}

const ticketIdOf = (address: ActorAddress): string => address.slice("ticket/".length);

/** What a person sent. `text` undefined: no text, but a picture or a file. */
export interface Written {
  readonly userId: number;
  readonly messageId: number;
  readonly updateId: number;
  readonly text: string | undefined;
  /** Below a picture or a file: no answer, but it may hold a token. */
  readonly caption: string | undefined;
}

/** @returns the answer to draw. The same update again is the same message: its text and its event are kept once. */
export async function takeSupportText(desk: Desk, written: Written): Promise<Screen> {
  const { userId, messageId, updateId, text, caption } = written;
  const { reader } = await desk.visit(userId);
  // Nobody in support needs a token, and it would lie among the texts of the ticket.
  const said = text ?? caption;
  if (said !== undefined && desk.deps.tokens.secretIn(said, userId) !== null) {
    const isGone = await desk.chat.erase(userId, messageId);
    return supportTokenScreen(isGone, reader);
  }
  if (text === undefined) return supportNeedsTextScreen(reader);
  const cleaned = cleanMessage(text);
  if (cleaned === "") return supportNeedsTextScreen(reader);
  const current = findCurrent(await conversationsOf(desk, userId), desk.deps.clock.now());
  const address = current?.address ?? addressOf.ticket(desk.deps.newId());
  const messageRef = `u${updateId}`;
  // The text first: an event that points to nothing would be worse than a text without an event.
  await desk.deps.messages.put(ticketIdOf(address), messageRef, {
    from: "customer",
    text: cleaned,
    at: desk.deps.clock.now(),
  });
  const event =
    current === null
      ? {
          type: "ticket.opened",
          userId,
          subject: "question",
          about: addressOf.customer(userId),
          detail: null,
          messageRef,
        }
      : { type: "customer.wrote", messageRef };
  await desk.deps.actors.send(address, event, byUpdate(updateId));
  return supportTakenScreen(reader);
}

export async function drawSupport(desk: Desk, userId: number): Promise<Screen> {
  const { reader } = await desk.visit(userId);
  return supportScreen(reader, (await conversationsOf(desk, userId)).some(isOpen));
}

/** Erasure is decided and carried out by people; the wish is a ticket, one per person. */
export async function askToBeForgotten(desk: Desk, userId: number, updateId: number): Promise<Screen> {
  const { reader } = await desk.visit(userId);
  await desk.deps.actors.send(
    addressOf.ticket(`forget:${userId}`),
    {
      type: "ticket.opened",
      userId,
      subject: "question",
      about: addressOf.customer(userId),
      detail: "erasureRequested",
      messageRef: null,
    },
    byUpdate(updateId),
  );
  return forgetAskedScreen(reader);
}
