// What was offered to whom for how much, and whether a charge is that. Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { orderEffects } from "./effects.ts";
import { blankOrder, checkoutEndsAt, disputeOf } from "./policy.ts";
import type { OrderContext, OrderEvent } from "./types.ts";

export const orderMachine = setup({
  types: {} as { context: OrderContext; events: Stamped<OrderEvent>; input: ActorInput },
  guards: {
    isOffered: ({ context }) => context.terms !== null,
    isWhatWasOffered: ({ context, event }) => event.type === "charge.presented" && disputeOf(context, event) === null,
  },
  delays: {
    /** From the opening, not from the approval: a late approval does not keep an old price alive. */
    checkoutEnd: ({ context, event }) => Math.max(0, checkoutEndsAt(context) - event.at),
  },
  actions: {
    ...declareActions(orderEffects),
    rememberOffer: assign(({ event }) =>
      event.type === "order.opened"
        ? { userId: event.userId, terms: event.terms, kind: event.kind, openedAt: event.at }
        : {},
    ),
    countCharge: assign(({ context, event }) =>
      event.type === "charge.presented" && event.chargeId !== context.lastChargeId
        ? { charges: context.charges + 1, lastChargeId: event.chargeId, settledAt: context.settledAt ?? event.at }
        : {},
    ),
    rememberRefusal: assign(({ event }) =>
      event.type === "order.withdrawn" || event.type === "checkout.refused" ? { refusedReason: event.reason } : {},
    ),
    rememberUnknown: assign({ refusedReason: "unknownOrder" }),
  },
}).createMachine({
  id: "order",
  context: ({ input }) => blankOrder(input),
  initial: "draft",
  on: {
    // Paid late, paid again, charged by a renewal: the offer binds us as long as it was not withdrawn. Money is honoured.
    "charge.presented": [
      { guard: "isWhatWasOffered", target: ".settled", actions: ["countCharge", "tellChargeAccepted"] },
      { actions: "tellChargeDisputed" },
    ],
    // Also before the first charge: Telegram may bring the news of a renewal that was switched off ahead of the payment that began it.
    "renewal.changed": { guard: "isOffered", actions: "tellRenewalChanged" },
  },
  states: {
    /** Only within the step that creates the order. */
    draft: {
      on: {
        "order.opened": { target: "open", actions: ["rememberOffer", "tellCheckoutOpened"] },
        // A charge names an order that was never made: a forged or lost payload.
        "charge.presented": { target: "refused", actions: ["rememberUnknown", "tellOrderRefused"] },
      },
    },
    open: {
      after: { checkoutEnd: "abandoned" },
      on: {
        "checkout.approved": "approved",
        // One refused attempt, for instance another person's, does not spoil the offer for its owner.
        "checkout.refused": { actions: "rememberRefusal" },
        "order.withdrawn": { target: "refused", actions: "rememberRefusal" },
      },
    },
    /** The pre-checkout query was answered with yes: money may be on its way. */
    approved: {
      after: { checkoutEnd: "abandoned" },
      on: {
        "checkout.refused": { actions: "rememberRefusal" },
        "order.withdrawn": { target: "refused", actions: "rememberRefusal" },
      },
    },
    settled: {},
    /** Not paid in time. A late payment still settles it. */
    abandoned: {
      on: { "order.withdrawn": { target: "refused", actions: "rememberRefusal" } },
    },
    refused: {
      on: { "charge.presented": { actions: "tellOrderRefused" }, "renewal.changed": {} },
    },
  },
});
