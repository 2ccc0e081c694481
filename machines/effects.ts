import { z } from "zod";
import { ActorAddress, ChatId, UserId } from "./address.ts";

/** Messages that a machine may ask to send to a customer; the texts live with the bot. */
export const CustomerNotice = z.enum([
  "payment.received",
  "payment.disputed",
  "trial.started",
  "invite.ready",
  "invite.delayed",
  "invite.limit",
  "member.joined",
  "member.left",
  "link.misused",
  "checkout.reminder",
  "reminder.renewing",
  "reminder.ending",
  "reminder.trialEnding",
  "renewal.done",
  "renewal.canceled",
  "renewal.enabled",
  "renewal.failed",
  "renewal.stopFailed",
  "grace.started",
  "grace.reminder",
  "hold.started",
  "subscription.expired",
  "subscription.paused",
  "subscription.resumed",
  "subscription.revoked",
  "subscription.reinstated",
  "access.blocked",
  "term.extended",
  "payment.refunded",
  "payment.reversed",
  "refund.refused",
  "refund.failed",
  "winBack",
  "ticket.answered",
  "connect.progress",
  "connect.problem",
  "connect.delayed",
  "connect.attention",
  "connect.waiting",
  "connect.ready",
  "connect.reminder",
  "token.expiring",
]);
export type CustomerNotice = z.infer<typeof CustomerNotice>;

/** Messages to the people who run the service. */
export const StaffNotice = z.enum([
  "ticket.opened",
  "ticket.message",
  "channel.degraded",
  "channel.lost",
  "channel.recovered",
  "removals.held",
  "risk.raised",
  "onboarding.late",
]);
export type StaffNotice = z.infer<typeof StaffNotice>;

/** Values for a text: codes, numbers, epoch milliseconds; never names, tokens or what people wrote. */
const NoticeParams = z.record(z.string().max(32), z.union([z.string().max(512), z.number(), z.boolean(), z.null()]));

/** An event for another actor. The receiver's own schema checks it again at delivery. */
const TellEvent = z.looseObject({ type: z.string().min(1).max(64) });

/** Everything without a result that a machine may ask for, as data. */
export const Effect = z.discriminatedUnion("kind", [
  /** Deliver an event to another actor, once. */
  z.object({ kind: z.literal("tell"), to: ActorAddress, event: TellEvent }),
  /** Deliver an event to every subscription and invite that concerns a chat. */
  z.object({
    kind: z.literal("broadcast"),
    chatId: ChatId,
    machines: z.array(z.enum(["subscription", "invite"])).min(1),
    event: TellEvent,
  }),
  z.object({
    kind: z.literal("notifyCustomer"),
    userId: UserId,
    notice: CustomerNotice,
    /** The product it is about, so that the right screen is drawn. */
    product: z.string().max(32).nullable(),
    params: NoticeParams,
  }),
  z.object({ kind: z.literal("notifyStaff"), notice: StaffNotice, params: NoticeParams }),
  /** One line of the books. `row` names it for ever: the same row is written once. */
  z.object({
    kind: z.literal("recordLedger"),
    row: z.string().min(1).max(320),
    entry: z.enum(["charge", "refund", "chargeback"]),
    chargeId: z.string().min(1).max(256),
    userId: UserId,
    orderId: z.string().max(256).nullable(),
    currency: z.string().length(3),
    /** Unit: smallest unit; positive for charges, negative for refunds and chargebacks. */
    amountMinor: z.int(),
    at: z.int(),
  }),
  z.object({ kind: z.literal("declineJoinRequest"), chatId: ChatId, userId: UserId, userChatId: UserId.nullable() }),
  z.object({ kind: z.literal("revokeInviteLink"), chatId: ChatId, link: z.string().min(1).max(256) }),
  /** A sealed secret that nobody needs any more. */
  z.object({ kind: z.literal("dropSecret"), owner: ActorAddress, ref: z.string().min(1).max(64) }),
  /** Delete what is kept of a person outside the actors, give their books a pseudonym, and tell them that it is done. */
  z.object({
    kind: z.literal("erasePerson"),
    userId: UserId,
    /** In which they are told, because the customer has forgotten it by then; null: nobody is told. */
    language: z.enum(["ru", "en"]).nullable(),
    /** What was written later is of somebody who has come back. Epoch ms. */
    upTo: z.int(),
  }),
  /** Stop the renewal of an older subscription at Telegram that a new purchase replaced. */
  z.object({ kind: z.literal("stopOldRenewal"), userId: UserId, chargeId: z.string().min(1).max(256) }),
]);
export type Effect = z.infer<typeof Effect>;
export type EffectKind = Effect["kind"];

/**
 * What one named action of a machine asks for. Pure: the same context and event give the same effects.
 * The machine only names the action; the runtime calls this function with the data of that moment and stores what it returns.
 */
export type EffectsOf<Context, Event> = (args: {
  readonly context: Context;
  readonly event: Event;
}) => readonly Effect[];

/** Names the actions of a table for `setup`. They do nothing there: effects are data, carried out after the commit. */
export function declareActions<T extends Record<string, unknown>>(table: T): { [K in keyof T]: () => void } {
  return Object.fromEntries(Object.keys(table).map((name) => [name, () => {}])) as { [K in keyof T]: () => void };
}
