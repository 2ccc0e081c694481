import { parsePairId } from "../address.ts";
import type { ActorInput, Stamped } from "../event.ts";
import type { Terms } from "../terms.ts";
import type { PaidPeriod, SubscriptionContext, SubscriptionEvent } from "./types.ts";

type EventOf<T extends SubscriptionEvent["type"]> = Stamped<Extract<SubscriptionEvent, { type: T }>>;
type Patch = Partial<SubscriptionContext>;

/** Three years of monthly charges: more than any question about a charge reaches back, and a snapshot of bounded size. */
const MAX_PERIODS = 36;
/** An outage is said again within days; nobody has so many. */
const MAX_OUTAGES = 32;

/** XState asks for a context without input on every step; what it gets then is thrown away. */
export function stranger(input: ActorInput | undefined): SubscriptionContext {
  const { userId, rest } = input === undefined ? { userId: 0, rest: "" } : parsePairId(input.id);
  return {
    userId,
    product: rest,
    terms: null,
    orderId: null,
    paidUntil: null,
    periodFrom: null,
    trialFrom: null,
    trialUntil: null,
    renewsAt: null,
    deadline: null,
    endedAt: null,
    creditMs: 0,
    firstChargeId: null,
    renewingOrderId: null,
    stoppedOrderId: null,
    renewalFailedAt: null,
    lastChargeId: null,
    charges: 0,
    periods: [],
    remindersSent: 0,
    nextReminderAt: null,
    remindersMuted: false,
    overrideUntil: null,
    riskBlocked: false,
    stoppedFor: [],
    stoppedSince: null,
    clockRanAgainAt: null,
    endedOutages: {},
    accessVersion: 0,
    revokedReason: null,
  };
}

/** Paid without an end. */
export const isForLife = ({ periodFrom, paidUntil }: SubscriptionContext) => periodFrom !== null && paidUntil === null;

/**
 * What the subscriber's own clock shows, epoch ms. It stands still since a channel cannot be managed, unless the paid time was
 * over by then: only time that somebody had can be given back.
 */
export function clockNow(context: SubscriptionContext, at: number): number {
  const { stoppedSince, trialUntil, paidUntil } = context;
  const from = accessFrom(context);
  const until = trialUntil ?? paidUntil;
  if (stoppedSince === null || from === null || (until !== null && until < stoppedSince)) return at;
  return Math.max(stoppedSince, from);
}

/** Since when the present time, free or paid, is running. Epoch ms; null without any. */
const accessFrom = ({ trialUntil, trialFrom, periodFrom }: SubscriptionContext) =>
  trialUntil === null ? periodFrom : trialFrom;

export const hasTrialLeft = (context: SubscriptionContext, at: number) =>
  context.trialUntil !== null && context.trialUntil > clockNow(context, at);

export function isPaid(context: SubscriptionContext, at: number): boolean {
  return isForLife(context) || (context.paidUntil !== null && context.paidUntil > clockNow(context, at));
}

export const periodOf = ({ periods }: SubscriptionContext, chargeId: string) =>
  periods.find((period) => period.chargeId === chargeId);

export const withPeriod = ({ periods }: SubscriptionContext, period: PaidPeriod): readonly PaidPeriod[] =>
  [...periods, period].slice(-MAX_PERIODS);

/**
 * Whose terms hold after a charge. A purchase brings its own; the renewal of an order that was replaced in the meantime
 * still buys its time, but must not bring the old plan back.
 */
export function termsAfter(context: SubscriptionContext, event: EventOf<"payment.succeeded">): Terms {
  const { terms, renewingOrderId } = context;
  const isPurchase = !event.recurring || event.firstRecurring;
  const isOwnRenewal = renewingOrderId === null || renewingOrderId === event.orderId;
  return terms === null || isPurchase || isOwnRenewal || !isPaid(context, event.at) ? event.terms : terms;
}

/**
 * The time that a charge buys: one term, from now or from where the paid time ends, and never less than the provider states.
 *
 * The term is added for renewing charges as well, instead of taking the provider's end alone: days that are still paid, free
 * trial days and days given back after an outage belong to the customer and the provider knows nothing of them. Adding is
 * safe under repetition and disorder because each charge id arrives once; the provider's later end wins because Telegram
 * keeps its own calendar and the customer sees its date.
 */
export function periodBought(context: SubscriptionContext, event: EventOf<"payment.succeeded">): PaidPeriod {
  const { chargeId, terms, expiresAt, at } = event;
  const from = Math.max(clockNow(context, at), context.paidUntil ?? 0, context.trialUntil ?? 0);
  if (terms.periodMs === null) return { chargeId, from, until: null };
  return { chargeId, from, until: Math.max(from + terms.periodMs, expiresAt ?? 0) };
}

