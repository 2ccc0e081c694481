import { z } from "zod";
import { ActorAddress, ChatId, ProductCode } from "../address.ts";
import { event, LATEST_AT, MOST_GIVEN_MS, Staff } from "../event.ts";
import { RefundAccess } from "../payment/types.ts";
import { Terms } from "../terms.ts";

/** From the customer actor, which counts what it tells: what is older than what is known changes nothing. Without a number it is believed. */
const News = { version: z.int().nonnegative().optional() } as const;

export const SubscriptionEvent = z.discriminatedUnion("type", [
  /** From an order. */
  event("checkout.opened", { orderId: z.string().max(256), terms: Terms }),
  /** From the customer, who has the trial once. */
  event("trial.granted", { terms: Terms }),
  /** From a payment that its order accepted. The charge counts once for ever. */
  event("payment.succeeded", {
    payment: ActorAddress,
    chargeId: z.string().min(1).max(256),
    orderId: z.string().max(256),
    terms: Terms,
    recurring: z.boolean(),
    firstRecurring: z.boolean(),
    /** The provider's own end of the paid time. Epoch ms. */
    expiresAt: z.int().positive().nullable(),
    /** When the payer paid. Epoch ms. */
    paidAt: z.int().optional(),
  }),
  /** From the order: the customer switched the renewal off or on at Telegram, or it failed for want of Stars. */
  event("renewal.canceled", { orderId: z.string().max(256) }),
  event("renewal.enabled", { orderId: z.string().max(256) }),
  event("renewal.failed", { orderId: z.string().max(256) }),
  /** The customer's own wishes, from the bot. */
  event("cancel.requested", {}),
  event("cancel.undone", {}),
  event("pause.requested", {}),
  event("resume.requested", {}),
  event("reminders.muted", News),
  event("reminders.unmuted", News),
  /** From a payment. */
  event("payment.refunded", { chargeId: z.string().max(256), access: RefundAccess }),
  event("charge.reversed", { chargeId: z.string().max(256) }),
  /** From the customer actor. */
  event("risk.changed", { ...News, blocked: z.boolean() }),
  /** From a channel: clocks stand still, and the time is given back. Epoch ms. */
  event("channel.unavailable", { chatId: ChatId, since: z.int() }),
  event("channel.recovered", { chatId: ChatId, since: z.int() }),
  /** Staff. */
  event("access.revoked", Staff),
  event("access.reinstated", Staff),
  /** How access stands, told once more to invites and set-up: they missed it, as after a forced state whose announcements were left out. */
  event("access.announced", Staff),
  /** A gift or a compensation: paid time without a charge; `ms` null is for life. */
  event("term.granted", { ...Staff, terms: Terms, ms: z.int().positive().max(MOST_GIVEN_MS).nullable() }),
  event("term.extended", { ...Staff, ms: z.int().positive().max(MOST_GIVEN_MS) }),
  /**
   * An outage of what was sold, over by now: time is given back to those who had some between `from` and `to` (epoch ms), once for each
   * `outage`, however often and by whatever way it is said.
   */
  event("outage.credited", {
    ...Staff,
    outage: z.string().regex(/^[\w.-]{1,64}$/, "expected 1-64 of A-Z, a-z, 0-9, _, . and -"),
    product: ProductCode.nullable().default(null),
    from: z.int().positive().max(LATEST_AT).meta({ description: "epoch ms" }),
    to: z.int().positive().max(LATEST_AT).meta({ description: "epoch ms" }),
    ms: z.int().positive().max(MOST_GIVEN_MS),
  }),
  /** Access regardless of billing until then; null ends it. Epoch ms. */
  event("override.set", { ...Staff, until: z.int().positive().max(LATEST_AT).nullable() }),
]);
export type SubscriptionEvent = z.infer<typeof SubscriptionEvent>;

/** What one charge bought: needed to answer a repeated question the same way, and to take time back with a refund. */
export interface PaidPeriod {
  readonly chargeId: string;
  /** Epoch ms. */
  readonly from: number;
  /** Epoch ms; null is for life. */
  readonly until: number | null;
}

export interface SubscriptionContext {
  readonly userId: number;
  readonly product: string;
  /** What was bought or granted; before the first time, what was offered last. */
  readonly terms: Terms | null;
  /** The order that is open or was paid last. */
  readonly orderId: string | null;
  /** End of the paid time, epoch ms; null before the first charge and for life. */
  readonly paidUntil: number | null;
  /** Start of the paid time without a gap up to `paidUntil`, epoch ms; null before the first charge. */
  readonly periodFrom: number | null;
  /** Start and end of the trial, epoch ms; null without one and after it was converted or is over. */
  readonly trialFrom: number | null;
  readonly trialUntil: number | null;
  /** When the provider will charge again, as it says itself. Epoch ms. */
  readonly renewsAt: number | null;
  /** When the state that runs now ends by time, epoch ms. Moves when the clock stood still. */
  readonly deadline: number | null;
  /** When the last access ended for good, epoch ms: win-back counts from here. */
  readonly endedAt: number | null;
  /** Unused paid time, kept by a pause. */
  readonly creditMs: number;
  /** The charge that started the subscription at the provider: the one that edits it. */
  readonly firstChargeId: string | null;
  /** The order whose invoice renews, to tell its `renewal.*` events from those of a replaced one. */
  readonly renewingOrderId: string | null;
  /**
   * An order whose renewal was switched off at the provider before its purchase was heard of: it does not renew. Absent in older snapshots.
   */
  readonly stoppedOrderId?: string | null;
  /**
   * Since when the provider says that it could not charge for the next term, epoch ms; null after a charge, and when nothing renews any
   * more. Absent in older snapshots.
   */
  readonly renewalFailedAt?: number | null;
  /** The charge that was applied last. */
  readonly lastChargeId: string | null;
  readonly charges: number;
  /** Of the latest charges, oldest first, at most `MAX_PERIODS`. */
  readonly periods: readonly PaidPeriod[];
  /** How many messages of this state were sent (reminders, grace notices, win-back). */
  readonly remindersSent: number;
  /** Epoch ms; null when this state has none left. */
  readonly nextReminderAt: number | null;
  readonly remindersMuted: boolean;
  readonly overrideUntil: number | null;
  readonly riskBlocked: boolean;
  /** Chats whose access cannot be managed now; while any is listed the clocks stand still. */
  readonly stoppedFor: readonly string[];
  /** Since when the clocks stand still, epoch ms. */
  readonly stoppedSince: number | null;
  /** When they went on last, epoch ms: an outage that began earlier was given back already. */
  readonly clockRanAgainAt: number | null;
  /**
   * Per chat: when the latest outage began whose end was heard, epoch ms. Its beginning may be heard after that, and would stop the clock
   * for ever. Absent in older snapshots.
   */
  readonly endedOutages?: Readonly<Record<string, number>>;
  /** An order whose customer left before its first charge came: it shall not renew. Absent before the first. */
  readonly unwantedOrderId?: string | null;
  /** Outages for which time was given back, the latest `MAX_OUTAGES`. Absent before the first. */
  readonly creditedOutages?: readonly string[];
  /** Counts announcements to invites, so that an overtaken one is recognised. */
  readonly accessVersion: number;
  readonly revokedReason: string | null;
  /** The customer's number of the latest news, of risk and of reminders. Absent before the first numbered one. */
  readonly riskVersion?: number;
  readonly remindersVersion?: number;
}
