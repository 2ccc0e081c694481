import { and, assign, not, or, setup, stateIn } from "xstate";
import { declareActions } from "../effects.ts";
import { entitled } from "../entitlement.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation, type InvocationOutput } from "../invocations.ts";
import { subscriptionEffects } from "./effects.ts";
import {
  afterExtension,
  afterGrant,
  afterOutage,
  afterOutageBegan,
  afterPayment,
  afterRefund,
  afterResume,
  hasTrialLeft,
  isForLife,
  isLaterNews,
  isOutageAhead,
  isOutageOver,
  isOutageOwed,
  isOwnChat,
  isPaid,
  periodOf,
  refundOutcome,
  takenBackBy,
  withGraceBack,
  withOutageCredited,
  withOutageEnded,
  withPeriod,
  withTimeBack,
} from "./policy.ts";
import { checkoutReminderAt, nextEndReminder, nextGraceReminder, nextWinBack, reminderEnd } from "./reminders.ts";
import type { SubscriptionContext, SubscriptionEvent } from "./types.ts";

type Context = SubscriptionContext;
type Event = Stamped<SubscriptionEvent>;
interface Args {
  context: Context;
  event: Event;
}

const left = (deadline: number | null, now: number) => Math.max(0, (deadline ?? 0) - now);

/** The one rule of access, asked twice: what holds by billing, and what holds whatever billing says. */
const isOpenFor =
  (billing: string | null) =>
  ({ context, event }: Args) =>
    entitled({ billing, ...context }, event.at);
const isBillingOpen = or<Context, Event, unknown[]>([
  stateIn({ billing: "trialing" }),
  stateIn({ billing: "active" }),
  stateIn({ billing: "renewalSlack" }),
  stateIn({ billing: { pastDue: "grace" } }),
]);
const isEntitled = or<Context, Event, unknown[]>([
  isOpenFor(null),
  and<Context, Event, unknown[]>([isBillingOpen, isOpenFor("active")]),
]);

/** By a block of the person, or by a revocation of this access. */
const isClosedByPeople = or<Context, Event, unknown[]>([
  ({ context }: Args) => context.riskBlocked,
  stateIn({ billing: "revoked" }),
]);

/** Nobody may be charged for a renewal: the access is closed by people, or it has no end already. */
const isStopDue = or<Context, Event, unknown[]>([isClosedByPeople, stateIn({ billing: { active: "lifetime" } })]);

const isNowBlocked = ({ context, event }: Args) =>
  event.type === "risk.changed" &&
  event.blocked &&
  !context.riskBlocked &&
  isLaterNews(event.version, context.riskVersion);

const isAboutReminders = (event: Event) => event.type === "reminders.muted" || event.type === "reminders.unmuted";
const isRemindersNews = (context: Context, event: Event, turns: boolean): boolean =>
  isAboutReminders(event) &&
  isLaterNews(event.version, context.remindersVersion) &&
  (event.version !== undefined || turns);
const remindersNews = (event: Event): Partial<Context> =>
  isAboutReminders(event) && event.version !== undefined ? { remindersVersion: event.version } : {};

