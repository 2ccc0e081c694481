import type { z } from "zod";
import { addressOf, parseAddress, parsePairId } from "../address.ts";
import type { Effect, EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { tell, ticketIdOf } from "../tell.ts";
import type { TicketSubject } from "../ticket/types.ts";
import type { PaymentContext, PaymentEvent } from "./types.ts";

type Table = Record<string, EffectsOf<PaymentContext, Stamped<PaymentEvent>>>;
type Context = PaymentContext;
type Notice = Extract<Effect, { kind: "notifyCustomer" }>;

const productOf = ({ subscription }: Context) =>
  subscription === null ? null : parsePairId(parseAddress(subscription).id).rest;

/** The three facts that a customer needs to find a payment on a statement, and whatever else the text says. */
function notify(context: Context, notice: Notice["notice"], params: Notice["params"] = {}): Effect[] {
  const { userId, amountMinor, currency, chargeId } = context;
  if (userId === null) return [];
  return [
    {
      kind: "notifyCustomer",
      userId,
      notice,
      product: productOf(context),
      params: { amountMinor, currency, chargeId, ...params },
    },
  ];
}

/** One line of the books per kind and charge: written again, it is the same line. */
function ledger(context: Context, entry: "charge" | "refund" | "chargeback", at: number): Effect[] {
  const { chargeId, userId, orderId, currency, amountMinor } = context;
  if (userId === null) return [];
  const signed = entry === "charge" ? amountMinor : -amountMinor;
  return [
    {
      kind: "recordLedger",
      row: `${entry}:${chargeId}`,
      entry,
      chargeId,
      userId,
      orderId,
      currency,
      amountMinor: signed,
      at,
    },
  ];
}

function ticket(context: Context, subject: z.infer<typeof TicketSubject>, detail: string | null): Effect[] {
  const { userId, chargeId } = context;
  const about = addressOf.payment(chargeId);
  return [
    tell.ticket(ticketIdOf(subject, chargeId), {
      type: "ticket.opened",
      userId,
      subject,
      about,
      detail,
      messageRef: null,
    }),
  ];
}

export const paymentEffects = {
  recordCharge: ({ context, event }) => ledger(context, "charge", event.at),
  recordRefund: ({ context, event }) => ledger(context, "refund", event.at),
  recordChargeback: ({ context, event }) => ledger(context, "chargeback", event.at),

  presentCharge: ({ context }) => {
    const { chargeId, userId, orderId, amountMinor, currency, recurring, firstRecurring, expiresAt } = context;
    if (userId === null || orderId === null) return [];
    return [
      tell.order(orderId, {
        type: "charge.presented",
        chargeId,
        userId,
        amountMinor,
        currency,
        recurring,
        firstRecurring,
        expiresAt,
      }),
    ];
  },
  tellPaymentSucceeded: ({ context }) => {
    const { chargeId, orderId, subscription, terms, recurring, firstRecurring, expiresAt } = context;
    const paidAt = context.paidAt ?? context.receivedAt;
    if (subscription === null || terms === null || orderId === null) return [];
    const payment = addressOf.payment(chargeId);
    return [
      tell.subscriptionAt(subscription, {
        type: "payment.succeeded",
        payment,
        chargeId,
        orderId,
        terms,
        recurring,
        firstRecurring,
        expiresAt,
        paidAt,
      }),
    ];
  },
  tellPaymentRefunded: ({ context }) =>
    context.subscription === null
      ? []
      : [
          tell.subscriptionAt(context.subscription, {
            type: "payment.refunded",
            chargeId: context.chargeId,
            access: context.refund?.access ?? "policy",
          }),
        ],
  tellSubscriptionReversed: ({ context }) =>
    context.subscription === null
      ? []
      : [tell.subscriptionAt(context.subscription, { type: "charge.reversed", chargeId: context.chargeId })],
  tellCustomerReversed: ({ context }) =>
    context.userId === null
      ? []
      : [tell.customer(context.userId, { type: "chargeback.seen", chargeId: context.chargeId })],

  thankForPayment: ({ context }) => notify(context, "payment.received", periodParams(context)),
  tellRenewalDone: ({ context }) => notify(context, "renewal.done", periodParams(context)),
  tellDisputed: ({ context }) => notify(context, "payment.disputed", { reason: context.disputeReason }),
  tellRefunded: ({ context }) => notify(context, "payment.refunded"),
  tellReversed: ({ context }) => notify(context, "payment.reversed"),
  tellRefundRefused: ({ context }) => {
    const refund = context.terms?.policy.refund;
    return notify(context, "refund.refused", refund && refund.mode !== "manual" ? { withinMs: refund.withinMs } : {});
  },
  tellRefundFailed: ({ context }) => notify(context, "refund.failed"),

  openDisputeTicket: ({ context }) => ticket(context, "disputedPayment", context.disputeReason),
  openReplayTicket: ({ context, event }) =>
    event.type === "payment.received" ? ticket(context, "replayedCharge", `by:${event.userId}`) : [],
  openRefundTicket: ({ context }) => ticket(context, "refund", context.terms?.policy.refund.mode ?? null),
  openRefundFailedTicket: ({ context }) => ticket(context, "refundFailed", context.refund?.access ?? null),
  /** What the customer asked for, or what failed before, is done: staff need not do it again. */
  closeRefundTickets: ({ context }) =>
    (context.openTickets ?? []).map((subject) =>
      tell.ticket(ticketIdOf(subject, context.chargeId), { type: "ticket.closed", by: "payment" }),
    ),
  /** Whoever waits in quarantine has one, from the step that brought them there. */
  closeDisputeTicket: ({ context }) =>
    context.disputeReason === null
      ? []
      : [tell.ticket(ticketIdOf("disputedPayment", context.chargeId), { type: "ticket.closed", by: "payment" })],
  openChargebackTicket: ({ context }) => ticket(context, "chargeback", null),
} as const satisfies Table;

function periodParams({ period, terms }: Context): Notice["params"] {
  return { until: period?.until ?? null, planCode: terms?.planCode ?? null };
}
