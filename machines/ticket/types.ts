import { z } from "zod";
import { ActorAddress, UserId } from "../address.ts";
import { event } from "../event.ts";

/** Texts are kept beside the actor, sealed off from events and audit; an event carries only where. */
const messageRef = z.string().min(1).max(64);

export const TicketSubject = z.enum([
  "question",
  "payment",
  "disputedPayment",
  "replayedCharge",
  "refund",
  "refundFailed",
  "inviteFailed",
  "removalFailed",
  "removedByOther",
  "renewalStopFailed",
  "channel",
  "effectFailed",
  "chargeback",
  "onboarding",
  "backend",
  "dataset",
]);
export type TicketSubject = z.infer<typeof TicketSubject>;

export const TicketEvent = z.discriminatedUnion("type", [
  event("ticket.opened", {
    userId: UserId.nullable(),
    subject: TicketSubject,
    about: ActorAddress.nullable(),
    /** A code for people who read tickets, never free text. */
    detail: z.string().max(120).nullable(),
    messageRef: messageRef.nullable(),
  }),
  event("customer.wrote", { messageRef }),
  event("staff.answered", { by: z.string().min(1).max(64), messageRef }),
  event("ticket.closed", { by: z.string().min(1).max(64) }),
]);
export type TicketEvent = z.infer<typeof TicketEvent>;

export interface TicketContext {
  readonly ticketId: string;
  readonly userId: number | null;
  readonly subject: TicketSubject | null;
  readonly about: ActorAddress | null;
  readonly detail: string | null;
  readonly openedAt: number;
  readonly answeredAt: number | null;
  readonly closedAt: number | null;
  readonly messages: number;
  /** How often the same cause was reported again while open. */
  readonly repeats: number;
}
