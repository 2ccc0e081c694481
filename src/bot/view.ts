// Everything a screen needs to know about one person, read from the actors at one moment.
import { addressOf } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import { isOnReserve } from "../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import { entitled } from "../../machines/entitlement.ts";
import { isAnyEntitled } from "../../machines/invite/policy.ts";
import type { InviteContext } from "../../machines/invite/types.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import { reminderEnd } from "../../machines/subscription/reminders.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { Offers, PlanOffer, ProductOffer, Title } from "./offers.ts";
import type { Money } from "./wording.ts";

/** What a subscription means to its owner: one word per screen. */
export type Standing =
  | "none"
  | "checkout"
  | "trialing"
  | "renewing"
  | "ending"
  | "pausing"
  | "prepaid"
  | "lifetime"
  | "slack"
  | "grace"
  | "hold"
  | "paused"
  | "expired"
  | "refunded"
  | "revoked";

export interface ChatView {
  readonly chatId: string;
  readonly inside: boolean;
  /** A way in that works now. `expiresAt`: epoch ms. */
  readonly link: { readonly url: string; readonly expiresAt: number } | null;
  /** A link is being made. */
  readonly preparing: boolean;
  /** An administrator of the chat put the person out although they may be in: no link can help, people are on it. */
  readonly banned?: boolean;
}

export interface PaymentView extends Money {
  readonly chargeId: string;
  readonly state: string;
  /** Epoch ms. */
  readonly at: number;
  readonly product: string | null;
}

/** How far the product's set-up is. */
export interface OnboardingView {
  /** Path of the region `step`, such as `asking.awaitingEmail`. */
  readonly step: string;
  /** State of the plan's promise. */
  readonly promise: string;
  readonly context: OnboardingContext;
}

export interface ProductView {
  readonly code: string;
  readonly title: Title;
  readonly plans: readonly PlanOffer[];
  readonly standing: Standing;
  readonly entitled: boolean;
  readonly intent: string | null;
  /** null without a subscription. */
  readonly subscription: SubscriptionContext | null;
  /** End of what the person has now: of the paid time, the trial, the grace. Epoch ms. */
  readonly until: number | null;
  /** When Telegram charges next: at the end of the paid time, or before it where days were added. Epoch ms; null: nobody can say. */
  readonly chargeAt: number | null;
  readonly chats: readonly ChatView[];
  /** What was bought includes a set-up of the product; `onboarding` null: it begins in a moment. */
  readonly isConnectable: boolean;
  readonly onboarding: OnboardingView | null;
  /** Figures come from the reserve source just now; absent: they do not, or nobody can say. Nothing else depends on it. */
  readonly isOnReserve?: boolean;
  /** With whom customers share their spreadsheet; null: with nobody. */
  readonly robotEmail: string | null;
  /** The charge of the current period. */
  readonly payment: PaymentView | null;
}

export interface SubscriberView {
  readonly userId: number;
  /** null: never seen. */
  readonly customer: CustomerContext | null;
  /** They started the bot, have not blocked it and are not forgotten. */
  readonly reachable: boolean;
  readonly hasBlockedBot: boolean;
  readonly blocked: boolean;
  /** They may buy. False only for newcomers, while the service opens step by step. */
  readonly open: boolean;
  readonly products: readonly ProductView[];
}

/** Of those who never bought anything, nor were given it. */
export const LEFT_NOTHING: ReadonlySet<Standing> = new Set(["none", "checkout"]);

/** All that drawing needs of the actors. */
export type Reading = Pick<Actors, "read" | "find">;

/** The path of one region, such as `active.term` of `billing.active.term`; null without it. */
export function regionOf(view: ActorView | null, region: string): string | null {
  const leaf = view?.states.find((state) => state.startsWith(`${region}.`));
  return leaf === undefined ? null : leaf.slice(region.length + 1);
}

/** The leaf of a machine without regions. */
export const stateOf = (view: ActorView): string => view.states[0] ?? "";

