// Whether a checkout may go on. Pure: everything it needs was read before. Approving is not payment, and changes nothing.
import type { OrderContext } from "../../machines/order/types.ts";
import type { Offers } from "./offers.ts";
import { findPlan } from "./offers.ts";
import { plain } from "./texts.ts";
import { plainDate, price, type Reader } from "./wording.ts";

export interface CheckoutFacts {
  readonly query: { readonly userId: number; readonly currency: string; readonly amountMinor: number };
  readonly offers: Offers;
  /** null: no such order. */
  readonly order: { readonly state: string; readonly context: OrderContext } | null;
  /** The buyer's risk is `blocked`. */
  readonly blocked: boolean;
  readonly subscription: {
    /** Path of the billing region; null without a subscription. */
    readonly billing: string | null;
    readonly intent: string | null;
    /** The order that renews by itself, and when its next charge is due, epoch ms; null: nothing was ever renewed. */
    readonly renewal: { readonly orderId: string; readonly dueAt: number } | null;
  };
  /** The bot can't let people into a chat of the product now: what would be bought can't be delivered. */
  readonly salesPaused: boolean;
  /** The service opens step by step, and this payer's turn has not come; never true of who bought before. */
  readonly notOpen: boolean;
}

export const REFUSALS = [
  "unknownOrder",
  "otherBuyer",
  "alreadyPaid",
  "orderClosed",
  "priceChanged",
  "notOnSale",
  "wrongAmount",
  "blocked",
  "revoked",
  "alreadySubscribed",
  "ownedForLife",
  "notOpen",
  "salesPaused",
  "unavailable",
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type CheckoutVerdict =
  /** `isRenewal`: Telegram asks before it charges again for what was bought before; nobody is buying anything. */
  | { readonly approved: true; readonly isRenewal: boolean }
  /** `text` is what the payer reads, in their language. */
  | { readonly approved: false; readonly reason: Refusal; readonly text: string };

/** Orders that still wait for their (first) charge. */
const PAYABLE = new Set(["open", "approved", "abandoned"]);
/** Renews by itself: a second subscription at Telegram would charge twice. */
const RENEWING_NOW = /^(?:active|renewalSlack)(?:\.|$)/;
/** Nothing is left that a renewal could prolong. */
const FOR_LIFE = /^active\.lifetime(?:\.|$)/;

/** Ahead of its end a paid invoice is paid twice; around it Telegram may ask before it renews. Unit: milliseconds. */
const RENEWAL_LEAD_MS = 24 * 60 * 60_000;
/** The customer wants to be charged again: it renews, or was switched off and is wanted back. */
const RENEWAL_WANTED = /^(?:autoRenew|endsAtPeriodEnd\.(?:allowing|allowed))$/;

/**
 * Whether a checkout of a paid order is the renewal that the subscription waits for. It cannot be told from a second payment by hand at the
 * same time; such a one begins a new renewal, and the old one is stopped.
 */
function isDueRenewal({ order, subscription: { renewal, intent } }: CheckoutFacts, nowMs: number): boolean {
  return (
    order !== null &&
    order.context.kind === "renewing" &&
    renewal !== null &&
    renewal.orderId === order.context.orderId &&
    nowMs >= renewal.dueAt - RENEWAL_LEAD_MS &&
    intent !== null &&
    RENEWAL_WANTED.test(intent)
  );
}

export function judgeCheckout(facts: CheckoutFacts, reader: Reader): CheckoutVerdict {
  const refuse = (reason: Refusal, vars: Record<string, string | number> = {}): CheckoutVerdict => ({
    approved: false,
    reason,
    text: refusalText(reason, reader, vars),
  });

  const { order, query } = facts;
  if (order === null || order.context.terms === null || order.context.userId === null) return refuse("unknownOrder");
  const { terms, userId, settledAt } = order.context;
  if (userId !== query.userId) return refuse("otherBuyer");
  const isRenewal = order.state === "settled" && isDueRenewal(facts, reader.nowMs);
  if (order.state === "settled" && !isRenewal) {
    return settledAt === null ? refuse("orderClosed") : refuse("alreadyPaid", { date: plainDate(settledAt, reader) });
  }
  if (!isRenewal && !PAYABLE.has(order.state)) return refuse("orderClosed");
  if (facts.blocked) return refuse("blocked");

  const { billing, intent } = facts.subscription;
  if (billing !== null && /^revoked(?:\.|$)/.test(billing)) return refuse("revoked");
  const isAmountRight = query.currency === terms.price.currency && query.amountMinor === terms.price.amountMinor;
  // What was bought is renewed as it was bought, whatever is on sale today; time in which nobody can be let in is given back.
  if (isRenewal) return isAmountRight ? { approved: true, isRenewal } : refuse("wrongAmount");
  if (facts.notOpen) return refuse("notOpen");
  if (facts.salesPaused) return refuse("salesPaused");

  const plan = findPlan(facts.offers, terms.planCode);
  if (!plan) return refuse("notOnSale");
  const now = plan.terms;
  if (now.price.currency !== terms.price.currency || now.price.amountMinor !== terms.price.amountMinor) {
    return refuse("priceChanged", { price: price(now.price, reader.language) });
  }
  if (now.planVersion !== terms.planVersion) return refuse("notOnSale");
  if (!isAmountRight) return refuse("wrongAmount");

  if (order.context.kind === "renewing" && billing !== null) {
    if (FOR_LIFE.test(billing)) return refuse("ownedForLife");
    if (intent === "autoRenew" && RENEWING_NOW.test(billing)) return refuse("alreadySubscribed");
  }
  return { approved: true, isRenewal };
}

/** Telegram's limit of `error_message` is not documented; a sentence is short anyway. */
export const refusalText = (reason: Refusal, reader: Reader, vars: Record<string, string | number> = {}): string =>
  plain(reader.language, `refusal-${reason}`, vars);