export function afterPayment(context: SubscriptionContext, event: EventOf<"payment.succeeded">): Patch {
  const period = periodBought(context, event);
  const terms = termsAfter(context, event);
  return {
    ...afterNewTime(context, terms, period.until, event.at),
    orderId: terms === event.terms ? event.orderId : context.orderId,
    renewsAt: event.recurring ? (event.expiresAt ?? period.until) : null,
    renewalFailedAt: null,
    lastChargeId: event.chargeId,
    charges: context.charges + 1,
    periods: withPeriod(context, period),
  };
}

/** A gift: paid time without a charge. */
export function afterGrant(context: SubscriptionContext, event: EventOf<"term.granted">): Patch {
  const from = Math.max(clockNow(context, event.at), context.paidUntil ?? 0, context.trialUntil ?? 0);
  return afterNewTime(context, event.terms, event.ms === null ? null : from + event.ms, event.at);
}

/** More of what is there already. */
export function afterExtension(
  context: SubscriptionContext,
  event: { readonly ms: number; readonly at: number },
): Patch {
  if (context.terms === null) return {};
  const from = Math.max(clockNow(context, event.at), context.paidUntil ?? 0);
  return afterNewTime(context, context.terms, from + event.ms, event.at);
}

/**
 * Time is owed for an outage to whoever had some in it, free or paid, that has an end. Who bought later lost nothing, and who was given
 * it already is owed no more.
 */
export function isOutageOwed(context: SubscriptionContext, event: EventOf<"outage.credited">): boolean {
  const { product, outage, from, to } = event;
  if (product !== null && product !== context.product) return false;
  if (context.creditedOutages?.includes(outage)) return false;
  const begun = accessFrom(context);
  const end = context.trialUntil ?? context.paidUntil;
  return begun !== null && begun <= to && end !== null && end > from && from <= to;
}

export const withOutageCredited = (
  { creditedOutages = [] }: SubscriptionContext,
  { outage }: EventOf<"outage.credited">,
): Patch => ({ creditedOutages: [...creditedOutages, outage].slice(-MAX_OUTAGES) });

/** Time kept by a pause runs again. */
export function afterResume(context: SubscriptionContext, at: number): Patch {
  return context.terms === null ? {} : afterNewTime(context, context.terms, at, at);
}

/** Paid time up to `until` (epoch ms, null for life), with kept credit on top. */
function afterNewTime(context: SubscriptionContext, terms: Terms, until: number | null, at: number): Patch {
  const clock = clockForChats(context, terms.chats, at);
  const forLife = until === null || isForLife(context);
  return {
    ...clock.patch,
    terms,
    paidUntil: forLife ? null : until + context.creditMs + clock.owedMs,
    creditMs: 0,
    periodFrom: isPaid(context, at) ? context.periodFrom : hasTrialLeft(context, at) ? context.trialFrom : at,
    trialFrom: null,
    trialUntil: null,
    endedAt: null,
    remindersSent: 0,
  };
}

/** Other chats, other outages: one that nobody will report the end of to this subscriber must not stop the clock for ever. */
function clockForChats(
  context: SubscriptionContext,
  chats: readonly string[],
  at: number,
): { patch: Patch; owedMs: number } {
  const stoppedFor = context.stoppedFor.filter((chat) => chats.includes(chat));
  if (stoppedFor.length > 0 || context.stoppedSince === null) return { patch: { stoppedFor }, owedMs: 0 };
  const owedMs = isPaid(context, at) ? at - clockNow(context, at) : 0;
  return { patch: { stoppedFor, stoppedSince: null, clockRanAgainAt: at }, owedMs };
}

/** Money that went back: what we refund, and what the payer had reversed; the latter takes what it bought, as a refund by the rules does. */
export type TakenBack = Pick<EventOf<"payment.refunded">, "chargeId" | "access" | "at">;
export const takenBackBy = (event: Stamped<SubscriptionEvent>): TakenBack | null =>
  event.type === "payment.refunded" ? event : event.type === "charge.reversed" ? { ...event, access: "policy" } : null;

type RefundOutcome =
  | { readonly access: "unchanged" }
  | { readonly access: "shortened" | "ended"; readonly paidUntil: number };

/**
 * What a refund leaves of the paid time. It takes back the part of its own period that is not used yet, so that the current
 * period ends now, a period bought in advance disappears, and an older one changes nothing.
 */
export function refundOutcome(context: SubscriptionContext, event: TakenBack): RefundOutcome {
  const now = clockNow(context, event.at);
  const period = periodOf(context, event.chargeId);
  if (event.access === "keep") return { access: "unchanged" };
  if (event.access === "revoke") return { access: "ended", paidUntil: Math.min(now, context.paidUntil ?? now) };
  if (period === undefined) return { access: "unchanged" };
  const others = context.periods.filter(({ chargeId }) => chargeId !== event.chargeId);
  if (period.until === null) {
    if (others.some(({ until }) => until === null)) return { access: "unchanged" };
    return outcomeAt(Math.max(now, ...others.map(({ until }) => until ?? 0)), now);
  }
  if (context.paidUntil === null || period.until <= now) return { access: "unchanged" };
  return outcomeAt(context.paidUntil - (period.until - Math.max(period.from, now)), now);
}