const isIn = (path: string, state: string): boolean => path === state || path.startsWith(`${state}.`);

/** People can be let into the chat, as far as is known: one that nobody looked at yet has not failed anybody. Into others nothing is sold. */
export const isOpenToBuyers = (channel: ActorView | null): boolean => {
  const health = regionOf(channel, "health");
  return health === null || isIn(health, "healthy") || isIn(health, "unseen");
};

/** @throws AppError of the runtime: redis.unreachable, actor.quarantined, actor.unknownVersion */
export async function readSubscriberView(
  actors: Reading,
  offers: Offers,
  userId: number,
  nowMs: number,
): Promise<SubscriberView> {
  const customer = await actors.read(addressOf.customer(userId));
  const context = customer === null ? null : (customer.context as unknown as CustomerContext);
  // A product may leave the catalog; who bought it keeps it.
  const bought = (context?.products ?? []).filter((code) => offers.products.every((product) => product.code !== code));
  const blocked = regionOf(customer, "risk") === "blocked";
  const products = await Promise.all([
    ...offers.products.map((product) => readProduct(actors, product, userId, blocked, nowMs)),
    ...bought.map((code) => readProduct(actors, offTheShelf(code), userId, blocked, nowMs)),
  ]);
  const contact = regionOf(customer, "contact");
  return {
    userId,
    customer: context,
    reachable: contact === "reachable",
    hasBlockedBot: contact === "botBlocked",
    blocked,
    open: offers.isOpenTo(userId) || products.some(({ standing }) => !LEFT_NOTHING.has(standing)),
    products,
  };
}

const offTheShelf = (code: string): ProductOffer => ({
  code,
  title: { ru: code, en: code },
  channels: [],
  robotEmail: null,
  plans: [],
});

async function readProduct(
  actors: Reading,
  offer: ProductOffer,
  userId: number,
  blocked: boolean,
  nowMs: number,
): Promise<ProductView> {
  const actor = await actors.read(addressOf.subscription(userId, offer.code));
  const subscription = actor === null ? null : (actor.context as unknown as SubscriptionContext);
  const billing = regionOf(actor, "billing");
  const intent = regionOf(actor, "intent");
  // What was bought: a chat that joined the product afterwards is not part of it.
  const chatIds = subscription?.terms?.chats ?? [];
  const isConnectable = Boolean(subscription?.terms?.connect);
  const [chats, payment, onboarding] = await Promise.all([
    Promise.all(chatIds.map((chatId) => readChat(actors, userId, chatId, nowMs))),
    subscription?.lastChargeId ? readPayment(actors, subscription.lastChargeId) : null,
    isConnectable ? actors.read(addressOf.onboarding(userId, offer.code)) : null,
  ]);
  const onReserve = onboarding !== null && (await hasReserve(actors, onboarding));
  const facts = {
    billing,
    riskBlocked: blocked || (subscription?.riskBlocked ?? false),
    overrideUntil: subscription?.overrideUntil ?? null,
  };
  const standing = standingOf(billing, intent, subscription);
  return {
    code: offer.code,
    title: offer.title,
    plans: offer.plans,
    standing,
    entitled: entitled(facts, nowMs),
    intent,
    subscription,
    until: untilOf(standing, subscription),
    chargeAt:
      standing === "renewing" && subscription !== null && subscription.renewalFailedAt == null
        ? reminderEnd(subscription, nowMs)
        : null,
    chats,
    isConnectable,
    onboarding: onboarding === null ? null : onboardingOf(onboarding),
    ...(onReserve ? { isOnReserve: true } : {}),
    robotEmail: offer.robotEmail,
    payment,
  };
}

/** What customers see in their spreadsheets. */
const SHOWN_DATASET = "checklist";

