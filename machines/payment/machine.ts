// One charge, from the provider's word to the time it bought, and back. Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { addressOf } from "../address.ts";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation } from "../invocations.ts";
import { paymentEffects } from "./effects.ts";
import { ANSWER_WAIT_MS, blankPayment, decideClaim, isRenewal, MAX_ASKS, withTicket } from "./policy.ts";
import type { PaymentContext, PaymentEvent } from "./types.ts";

const toApplied = [
  { guard: "isWithoutAccess", target: "#payment.applied", actions: ["closeDisputeTicket", "rememberPeriod"] },
  {
    guard: "isRenewal",
    target: "#payment.applied",
    actions: ["closeDisputeTicket", "rememberPeriod", "tellRenewalDone"],
  },
  { target: "#payment.applied", actions: ["closeDisputeTicket", "rememberPeriod", "thankForPayment"] },
] as const;
/** The provider took the money back, whoever asked for it. */
const toRefunded = {
  target: "#payment.refunded",
  actions: [
    "recordRefund",
    "tellPaymentRefunded",
    "tellRefunded",
    "closeRefundTickets",
    "closeDisputeTicket",
    "forgetTickets",
  ],
} as const;
const toChargedBack = {
  target: "#payment.chargedBack",
  actions: [
    "recordChargeback",
    "tellSubscriptionReversed",
    "tellCustomerReversed",
    "tellReversed",
    "openChargebackTicket",
  ],
} as const;
const refundFailed = ["openRefundFailedTicket", "noteRefundFailedTicket", "tellRefundFailed", "forgetRefund"] as const;
const toRefunding = { target: "#payment.refunding", actions: "rememberRefundRequest" } as const;

