import { UserProductId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { subscriptionEffects } from "./effects.ts";
import { subscriptionMachine } from "./machine.ts";
import { type SubscriptionContext, SubscriptionEvent } from "./types.ts";

export const subscriptionDefinition = defineMachine<SubscriptionContext, Stamped<SubscriptionEvent>>({
  name: "subscription",
  version: 1,
  machine: subscriptionMachine,
  id: UserProductId,
  event: SubscriptionEvent,
  creators: ["checkout.opened", "trial.granted", "payment.succeeded", "term.granted"],
  staffEvents: {
    "access.revoked": "support",
    "access.reinstated": "support",
    "access.announced": "support",
    "term.granted": "finance",
    "term.extended": "finance",
    "outage.credited": "finance",
    "override.set": "finance",
  },
  // Access or time that nobody paid for, as `term.granted` and `override.set` give it.
  forceRoles: {
    "billing.trialing": "finance",
    "billing.active": "finance",
    "billing.renewalSlack": "finance",
    "billing.pastDue": "finance",
    "override.set": "finance",
    "access.open": "finance",
  },
  effects: subscriptionEffects,
  lookups: ({ userId, product, orderId, renewingOrderId, terms }) => [
    `telegramId=${userId}`,
    `product=${product}`,
    // A channel's outage and recovery reach everybody whose access it carries.
    ...(terms?.chats ?? []).map((chatId) => `chatId=${chatId}` as const),
    ...[...new Set([orderId, renewingOrderId])].filter((id) => id !== null).map((id) => `orderId=${id}` as const),
  ],
});