/** Where the figures come from is a remark: a gate that cannot be read must not take the screen away. */
async function hasReserve(actors: Reading, onboarding: ActorView): Promise<boolean> {
  const { connections } = onboarding.context as unknown as OnboardingContext;
  try {
    const gates = await Promise.all(
      connections.map(({ spreadsheetId }) => actors.read(addressOf.dataset(SHOWN_DATASET, spreadsheetId))),
    );
    return gates.some((gate) => gate !== null && isOnReserve(gate.context as unknown as DatasetContext));
  } catch {
    return false;
  }
}

export const onboardingOf = (actor: ActorView): OnboardingView => ({
  step: regionOf(actor, "step") ?? "",
  promise: regionOf(actor, "promise") ?? "",
  context: actor.context as unknown as OnboardingContext,
});

/** @param billing path of the region; null without a subscription. */
export const isBeforePurchase = (billing: string | null): boolean =>
  billing === null || isIn(billing, "lead") || isIn(billing, "checkout");

function standingOf(billing: string | null, intent: string | null, subscription: SubscriptionContext | null): Standing {
  if (billing === null || subscription === null || isIn(billing, "lead")) return "none";
  for (const state of ["checkout", "trialing", "paused", "expired", "refunded", "revoked"] as const)
    if (isIn(billing, state)) return state;
  if (isIn(billing, "renewalSlack")) return "slack";
  if (isIn(billing, "pastDue.grace")) return "grace";
  if (isIn(billing, "pastDue")) return "hold";
  if (isIn(billing, "active.lifetime")) return "lifetime";
  if (intent === null || isIn(intent, "prepaid")) return "prepaid";
  if (isIn(intent, "autoRenew")) return "renewing";
  return isIn(intent, "pauseAtPeriodEnd") ? "pausing" : "ending";
}

/** What runs now ends at the deadline, which moves when a channel could not be managed; without one, at the end of the paid time. */
const untilOf = (standing: Standing, subscription: SubscriptionContext | null): number | null =>
  standing === "lifetime" || standing === "none" ? null : (subscription?.deadline ?? subscription?.paidUntil ?? null);

/** The last charge of a renewal that goes on did not come: when the provider tries again is not known. */
export const hasRenewalFailed = ({ standing, subscription }: ProductView): boolean =>
  (standing === "renewing" || standing === "slack") && subscription?.renewalFailedAt != null;

async function readChat(actors: Reading, userId: number, chatId: string, nowMs: number): Promise<ChatView> {
  const actor = await actors.read(addressOf.invite(userId, chatId));
  if (actor === null) return { chatId, inside: false, link: null, preparing: false };
  const { link, removalReason, sources } = actor.context as unknown as InviteContext;
  const state = stateOf(actor);
  return {
    chatId,
    inside: isIn(state, "member"),
    link: isIn(state, "linkIssued") && link !== null && link.expiresAt > nowMs ? link : null,
    preparing: isIn(state, "granting") || isIn(state, "joinRequested"),
    banned: isIn(state, "removed") && removalReason === "removedByOther" && isAnyEntitled(sources),
  };
}

async function readPayment(actors: Reading, chargeId: string): Promise<PaymentView | null> {
  const actor = await actors.read(addressOf.payment(chargeId));
  return actor === null ? null : paymentOf(actor);
}

const paymentOf = (actor: ActorView): PaymentView => {
  const context = actor.context as unknown as PaymentContext;
  return {
    chargeId: context.chargeId,
    currency: context.currency,
    amountMinor: context.amountMinor,
    state: stateOf(actor),
    at: context.receivedAt,
    product: context.terms?.product ?? null,
  };
};

/** A person's charges, newest first. */
export async function readPayments(actors: Reading, userId: number, limit = 10): Promise<readonly PaymentView[]> {
  const addresses = (await actors.find(`telegramId=${userId}`)).filter((address) => address.startsWith("payment/"));
  const found = await Promise.all(addresses.map((address) => actors.read(address)));
  return found
    .filter((actor): actor is ActorView => actor !== null && actor.context.userId === userId)
    .map(paymentOf)
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);
}
