import type { ActorInput } from "../event.ts";
import type { Policy } from "../terms.ts";
import type { PaymentContext, RefundTicket } from "./types.ts";

/** How long an answer may take before the question is asked again: deliveries take milliseconds, a restart seconds. */
export const ANSWER_WAIT_MS = 60_000;
/** Questions altogether, so that a paying customer is a matter for people after five minutes at the latest. */
export const MAX_ASKS = 5;

/** XState asks for a context without input on every step; what it gets then is thrown away. */
export function blankPayment(input: ActorInput | undefined): PaymentContext {
  return {
    chargeId: input?.id ?? "",
    userId: null,
    amountMinor: 0,
    currency: "XTR",
    orderId: null,
    providerChargeId: null,
    recurring: false,
    firstRecurring: false,
    expiresAt: null,
    receivedAt: input?.at ?? 0,
    subscription: null,
    terms: null,
    period: null,
    asks: 0,
    disputeReason: null,
    openTickets: [],
    refund: null,
  };
}

/** Each once, however often it is opened. */
export const withTicket = ({ openTickets = [] }: PaymentContext, subject: RefundTicket): readonly RefundTicket[] =>
  openTickets.includes(subject) ? openTickets : [...openTickets, subject];

type ClaimDecision = "refundNow" | "askSupport" | "refuse";

/** What a customer's claim leads to. `at`: epoch ms of the claim. The time runs from the charge, by the terms that were bought. */
export function decideClaim({ terms, receivedAt }: PaymentContext, at: number): ClaimDecision {
  const policy: Policy["refund"] = terms?.policy.refund ?? { mode: "manual" };
  if (policy.mode === "manual") return "askSupport";
  if (at - receivedAt <= policy.withinMs) return "refundNow";
  return policy.mode === "hybrid" ? "askSupport" : "refuse";
}

/** A renewal, as opposed to the purchase that began it. */
export function isRenewal({ recurring, firstRecurring }: PaymentContext): boolean {
  return recurring && !firstRecurring;
}