export const paymentMachine = setup({
  types: {} as { context: PaymentContext; events: Stamped<PaymentEvent>; input: ActorInput },
  actors: { refundCharge: declareInvocation("refundCharge") },
  guards: {
    hasAsksLeft: ({ context }) => context.asks < MAX_ASKS,
    isRenewal: ({ context }) => isRenewal(context),
    /** Charged to somebody whose access is revoked or who is blocked: people decide about the money, and nobody is thanked. */
    isWithoutAccess: ({ event }) =>
      event.type === "payment.applied" && (event.until === event.from || event.withheld === true),
    isOtherBuyer: ({ context, event }) => event.type === "payment.received" && event.userId !== context.userId,
    isUnanswered: ({ context }) => context.disputeReason === "orderUnanswered",
    isRefundDue: ({ context, event }) => decideClaim(context, event.at) === "refundNow",
    isForSupport: ({ context, event }) => decideClaim(context, event.at) === "askSupport",
    wasApplied: ({ context }) => context.period !== null,
    wasNotApplied: ({ context }) => context.period === null,
  },
  delays: { answerWait: ANSWER_WAIT_MS },
  actions: {
    ...declareActions(paymentEffects),
    rememberCharge: assign(({ event }) =>
      event.type === "payment.received"
        ? {
            userId: event.userId,
            amountMinor: event.amountMinor,
            currency: event.currency,
            orderId: event.orderId,
            providerChargeId: event.providerChargeId,
            recurring: event.recurring,
            firstRecurring: event.firstRecurring,
            expiresAt: event.expiresAt,
            receivedAt: event.at,
            ...(event.paidAt === undefined ? {} : { paidAt: event.paidAt }),
          }
        : {},
    ),
    rememberAcceptance: assign(({ event }) =>
      event.type === "payment.accepted"
        ? { subscription: event.subscription, terms: event.terms, disputeReason: null }
        : {},
    ),
    rememberRelease: assign(({ event }) =>
      event.type === "payment.released"
        ? {
            subscription: addressOf.subscription(event.userId, event.terms.product),
            terms: event.terms,
            disputeReason: null,
          }
        : {},
    ),
    rememberPeriod: assign(({ event }) =>
      event.type === "payment.applied" ? { period: { from: event.from, until: event.until }, disputeReason: null } : {},
    ),
    rememberDispute: assign(({ event }) => (event.type === "payment.disputed" ? { disputeReason: event.reason } : {})),
    rememberOrderSilence: assign({ disputeReason: "orderUnanswered" }),
    rememberSubscriptionSilence: assign({ disputeReason: "subscriptionUnanswered" }),
    countAsk: assign({ asks: ({ context }) => context.asks + 1 }),
    beginAsking: assign({ asks: 0 }),
    rememberRefundRequest: assign(({ event }) =>
      event.type === "refund.requested"
        ? { refund: { by: event.by, reason: event.reason, access: event.access, at: event.at } }
        : {},
    ),
    rememberRefundClaim: assign(({ event }) => ({
      refund: {
        by: "customer",
        reason: "claimed within the time of the terms",
        access: "policy" as const,
        at: event.at,
      },
    })),
    forgetRefund: assign({ refund: null }),
    noteRefundTicket: assign(({ context }) => ({ openTickets: withTicket(context, "refund") })),
    noteRefundFailedTicket: assign(({ context }) => ({ openTickets: withTicket(context, "refundFailed") })),
    forgetTickets: assign({ openTickets: [] }),
  },
}).createMachine({
  id: "payment",
  context: ({ input }) => blankPayment(input),
  initial: "draft",
  on: {
    // A charge id belongs to one payer for ever: one that comes with another is a forgery or a defect of the provider.
    "payment.received": { guard: "isOtherBuyer", actions: "openReplayTicket" },
  },
  states: {
    /** Only within the step that creates the payment. */
    draft: {
      on: { "payment.received": { target: "received", actions: ["rememberCharge", "recordCharge"] } },
    },

    received: {
      initial: "asking",
      on: {
        // The provider took it back before anybody here was done with it.
        "refund.seen": toRefunded,
        "chargeback.seen": toChargedBack,
      },
      states: {
        /** Is this what was offered, to whom, for how much? */
        asking: {
          entry: ["countAsk", "presentCharge"],
          after: {
            answerWait: [
              { guard: "hasAsksLeft", target: "asking", reenter: true },
              {
                target: "#payment.quarantined",
                actions: ["rememberOrderSilence", "tellDisputed", "openDisputeTicket"],
              },
            ],
          },
          on: {
            "payment.accepted": { target: "applying", actions: ["rememberAcceptance", "beginAsking"] },
            "payment.disputed": {
              target: "#payment.quarantined",
              actions: ["rememberDispute", "tellDisputed", "openDisputeTicket"],
            },
          },
        },
        /** What time does it buy? */
        applying: {
          entry: ["countAsk", "tellPaymentSucceeded"],
          after: {
            answerWait: [
              { guard: "hasAsksLeft", target: "applying", reenter: true },
              {
                target: "#payment.quarantined",
                actions: ["rememberSubscriptionSilence", "tellDisputed", "openDisputeTicket"],
              },
            ],
          },
          on: { "payment.applied": toApplied },
        },
      },
    },

    applied: {
      on: {
        "refund.requested": toRefunding,
        "refund.claimed": [
          { guard: "isRefundDue", target: "refunding", actions: "rememberRefundClaim" },
          { guard: "isForSupport", actions: ["openRefundTicket", "noteRefundTicket"] },
          { actions: "tellRefundRefused" },
        ],
        "refund.seen": toRefunded,
        "chargeback.seen": toChargedBack,
      },
    },

    /** Nobody's, a wrong amount, or unanswered: kept in the books, staff decide. */
    quarantined: {
      on: {
        "refund.requested": toRefunding,
        "payment.released": {
          target: "received.applying",
          actions: ["closeDisputeTicket", "rememberRelease", "beginAsking"],
        },
        // The answer came after all, only too late.
        "payment.accepted": {
          guard: "isUnanswered",
          target: "received.applying",
          actions: ["closeDisputeTicket", "rememberAcceptance", "beginAsking"],
        },
        "payment.applied": toApplied,
        "refund.seen": toRefunded,
        "chargeback.seen": toChargedBack,
      },
    },

    refunding: {
      invoke: {
        id: "refund",
        src: "refundCharge",
        input: ({ context }) => ({
          userId: context.userId ?? 0,
          chargeId: context.chargeId,
          currency: context.currency,
          // Only the first charge of a renewal can stop it; a later one leaves that to the subscription.
          stopRenewalOf: context.firstRecurring ? context.chargeId : null,
        }),
        onDone: toRefunded,
        onError: [
          {
            guard: "wasApplied",
            target: "applied",
            actions: refundFailed,
          },
          { target: "quarantined", actions: refundFailed },
        ],
      },
      on: {
        // The subscription's answer came after people had taken over.
        "payment.applied": { actions: "rememberPeriod" },
        "refund.seen": toRefunded,
        // The same money may now be taken twice; both lines go to the books and people look at it.
        "chargeback.seen": toChargedBack,
      },
    },

    /** At most once: no way leads back to `refunding`. */
    refunded: {
      on: {
        // The subscription may hear of the refund before the charge, and then has nothing to take back: now it has.
        "payment.applied": { guard: "wasNotApplied", actions: ["rememberPeriod", "tellPaymentRefunded"] },
        "chargeback.seen": toChargedBack,
      },
    },

    chargedBack: {
      on: {
        "payment.applied": { guard: "wasNotApplied", actions: ["rememberPeriod", "tellSubscriptionReversed"] },
        // A refund that was on its way when the charge was reversed. The row is written once, however often it is seen.
        "refund.seen": { actions: "recordRefund" },
      },
    },
  },
});
