import { addressOf } from "../address.ts";
import type { Effect, EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { daysUntil } from "../reminder-hours.ts";
import { tell, ticketIdOf } from "../tell.ts";
import type { Terms } from "../terms.ts";
import { isForLife, periodOf, termsAfter } from "./policy.ts";
import { reminderEnd } from "./reminders.ts";
import type { SubscriptionContext, SubscriptionEvent } from "./types.ts";

type Context = SubscriptionContext;
type Event = Stamped<SubscriptionEvent>;
type Table = Record<string, EffectsOf<Context, Event>>;
type Notice = Extract<Effect, { kind: "notifyCustomer" }>;

function notify({ userId, product }: Context, notice: Notice["notice"], params: Notice["params"] = {}): Effect[] {
  return [{ kind: "notifyCustomer", userId, notice, product, params }];
}

/** What a text needs to offer the next payment. */
const offer = (terms: Terms | null): Notice["params"] => ({
  planCode: terms?.planCode ?? null,
  amountMinor: terms?.price.amountMinor ?? null,
  currency: terms?.price.currency ?? null,
});
const untilParams = (until: number | null, now: number): Notice["params"] => ({
  until,
  days: until === null ? null : daysUntil(until, now),
});

const paidAtOf = (event: Event): number | undefined => (event.type === "payment.succeeded" ? event.paidAt : undefined);

/** The set-up of the product follows access; what was bought before products were connected has none. */
function announceToOnboarding(context: Context, entitled: boolean, since: number): Effect[] {
  const { userId, product, terms, accessVersion: version } = context;
  if (!terms?.connect) return [];
  const { readyMs, sheets } = terms.connect;
  const { reminderHours } = terms.policy;
  return [
    tell.onboarding(userId, product, {
      type: "access.changed",
      entitled,
      version,
      since,
      readyMs,
      sheets,
      reminderHours,
    }),
  ];
}

function announce(
  context: Context,
  event: Event,
  terms: Terms | null,
  chats: readonly string[],
  entitled: boolean,
): Effect[] {
  if (terms === null) return [];
  const paidAt = event.type === "payment.succeeded" ? event.paidAt : undefined;
  const since = entitled ? (paidAt === undefined ? {} : { paidAt }) : { endedAt: event.at };
  const { userId, product, accessVersion } = context;
  const { access, policy } = terms;
  return chats.map((chatId) =>
    tell.invite(userId, chatId, {
      type: "entitlement.changed",
      source: `${userId}:${product}`,
      entitled,
      version: accessVersion,
      access,
      inviteTtlMs: policy.inviteTtlMs,
      invitesPerDay: policy.invitesPerDay,
      ...since,
    }),
  );
}

function chatsLeft({ terms }: Context, next: Terms): readonly string[] {
  return terms?.chats.filter((chat) => !next.chats.includes(chat)) ?? [];
}

/** Renewal trouble is about the subscription: one conversation, whatever fails next. */
function renewalTicket({ userId, product }: Context, detail: string): Effect[] {
  const subject = "renewalStopFailed";
  const about = addressOf.subscription(userId, product);
  return [
    tell.ticket(ticketIdOf(subject, `${userId}:${product}`), {
      type: "ticket.opened",
      userId,
      subject,
      about,
      detail,
      messageRef: null,
    }),
  ];
}

/** Money that opens nothing: people decide what becomes of it, and the payer knows that they do. */
function paymentTicket(
  context: Context,
  event: Event,
  detail: "accessRevoked" | "riskBlocked" | "paidForLife",
): Effect[] {
  if (event.type !== "payment.succeeded") return [];
  const { payment: about, chargeId } = event;
  return [
    tell.ticket(ticketIdOf("payment", chargeId), {
      type: "ticket.opened",
      userId: context.userId,
      subject: "payment",
      about,
      detail,
      messageRef: null,
    }),
    ...notify(context, "payment.disputed", { chargeId, reason: detail }),
  ];
}

export const subscriptionEffects = {
  tellSubscriptionOpened: ({ context }) => [
    tell.customer(context.userId, { type: "subscription.opened", product: context.product }),
  ],
  tellFirstPaid: ({ context }) =>
    context.charges === 1 ? [tell.customer(context.userId, { type: "customer.paid", product: context.product })] : [],

  announceOpen: ({ context, event }) => [
    ...announce(context, event, context.terms, context.terms?.chats ?? [], true),
    // A promise counts from the payment, however late we heard of it.
    ...announceToOnboarding(context, true, Math.min(event.at, paidAtOf(event) ?? event.at)),
  ],
  announceClosed: ({ context, event }) => [
    ...announce(context, event, context.terms, context.terms?.chats ?? [], false),
    ...announceToOnboarding(context, false, event.at),
  ],
  /** Before other terms are taken over: chats that they no longer contain are left. */
  announceLeftChats: ({ context, event }) => {
    const next =
      event.type === "payment.succeeded"
        ? termsAfter(context, event)
        : event.type === "term.granted"
          ? event.terms
          : context.terms;
    return next === null ? [] : announce(context, event, context.terms, chatsLeft(context, next), false);
  },

  answerPayment: ({ context, event }) => {
    if (event.type !== "payment.succeeded") return [];
    const period = periodOf(context, event.chargeId);
    if (period === undefined) return [];
    // A charge that bought nothing says so even to somebody who is paid for life.
    const until = period.until === period.from ? period.until : isForLife(context) ? null : period.until;
    const withheld = context.riskBlocked ? { withheld: true as const } : {};
    return [tell.paymentAt(event.payment, { type: "payment.applied", from: period.from, until, ...withheld })];
  },
  /** Money for a revoked access: nothing opens, and people decide what becomes of it. */
  openPaymentTicket: ({ context, event }) => paymentTicket(context, event, "accessRevoked"),
  openBlockedPaymentTicket: ({ context, event }) => paymentTicket(context, event, "riskBlocked"),
  openNeedlessPaymentTicket: ({ context, event }) => paymentTicket(context, event, "paidForLife"),
  tellBlocked: ({ context }) => notify(context, "access.blocked", { reason: "riskBlocked" }),

  remindCheckout: ({ context }) =>
    notify(context, "checkout.reminder", { ...offer(context.terms), orderId: context.orderId }),
  tellTrialStarted: ({ context, event }) => notify(context, "trial.started", untilParams(context.trialUntil, event.at)),
  remindTrialEnding: ({ context, event }) =>
    notify(context, "reminder.trialEnding", { ...offer(context.terms), ...untilParams(context.trialUntil, event.at) }),
  remindRenewing: ({ context, event }) =>
    notify(context, "reminder.renewing", {
      ...offer(context.terms),
      ...untilParams(reminderEnd(context, event.at), event.at),
    }),
  remindEnding: ({ context, event }) =>
    notify(context, "reminder.ending", { ...offer(context.terms), ...untilParams(context.paidUntil, event.at) }),
  /** Found over already after a downtime: a promise of days that are gone helps nobody. */
  tellGraceStarted: ({ context, event }) =>
    context.deadline === null || context.deadline <= event.at
      ? []
      : notify(context, "grace.started", { ...offer(context.terms), ...untilParams(context.deadline, event.at) }),
  remindGrace: ({ context, event }) =>
    notify(context, "grace.reminder", { ...offer(context.terms), ...untilParams(context.deadline, event.at) }),
  tellHoldStarted: ({ context, event }) =>
    notify(context, "hold.started", { ...offer(context.terms), ...untilParams(context.deadline, event.at) }),
  tellPaused: ({ context, event }) =>
    notify(context, "subscription.paused", { ...untilParams(context.deadline, event.at), creditMs: context.creditMs }),
  tellResumed: ({ context, event }) =>
    notify(context, "subscription.resumed", untilParams(context.paidUntil, event.at)),
  tellExpired: ({ context }) => notify(context, "subscription.expired", offer(context.terms)),
  winBack: ({ context }) => notify(context, "winBack", offer(context.terms)),
  tellRevoked: ({ context }) => notify(context, "subscription.revoked", { reason: context.revokedReason }),
  tellReinstated: ({ context, event }) =>
    notify(context, "subscription.reinstated", untilParams(context.paidUntil, event.at)),
  tellExtended: ({ context, event }) =>
    notify(context, "term.extended", untilParams(context.trialUntil ?? context.paidUntil, event.at)),
  tellCreditAdded: ({ context }) =>
    notify(context, "term.extended", { until: null, days: null, creditMs: context.creditMs }),

  tellRenewalCanceled: ({ context, event }) =>
    notify(context, "renewal.canceled", untilParams(context.paidUntil, event.at)),
  /** Access has no end, so nothing is charged any more. */
  tellRenewalNeedless: ({ context, event }) => notify(context, "renewal.canceled", untilParams(null, event.at)),
  tellRenewalEnabled: ({ context, event }) =>
    notify(context, "renewal.enabled", {
      ...offer(context.terms),
      ...untilParams(reminderEnd(context, event.at), event.at),
    }),
  tellRenewalFailed: ({ context, event }) =>
    notify(context, "renewal.failed", { ...offer(context.terms), ...untilParams(context.paidUntil, event.at) }),
  /** The customer was told that it is off, and would be charged. */
  tellStopFailed: ({ context, event }) =>
    notify(context, "renewal.stopFailed", untilParams(reminderEnd(context, event.at), event.at)),
  /** A purchase that takes the place of a running renewal: otherwise the same time would be charged twice. */
  stopOldRenewal: ({ context, event }) => {
    const chargeId = context.firstChargeId;
    if (chargeId === null || (event.type === "payment.succeeded" && event.chargeId === chargeId)) return [];
    return [{ kind: "stopOldRenewal", userId: context.userId, chargeId }];
  },
  openStopFailedTicket: ({ context }) => renewalTicket(context, "stopFailed"),
  openAllowFailedTicket: ({ context }) => renewalTicket(context, "allowFailed"),
} as const satisfies Table;
