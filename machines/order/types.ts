import { z } from "zod";
import { UserId } from "../address.ts";
import { event, Staff } from "../event.ts";
import { Terms } from "../terms.ts";

/** A charge as the provider states it, before anybody decided whether it is what was offered. */
export const Charge = {
  chargeId: z.string().min(1).max(256),
  userId: UserId,
  /** Unit: smallest unit of the currency; whole Stars for XTR. */
  amountMinor: z.int().nonnegative(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Charged by a subscription at the provider, the first time included. */
  recurring: z.boolean(),
  firstRecurring: z.boolean(),
  /** The provider's own end of the paid time. Epoch ms. */
  expiresAt: z.int().positive().nullable(),
} as const;

export const OrderEvent = z.discriminatedUnion("type", [
  event("order.opened", {
    userId: UserId,
    terms: Terms,
    /** `renewing`: an invoice link with a subscription period; `prepaid`: one term. */
    kind: z.enum(["renewing", "prepaid"]),
  }),
  /** The pre-checkout query was answered with yes. No money yet. */
  event("checkout.approved", {}),
  /** The pre-checkout query was answered with no. */
  event("checkout.refused", { reason: z.string().min(1).max(64) }),
  /** From a payment: is this what was offered, to whom, for how much? */
  event("charge.presented", Charge),
  /** Telegram's `subscription` update carries only the invoice payload, so it comes here. */
  event("renewal.changed", { state: z.enum(["canceled", "active", "failed"]) }),
  event("order.withdrawn", Staff),
]);
export type OrderEvent = z.infer<typeof OrderEvent>;

/** Why a charge is not what was offered. */
export const DisputeReason = z.enum([
  "unknownOrder",
  "otherBuyer",
  "otherCurrency",
  "underpaid",
  "orderRefused",
  "orderUnanswered",
  /** The order accepted it, but the subscription did not say what time it bought. */
  "subscriptionUnanswered",
]);
export type DisputeReason = z.infer<typeof DisputeReason>;

export interface OrderContext {
  readonly orderId: string;
  readonly userId: number | null;
  readonly terms: Terms | null;
  readonly kind: "renewing" | "prepaid" | null;
  readonly openedAt: number;
  /** Epoch ms of the first accepted charge. */
  readonly settledAt: number | null;
  readonly charges: number;
  /** The charge that was accepted last: asked about again, it is answered again and not counted again. */
  readonly lastChargeId: string | null;
  readonly refusedReason: string | null;
}
