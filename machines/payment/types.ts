import { z } from "zod";
import { ActorAddress, OpaqueId, UserId } from "../address.ts";
import { event, Staff } from "../event.ts";
import { Charge, DisputeReason } from "../order/types.ts";
import { Terms } from "../terms.ts";

/** What a refund does to access: as the policy says (current period: revoke, older: keep), or as staff decide. */
export const RefundAccess = z.enum(["policy", "revoke", "keep"]);
export type RefundAccess = z.infer<typeof RefundAccess>;

const { chargeId: _identity, ...charge } = Charge;

export const PaymentEvent = z.discriminatedUnion("type", [
  /**
   * Created once, by the charge id. Seen again, it changes nothing and the audit says so; with another buyer people hear of it.
   */
  event("payment.received", {
    ...charge,
    /** The invoice payload: an order id, or whatever a forger sent. */
    orderId: OpaqueId,
    providerChargeId: z.string().max(256).nullable(),
    /** When the payer paid, as the provider says. Epoch ms. */
    paidAt: z.int().positive().optional(),
    source: z.enum(["update", "reconciliation"]),
  }),
  /** From the order: this is what was offered. */
  event("payment.accepted", { subscription: ActorAddress, terms: Terms }),
  /** From the order: this is not what was offered. */
  event("payment.disputed", { reason: DisputeReason }),
  /** From the subscription: the paid time it bought. Epoch ms; until null is for life. */
  event("payment.applied", {
    from: z.int(),
    until: z.int().nullable(),
    /** The time is kept, but the person is blocked: there is nothing to thank for, and a ticket is open. */
    withheld: z.literal(true).optional(),
  }),
  event("refund.requested", { ...Staff, access: RefundAccess }),
  /** From the customer, decided by the policy of the terms. */
  event("refund.claimed", {}),
  /** The provider says so (a service message, a transaction row). */
  event("refund.seen", {}),
  event("chargeback.seen", {}),
  /** Staff accept a quarantined charge for this subscription after all. */
  event("payment.released", { ...Staff, userId: UserId, terms: Terms }),
]);
export type PaymentEvent = z.infer<typeof PaymentEvent>;

export type RefundTicket = "refund" | "refundFailed";

export interface PaymentContext {
  readonly chargeId: string;
  readonly userId: number | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly orderId: string | null;
  readonly providerChargeId: string | null;
  readonly recurring: boolean;
  readonly firstRecurring: boolean;
  readonly expiresAt: number | null;
  readonly receivedAt: number;
  /** When the payer paid, as the provider says, epoch ms. Absent where it did not say, and in older snapshots. */
  readonly paidAt?: number;
  readonly subscription: ActorAddress | null;
  readonly terms: Terms | null;
  readonly period: { readonly from: number; readonly until: number | null } | null;
  /** How often the order, then the subscription, was asked without an answer. */
  readonly asks: number;
  readonly disputeReason: DisputeReason | null;
  /** Conversations with staff that end when the money is back. Absent in older snapshots. */
  readonly openTickets?: readonly RefundTicket[];
  readonly refund: {
    readonly by: string;
    readonly reason: string;
    readonly access: RefundAccess;
    readonly at: number;
  } | null;
}
