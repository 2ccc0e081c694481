import { z } from "zod";
import { ActorAddress, ChatId } from "../address.ts";
import { event, Staff } from "../event.ts";
import { RefundAccess } from "../payment/types.ts";
import { Terms } from "../terms.ts";

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
  event("reminders.muted", {}),
  event("reminders.unmuted", {}),
  /** From a payment. */
  event("payment.refunded", { chargeId: z.string().max(256), access: RefundAccess }),
  event("charge.reversed", { chargeId: z.string().max(256) }),
  /** From the customer actor. */
  event("risk.changed", { blocked: z.boolean() }),
  /** From a channel: clocks stand still, and the time is given back. Epoch ms. */
  event("channel.unavailable", { chatId: ChatId, since: z.int() }),
  event("channel.recovered", { chatId: ChatId, since: z.int() }),
  /** Staff. */
  event("access.revoked", Staff),
  event("access.reinstated", Staff),
  /** A gift or a compensation: paid time without a charge; `ms` null is for life. */
  event("term.granted", { ...Staff, terms: Terms, ms: z.int().positive().nullable() }),
  event("term.extended", { ...Staff, ms: z.int().positive() }),
  /** Access regardless of billing until then; null ends it. Epoch ms. */
  event("override.set", { ...Staff, until: z.int().positive().nullable() }),
]);
export type SubscriptionEvent = z.infer<typeof SubscriptionEvent>;

export interface SubscriptionContext {
  readonly userId: number;
  readonly product: string;
  readonly terms: Terms | null;
  readonly orderId: string | null;
  /** End of the paid time, epoch ms; null before the first charge and for life. */
  readonly paidUntil: number | null;
  /** Start of the current paid time: a refund of a charge at or after it is "of the current period". */
  readonly periodFrom: number | null;
  /** When the state that runs now ends by time, epoch ms. Moves when the clock stood still. */
  readonly deadline: number | null;
  /** Unused paid time, kept by a pause. */
  readonly creditMs: number;
  /** The charge that started the subscription at the provider: the one that edits it. */
  readonly firstChargeId: string | null;
  /** The charge of the current period. */
  readonly lastChargeId: string | null;
  readonly charges: number;
  /** How many of the policy's reminders of this state were sent. */
  readonly remindersSent: number;
  readonly remindersMuted: boolean;
  readonly overrideUntil: number | null;
  readonly riskBlocked: boolean;
  /** Chats whose access cannot be managed now; while any is listed the clocks stand still. */
  readonly stoppedFor: readonly string[];
  /** Counts announcements to invites, so that an overtaken one is recognised. */
  readonly accessVersion: number;
  readonly revokedReason: string | null;
}