const outcomeAt = (paidUntil: number, now: number): RefundOutcome => ({
  access: paidUntil > now ? "shortened" : "ended",
  paidUntil,
});

export function afterRefund(context: SubscriptionContext, event: TakenBack): Patch {
  const outcome = refundOutcome(context, event);
  if (outcome.access === "unchanged") return {};
  const refunded = periodOf(context, event.chargeId);
  const now = clockNow(context, event.at);
  const takenMs = refunded?.until ? Math.max(0, refunded.until - Math.max(refunded.from, now)) : 0;
  const periods = context.periods
    .filter(({ chargeId }) => chargeId !== event.chargeId)
    .map((period) => (refunded?.until && period.from >= refunded.until ? moved(period, -takenMs) : period));
  return { paidUntil: outcome.paidUntil, periods };
}

const moved = ({ chargeId, from, until }: PaidPeriod, byMs: number): PaidPeriod => ({
  chargeId,
  from: from + byMs,
  until: until === null ? null : until + byMs,
});

/** The clock stops for a chat of ours, from when it became unmanageable. */
export function afterOutageBegan(context: SubscriptionContext, event: EventOf<"channel.unavailable">): Patch {
  return {
    stoppedFor: [...context.stoppedFor, event.chatId],
    stoppedSince: Math.min(event.since, context.stoppedSince ?? event.since),
  };
}

export const isOwnChat = ({ terms }: SubscriptionContext, chatId: string) => terms?.chats.includes(chatId) ?? false;

/**
 * The last outage is over. One that was never announced to us counts too, because somebody may have bought in the middle
 * of it; a repeated announcement does not, because it began before the clock went on.
 */
export function isOutageOver(context: SubscriptionContext, event: EventOf<"channel.recovered">): boolean {
  const others = context.stoppedFor.filter((chat) => chat !== event.chatId);
  if (others.length > 0) return false;
  if (context.stoppedFor.length > 0) return true;
  return isOwnChat(context, event.chatId) && event.since > (context.clockRanAgainAt ?? 0);
}

export function afterOutage(context: SubscriptionContext, event: EventOf<"channel.recovered">): Patch {
  const stoppedFor = context.stoppedFor.filter((chat) => chat !== event.chatId);
  const heard = withOutageEnded(context, event);
  return stoppedFor.length > 0
    ? { ...heard, stoppedFor }
    : { ...heard, stoppedFor, stoppedSince: null, clockRanAgainAt: event.at };
}

/** Announcements of a channel may overtake each other, and the end of an outage is announced once. */
export function withOutageEnded(context: SubscriptionContext, { chatId, since }: EventOf<"channel.recovered">): Patch {
  return { endedOutages: { ...context.endedOutages, [chatId]: Math.max(since, context.endedOutages?.[chatId] ?? 0) } };
}

/** News of the person that was not overtaken by later ones. @param known Number of the latest. */
export const isLaterNews = (version: number | undefined, known: number | undefined): boolean =>
  version === undefined || version > (known ?? -1);

/** Not over already, as far as was heard. */
export const isOutageAhead = (
  { endedOutages }: SubscriptionContext,
  { chatId, since }: { chatId: string; since: number },
) => since > (endedOutages?.[chatId] ?? 0);

/** How long the clock stood still for time that the subscriber had. Milliseconds. */
function standstillMs(context: SubscriptionContext, event: EventOf<"channel.recovered">): number {
  return Math.max(0, event.at - Math.max(context.stoppedSince ?? event.since, accessFrom(context) ?? 0));
}

/** Paid and free time move as a whole. */
export function withTimeBack(context: SubscriptionContext, event: EventOf<"channel.recovered">): Patch {
  const ms = standstillMs(context, event);
  const from = event.at - ms;
  return {
    // During a trial the paid time, if there ever was any, is history.
    paidUntil: context.paidUntil === null || context.trialUntil !== null ? context.paidUntil : context.paidUntil + ms,
    trialUntil: context.trialUntil === null ? null : context.trialUntil + ms,
    deadline: context.deadline === null ? null : context.deadline + ms,
    periods: context.periods.map((period) => {
      // What had not begun when the clock stopped moves as a whole; what ran then only ends later.
      if (period.from > from) return moved(period, ms);
      return period.until !== null && period.until > from ? { ...period, until: period.until + ms } : period;
    }),
  };
}

/** After the paid time only the grace moves: the paid time itself was used up before. */
export function withGraceBack(context: SubscriptionContext, event: EventOf<"channel.recovered">): Patch {
  return context.deadline === null ? {} : { deadline: context.deadline + standstillMs(context, event) };
}
