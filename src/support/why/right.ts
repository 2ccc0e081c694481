// What somebody's right to be in a chat rests on, as one sentence. Pure.
import { entitled, explainEntitlement } from "../../../machines/entitlement.ts";
import type { PaymentContext } from "../../../machines/payment/types.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import { isIn, stateOf } from "../look.ts";
import type { ChatCase, PaymentTrail, SubscriptionTrail } from "./case.ts";
import { moment, type Sentence, sentence } from "./sentence.ts";

export interface Right {
  readonly entitled: boolean;
  /** The one that the answer is about; null: there is none. */
  readonly subscription: SubscriptionTrail | null;
  readonly said: readonly Sentence[];
  /** Money that was taken and has bought nothing. */
  readonly held: PaymentTrail | null;
  /** Money about which it is not decided yet. */
  readonly applying: PaymentTrail | null;
}

const contextOf = (subscription: SubscriptionTrail) => subscription.view.context as unknown as SubscriptionContext;
export const paymentContextOf = (payment: PaymentTrail) => payment.view.context as unknown as PaymentContext;
export const amountOf = ({ amountMinor, currency }: Pick<PaymentContext, "amountMinor" | "currency">): string =>
  currency === "XTR" ? `${amountMinor} XTR` : `${(amountMinor / 100).toFixed(2)} ${currency}`;

export const isEntitledBy = (subscription: SubscriptionTrail, now: number): boolean =>
  entitled(subscription.facts, now);

/** Any subscription is enough; of those that open nothing the one that was paid says most. */
function tellingOne({ subscriptions, now }: ChatCase): SubscriptionTrail | null {
  const open = subscriptions.find((one) => isEntitledBy(one, now));
  const paid = subscriptions.find((one) => contextOf(one).charges > 0 || contextOf(one).endedAt !== null);
  return open ?? paid ?? subscriptions[0] ?? null;
}

export function rightOf(chat: ChatCase): Right {
  const subscription = tellingOne(chat);
  const isEntitled = subscription !== null && isEntitledBy(subscription, chat.now);
  const held = chat.payments.find(({ view }) => isIn(stateOf(view), "quarantined")) ?? null;
  const applying = chat.payments.find(({ view }) => isIn(stateOf(view), "received")) ?? null;
  const said: Sentence[] = [];
  if (!isEntitled && held !== null) said.push(paymentSentence("right.held", held));
  else if (!isEntitled && applying !== null) said.push(paymentSentence("right.applying", applying));
  // What an older subscription says stands beside it, but that nothing was ever paid would not be true.
  const own = subscriptionSentence(chat, subscription);
  if (said.length === 0 || (own.id !== "right.never" && own.id !== "right.checkout")) said.push(own);
  const stopped = subscription === null ? null : contextOf(subscription).stoppedSince;
  if (stopped !== null) said.push(sentence("right.clockStopped", { at: moment(stopped) }));
  return { entitled: isEntitled, subscription, said, held, applying };
}

function paymentSentence(id: "right.held" | "right.applying", payment: PaymentTrail): Sentence {
  const context = paymentContextOf(payment);
  return sentence(id, {
    amount: amountOf(context),
    charge: context.chargeId,
    reason: context.disputeReason ?? "?",
    at: moment(context.receivedAt),
  });
}

function subscriptionSentence(chat: ChatCase, subscription: SubscriptionTrail | null): Sentence {
  const blocked = sentence("right.blocked", { reason: String(chat.customer?.context.riskReason ?? "?") });
  if (subscription === null) return chat.customer?.states.includes("risk.blocked") ? blocked : sentence("right.never");
  const context = contextOf(subscription);
  const { billing } = subscription.facts;
  const deciding = explainEntitlement(subscription.facts, chat.now).find(({ decides }) => decides);
  if (deciding?.fact === "risk") return blocked;
  if (deciding?.fact === "override") return sentence("right.override", { until: moment(context.overrideUntil) });
  const until = moment(context.deadline ?? context.paidUntil);
  const given = isIn(billing ?? "", "active") ? withoutMoney(subscription) : null;
  if (given !== null) return given;
  if (billing === null || isIn(billing, "lead")) return sentence("right.never");
  if (isIn(billing, "trialing")) return sentence("right.trialing", { until: moment(context.trialUntil) });
  if (isIn(billing, "active.lifetime")) return sentence("right.lifetime");
  if (isIn(billing, "active")) return sentence("right.active", { until });
  if (isIn(billing, "renewalSlack")) return sentence("right.slack", { until });
  if (isIn(billing, "pastDue.grace")) return sentence("right.grace", { until });
  if (isIn(billing, "pastDue")) return sentence("right.hold", { until });
  if (isIn(billing, "paused")) return sentence("right.paused");
  if (isIn(billing, "refunded"))
    return sentence(broughtTo(subscription, "refunded") === "charge.reversed" ? "right.chargedBack" : "right.refunded");
  if (isIn(billing, "revoked")) return sentence("right.revoked", { reason: context.revokedReason ?? "?" });
  if (isIn(billing, "checkout")) return sentence("right.checkout");
  return sentence("right.expired", { at: moment(context.endedAt ?? context.paidUntil) });
}

/** The event by which a subscription came into a state of billing, as far back as its history was read. */
const broughtTo = ({ entries }: SubscriptionTrail, state: string): string | undefined =>
  entries.find(({ to = [] }) => to.some((path) => isIn(path, `billing.${state}`)))?.event.type;

/** Open by the word of staff and not by money: a gift, or a forced state. null: paid for. */
function withoutMoney(subscription: SubscriptionTrail): Sentence | null {
  const { paidUntil } = contextOf(subscription);
  const isForLife = isIn(subscription.facts.billing ?? "", "active.lifetime");
  // A renewal that charged somebody with access for life bought nothing.
  const isPurchase = (event: { readonly recurring?: unknown }) => !isForLife || event.recurring !== true;
  const turn = subscription.entries.find(
    ({ event, outcome, to = [] }) =>
      outcome === "applied" &&
      ((event.type === "payment.succeeded" && isPurchase(event as { readonly recurring?: unknown })) ||
        event.type === "term.granted" ||
        (event.type === "staff.forced" && to.some((path) => isIn(path, "billing.active")))),
  );
  if (turn === undefined || turn.event.type === "payment.succeeded") return null;
  const { by, reason } = turn.cause.kind === "staff" ? turn.cause : turn.event;
  const vars = { by: String(by ?? "?"), reason: String(reason ?? "?"), until: moment(paidUntil) };
  if (turn.event.type === "term.granted") return sentence(isForLife ? "right.givenForLife" : "right.given", vars);
  return sentence(isForLife ? "right.forcedForLife" : "right.forced", vars);
}
