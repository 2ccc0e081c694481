import { addressOf } from "../address.ts";
import type { EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import type { SubscriptionEvent } from "../subscription/types.ts";
import { tell } from "../tell.ts";
import { disputeOf } from "./policy.ts";
import type { OrderContext, OrderEvent } from "./types.ts";

type Table = Record<string, EffectsOf<OrderContext, Stamped<OrderEvent>>>;

const renewalEvent = { canceled: "renewal.canceled", active: "renewal.enabled", failed: "renewal.failed" } as const;

const tellSubscription = ({ userId, terms }: OrderContext, event: SubscriptionEvent) =>
  userId === null || terms === null ? [] : [tell.subscription(userId, terms.product, event)];

export const orderEffects = {
  tellCheckoutOpened: ({ context }) =>
    context.terms === null
      ? []
      : tellSubscription(context, { type: "checkout.opened", orderId: context.orderId, terms: context.terms }),
  tellChargeAccepted: ({ context, event }) =>
    event.type === "charge.presented" && context.userId !== null && context.terms !== null
      ? [
          tell.payment(event.chargeId, {
            type: "payment.accepted",
            subscription: addressOf.subscription(context.userId, context.terms.product),
            terms: context.terms,
          }),
        ]
      : [],
  tellChargeDisputed: ({ context, event }) => {
    const reason = event.type === "charge.presented" ? disputeOf(context, event) : null;
    return event.type === "charge.presented" && reason !== null
      ? [tell.payment(event.chargeId, { type: "payment.disputed", reason })]
      : [];
  },
  /** Nothing may be bought here, whatever the amount. */
  tellOrderRefused: ({ context, event }) =>
    event.type === "charge.presented"
      ? [
          tell.payment(event.chargeId, {
            type: "payment.disputed",
            reason: context.terms === null ? "unknownOrder" : "orderRefused",
          }),
        ]
      : [],
  tellRenewalChanged: ({ context, event }) =>
    event.type === "renewal.changed"
      ? tellSubscription(context, { type: renewalEvent[event.state], orderId: context.orderId })
      : [],
} as const satisfies Table;