/** Words of the subscription: delays, guards, assigns and effects. The policy itself is in machine.ts, billing.ts and intent.ts. */
export const subscriptionSetup = setup({
  types: {} as { context: Context; events: Event; input: ActorInput },
  actors: { editStarSubscription: declareInvocation("editStarSubscription") },

  /**
   * All from absolute times in the context. A timer that fires late after a downtime therefore adds no access: slack and
   * grace end when they would have ended. Stages without access (hold, pause) count from when they really begin, so that a
   * downtime does not eat the customer's time to come back.
   */
  delays: {
    checkoutReminder: ({ context, event }) => left(checkoutReminderAt(context), event.at),
    checkoutEnd: ({ context, event }) => left(context.deadline, event.at),
    trialEnd: ({ context, event }) => left(context.trialUntil, event.at),
    periodEnd: ({ context, event }) => left(context.paidUntil, event.at),
    slackEnd: ({ context, event }) => left(context.deadline, event.at),
    graceEnd: ({ context, event }) => left(context.deadline, event.at),
    holdEnd: ({ context, event }) => left(context.deadline, event.at),
    pauseEnd: ({ context, event }) => left(context.deadline, event.at),
    overrideEnd: ({ context, event }) => left(context.overrideUntil, event.at),
    nextReminder: ({ context, event }) => left(context.nextReminderAt, event.at),
  },

  guards: {
    isEntitled,
    isNotEntitled: not<Context, Event, unknown>(isEntitled),
    isRevoked: stateIn({ billing: "revoked" }),
    renewsItself: stateIn({ intent: "autoRenew" }),
    /** The next charge has a date; after one that failed nobody knows when the provider tries again. */
    willBeCharged: and<Context, Event, unknown[]>([
      stateIn({ intent: "autoRenew" }),
      ({ context }: Args) => context.renewalFailedAt == null,
    ]),
    isRenewalFailing: and<Context, Event, unknown[]>([
      stateIn({ intent: "autoRenew" }),
      ({ context, event }: Args) => event.type === "renewal.failed" && event.orderId === context.renewingOrderId,
    ]),
    isLeaving: stateIn({ intent: "endsAtPeriodEnd" }),
    isPausing: stateIn({ intent: "pauseAtPeriodEnd" }),

    /** Access cannot be managed: nobody loses time to that. What the timer would have done is made up for at recovery. */
    isClockStopped: ({ context }) => context.stoppedFor.length > 0,
    isForLife: ({ context }) => isForLife(context),
    isPaid: ({ context, event }) => isPaid(context, event.at),
    /** Paid time with an end that can be waited for. */
    isPaidForNow: ({ context, event }) => isPaid(context, event.at) && !isForLife(context),
    hasTrialLeft: ({ context, event }) => hasTrialLeft(context, event.at),
    hasCredit: ({ context }) => context.creditMs > 0,

    isKnownCharge: ({ context, event }) =>
      event.type === "payment.succeeded" && periodOf(context, event.chargeId) !== undefined,
    isNewCharge: ({ context, event }) =>
      event.type === "payment.succeeded" && periodOf(context, event.chargeId) === undefined,
    isOneOff: ({ event }) => event.type === "payment.succeeded" && !event.recurring,
    isFirstOfRenewal: ({ event }) => event.type === "payment.succeeded" && event.firstRecurring,
    /** A single term took its place, or its money went back: it was stopped then, and charged all the same. */
    isStoppedRenewal: ({ context, event }) =>
      event.type === "payment.succeeded" &&
      event.recurring &&
      !event.firstRecurring &&
      event.orderId === context.renewingOrderId &&
      context.firstChargeId !== null,
    /** Switched off at the provider while its purchase was on its way here. */
    isSwitchedOffAlready: ({ context }) =>
      context.renewingOrderId !== null && context.renewingOrderId === context.stoppedOrderId,
    isAtCheckout: stateIn({ billing: "checkout" }),
    /** Its customer left, or had themselves erased, while its first charge was under way. */
    isUnwantedRenewal: ({ context }) =>
      context.renewingOrderId !== null && context.renewingOrderId === context.unwantedOrderId,
    isUnheardRenewal: ({ context, event }) => "orderId" in event && event.orderId !== context.renewingOrderId,
    isUnheardStop: ({ context, event }) => "orderId" in event && event.orderId === context.stoppedOrderId,
    isCurrentRenewal: ({ context, event }) => "orderId" in event && event.orderId === context.renewingOrderId,
    canStopRenewal: ({ context }) => context.firstChargeId !== null,
    isUnknownCharge: (_, output: InvocationOutput<"editStarSubscription">) => output.result === "unknownCharge",

    refundEndsAccess: ({ context, event }) => {
      const taken = takenBackBy(event);
      return taken !== null && refundOutcome(context, taken).access === "ended";
    },
    refundShortens: ({ context, event }) => {
      const taken = takenBackBy(event);
      return taken !== null && refundOutcome(context, taken).access === "shortened";
    },
    /** Refunding the first charge stops the renewal at the provider, whatever happens to access. */
    refundEndsRenewal: ({ context, event }) =>
      event.type === "payment.refunded" &&
      (event.chargeId === context.firstChargeId || refundOutcome(context, event).access === "ended"),

    hasNoReminderLeft: ({ context }) => context.nextReminderAt === null,
    isReminderUnwelcome: ({ context }) => context.remindersMuted || context.riskBlocked,
    /** Muted, overtaken by the end after a downtime, or the end moves because the clock stands still. */
    isReminderPointless: ({ context, event }) =>
      context.remindersMuted ||
      context.riskBlocked ||
      context.stoppedFor.length > 0 ||
      (context.deadline !== null && context.deadline <= event.at),
    isMuting: ({ context, event }) => isRemindersNews(context, event, !context.remindersMuted),
    isUnmuting: ({ context, event }) => isRemindersNews(context, event, context.remindersMuted),

    isOwnNewOutage: ({ context, event }) =>
      event.type === "channel.unavailable" &&
      isOwnChat(context, event.chatId) &&
      !context.stoppedFor.includes(event.chatId) &&
      isOutageAhead(context, event),
    isOutageOver: ({ context, event }) => event.type === "channel.recovered" && isOutageOver(context, event),
    isOutageOwed: ({ context, event }) => event.type === "outage.credited" && isOutageOwed(context, event),
    isStoppedForIt: ({ context, event }) =>
      event.type === "channel.recovered" && context.stoppedFor.includes(event.chatId),
    /** Over before its beginning was heard: nothing stands still, and nothing may stop for it any more. */
    isUnheardOutage: ({ context, event }) =>
      event.type === "channel.recovered" && isOwnChat(context, event.chatId) && isOutageAhead(context, event),
    isBlocked: ({ context }) => context.riskBlocked,
    isStopDue,
    isWelcome: not<Context, Event, unknown>(isStopDue),
    hasAccessForLife: stateIn({ billing: { active: "lifetime" } }),
    isGrantForLife: ({ event }) => event.type === "term.granted" && event.ms === null,
    isPurchaseForLife: ({ context, event }) =>
      event.type === "payment.succeeded" &&
      !event.recurring &&
      event.terms.periodMs === null &&
      periodOf(context, event.chargeId) === undefined,
    isNeedlessRenewalOff: and<Context, Event, unknown[]>([
      stateIn({ billing: { active: "lifetime" } }),
      ({ context, event }: Args) => "orderId" in event && event.orderId === context.renewingOrderId,
    ]),
    /** A renewal that charges somebody who has access without an end buys nothing. */
    isNeedlessRenewal: ({ context, event }) =>
      event.type === "payment.succeeded" && event.recurring && isForLife(context),
    isNowBlocked,
    /** Somebody who has nothing here loses nothing, and need not hear of it. */
    isBlockThatTakes: and<Context, Event, unknown[]>([
      isNowBlocked,
      or<Context, Event, unknown[]>([stateIn({ access: "open" }), stateIn({ intent: "autoRenew" })]),
    ]),
    /** A number is taken note of even where nothing turns: what is on its way may be older. */
    isRiskNews: ({ context, event }) =>
      event.type === "risk.changed" &&
      isLaterNews(event.version, context.riskVersion) &&
      (event.version !== undefined || event.blocked !== context.riskBlocked),
    isOverrideAhead: ({ event }) => event.type === "override.set" && event.until !== null && event.until > event.at,
  },

  actions: {
    ...declareActions(subscriptionEffects),

    takeOffer: assign(({ event }) =>
      event.type === "checkout.opened"
        ? { orderId: event.orderId, terms: event.terms, deadline: event.at + event.terms.policy.checkoutMs }
        : {},
    ),
    takeTrial: assign(({ event }) =>
      event.type === "trial.granted"
        ? {
            terms: event.terms,
            trialFrom: event.at,
            trialUntil: event.at + event.terms.trialMs,
            endedAt: null,
            remindersSent: 0,
          }
        : {},
    ),
    takePayment: assign(({ context, event }) =>
      event.type === "payment.succeeded" ? afterPayment(context, event) : {},
    ),
    takeGrant: assign(({ context, event }) => (event.type === "term.granted" ? afterGrant(context, event) : {})),
    takeExtension: assign(({ context, event }) =>
      event.type === "term.extended" || event.type === "outage.credited" ? afterExtension(context, event) : {},
    ),
    takeCredit: assign(({ context, event }) => afterResume(context, event.at)),
    extendTrial: assign(({ context, event }) =>
      (event.type === "term.extended" || event.type === "outage.credited") && context.trialUntil !== null
        ? { trialUntil: context.trialUntil + event.ms }
        : {},
    ),
    addCredit: assign(({ context, event }) =>
      event.type === "term.extended" || event.type === "outage.credited"
        ? { creditMs: context.creditMs + event.ms }
        : {},
    ),
    noteOutageCredited: assign(({ context, event }) =>
      event.type === "outage.credited" ? withOutageCredited(context, event) : {},
    ),
    takeBackTime: assign(({ context, event }) => {
      const taken = takenBackBy(event);
      return taken === null ? {} : afterRefund(context, taken);
    }),
    takeBackAll: assign(({ context, event }) =>
      event.type === "charge.reversed" ? afterRefund(context, { ...event, access: "revoke" }) : {},
    ),
    /** Kept so that the same charge is answered the same way, without time. */
    noteChargeWithoutTime: assign(({ context, event }) =>
      event.type === "payment.succeeded"
        ? {
            charges: context.charges + 1,
            lastChargeId: event.chargeId,
            periods: withPeriod(context, { chargeId: event.chargeId, from: event.at, until: event.at }),
          }
        : {},
    ),
    keepFirstCharge: assign(({ context, event }) =>
      event.type === "payment.succeeded"
        ? {
            firstChargeId: event.firstRecurring ? event.chargeId : context.firstChargeId,
            renewingOrderId: event.firstRecurring ? event.orderId : (context.renewingOrderId ?? event.orderId),
          }
        : {},
    ),

    noteRenewalFailed: assign({ renewalFailedAt: ({ event }) => event.at }),
    forgetRenewalFailed: assign({ renewalFailedAt: null }),
    noteStopped: assign(({ event }) => (event.type === "renewal.canceled" ? { stoppedOrderId: event.orderId } : {})),
    forgetStopped: assign({ stoppedOrderId: null }),
    noteUnwantedOrder: assign({ unwantedOrderId: ({ context }) => context.orderId }),
    forgetUnwantedOrder: assign({ unwantedOrderId: null }),

    watchTrial: assign({ deadline: ({ context }) => context.trialUntil }),
    watchPaidTime: assign({ deadline: ({ context }) => context.paidUntil }),
    beginSlack: assign(({ context }) => ({
      deadline: (context.paidUntil ?? 0) + (context.terms?.policy.renewalSlackMs ?? 0),
    })),
    beginGrace: assign(({ context }) => ({
      deadline: (context.paidUntil ?? 0) + (context.terms?.policy.graceMs.prepaid ?? 0),
      remindersSent: 0,
    })),
    beginGraceAfterSlack: assign(({ context }) => ({
      deadline: (context.deadline ?? 0) + (context.terms?.policy.graceMs.autoRenew ?? 0),
      remindersSent: 0,
    })),
    beginHold: assign(({ context, event }) => ({
      deadline: Math.max(context.deadline ?? 0, event.at) + (context.terms?.policy.holdMs ?? 0),
    })),
    beginPause: assign(({ context, event }) => ({
      deadline: Math.max(context.deadline ?? 0, event.at) + (context.terms?.policy.pauseMaxMs ?? 0),
    })),
    beginRest: assign(({ event }) => ({ endedAt: event.at, trialFrom: null, trialUntil: null, remindersSent: 0 })),
    clearDeadline: assign({ deadline: null }),

    planTrialReminder: assign({
      nextReminderAt: ({ context, event }) => nextEndReminder(context, context.trialUntil, event.at),
    }),
    planEndReminder: assign({
      nextReminderAt: ({ context, event }) => nextEndReminder(context, reminderEnd(context, event.at), event.at),
    }),
    planGraceReminder: assign({
      nextReminderAt: ({ context, event }) => nextGraceReminder(context, event.at),
    }),
    planWinBack: assign({ nextReminderAt: ({ context, event }) => nextWinBack(context, event.at) }),
    forgetReminders: assign({ remindersSent: 0 }),
    countReminder: assign({ remindersSent: ({ context }) => context.remindersSent + 1 }),
    clearReminder: assign({ nextReminderAt: null }),
    mute: assign(({ event }) => ({ remindersMuted: true, ...remindersNews(event) })),
    unmute: assign(({ event }) => ({ remindersMuted: false, ...remindersNews(event) })),

    stopClock: assign(({ context, event }) =>
      event.type === "channel.unavailable" ? afterOutageBegan(context, event) : {},
    ),
    startClock: assign(({ context, event }) => (event.type === "channel.recovered" ? afterOutage(context, event) : {})),
    noteOutageEnded: assign(({ context, event }) =>
      event.type === "channel.recovered" ? withOutageEnded(context, event) : {},
    ),
    giveTimeBack: assign(({ context, event }) =>
      event.type === "channel.recovered" ? withTimeBack(context, event) : {},
    ),
    giveGraceBack: assign(({ context, event }) =>
      event.type === "channel.recovered" ? withGraceBack(context, event) : {},
    ),

    rememberRevocation: assign(({ event }) => (event.type === "access.revoked" ? { revokedReason: event.reason } : {})),
    forgetRevocation: assign({ revokedReason: null }),
    rememberRisk: assign(({ event }) =>
      event.type === "risk.changed"
        ? { riskBlocked: event.blocked, ...(event.version === undefined ? {} : { riskVersion: event.version }) }
        : {},
    ),
    rememberOverride: assign(({ event }) => (event.type === "override.set" ? { overrideUntil: event.until } : {})),
    forgetOverride: assign({ overrideUntil: null }),
    countAnnouncement: assign({ accessVersion: ({ context }) => context.accessVersion + 1 }),
  },
});
