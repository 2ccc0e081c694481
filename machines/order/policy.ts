import type { z } from "zod";
import type { ActorInput } from "../event.ts";
import type { DisputeReason, OrderContext, OrderEvent } from "./types.ts";

/** XState asks for a context without input on every step; what it gets then is thrown away. */
export function blankOrder(input: ActorInput | undefined): OrderContext {
  return {
    orderId: input?.id ?? "",
    userId: null,
    terms: null,
    kind: null,
    openedAt: input?.at ?? 0,
    settledAt: null,
    charges: 0,
    lastChargeId: null,
    refusedReason: null,
  };
}

type ChargePresented = Extract<OrderEvent, { type: "charge.presented" }>;

/**
 * Why a charge is not what this order offered; null when it is. More money than the price is accepted and buys nothing extra:
 * the customer is not punished for a price that fell between the invoice and the payment, and nobody buys time by overpaying.
 */
export function disputeOf(context: OrderContext, charge: ChargePresented): z.infer<typeof DisputeReason> | null {
  if (context.userId === null || context.terms === null) return "unknownOrder";
  if (charge.userId !== context.userId) return "otherBuyer";
  if (charge.currency !== context.terms.price.currency) return "otherCurrency";
  if (charge.amountMinor < context.terms.price.amountMinor) return "underpaid";
  return null;
}

/** When an unpaid order stops being interesting. Epoch ms. */
export function checkoutEndsAt({ openedAt, terms }: OrderContext): number {
  return openedAt + (terms?.policy.checkoutMs ?? 0);
}
