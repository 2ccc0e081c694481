// Views and readers for screens: one builder each, with overrides.
import { createHash } from "node:crypto";
import type { CustomerContext } from "../../../machines/customer/types.ts";
import { firstContext } from "../../../machines/onboarding/policy.ts";
import type { Connection, OnboardingContext } from "../../../machines/onboarding/types.ts";
import { stranger } from "../../../machines/subscription/policy.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import type { Terms } from "../../../machines/terms.ts";
import type { PlanOffer } from "../../../src/bot/offers.ts";
import type { ChatView, OnboardingView, ProductView, Standing, SubscriberView } from "../../../src/bot/view.ts";
import type { Reader } from "../../../src/bot/wording.ts";
import { DAY_MS, someTerms } from "../../machines/support/terms.ts";

export const NOW = Date.UTC(2026, 10, 23, 9);

export const aReader = (overrides: Partial<Reader> = {}): Reader => ({
  language: "ru",
  nowMs: NOW,
  timeZone: "Europe/Moscow",
  ...overrides,
});

export const aPlan = (overrides: Partial<Terms> = {}): PlanOffer => {
  const terms = someTerms({
    planCode: "month",
    product: "club",
    recurring: true,
    chats: ["-1002123456789"],
    ...overrides,
  });
  return {
    code: terms.planCode,
    product: terms.product,
    title: { ru: "1 месяц", en: "1 month" },
    providerToken: null,
    terms,
  };
};

export const aSubscription = (overrides: Partial<SubscriptionContext> = {}): SubscriptionContext => ({
  ...stranger({ id: "7012345678:club", at: NOW }),
  terms: aPlan().terms,
  paidUntil: NOW + 30 * DAY_MS,
  deadline: NOW + 30 * DAY_MS,
  ...overrides,
});

export const LINK = { url: "https://t.me/+AbCdEfGhIjKlMnOp", expiresAt: NOW + DAY_MS };
export const aChat = (overrides: Partial<ChatView> = {}): ChatView => ({
  chatId: "-1002123456789",
  inside: false,
  link: null,
  preparing: false,
  ...overrides,
});

const OPEN: readonly Standing[] = [
  "trialing",
  "renewing",
  "ending",
  "pausing",
  "prepaid",
  "lifetime",
  "slack",
  "grace",
];
const INTENTS: Partial<Record<Standing, string>> = {
  renewing: "autoRenew",
  ending: "endsAtPeriodEnd.stopped",
  pausing: "pauseAtPeriodEnd.stopped",
  grace: "autoRenew",
  slack: "autoRenew",
};

export const aProduct = (standing: Standing, overrides: Partial<ProductView> = {}): ProductView => ({
  code: "club",
  title: { ru: "Клуб & <Ко>", en: "Club & <Co>" },
  plans: [
    aPlan(),
    {
      ...aPlan({
        planCode: "ever",
        recurring: false,
        periodMs: null,
        trialMs: 0,
        price: { currency: "XTR", amountMinor: 9_000 },
      }),
      title: { ru: "Навсегда", en: "For life" },
    },
  ],
  standing,
  entitled: OPEN.includes(standing),
  intent: INTENTS[standing] ?? "prepaid",
  subscription: standing === "none" ? null : aSubscription(),
  until: standing === "none" || standing === "lifetime" ? null : NOW + 30 * DAY_MS,
  chargeAt: standing === "renewing" ? NOW + 30 * DAY_MS : null,
  chats: standing === "none" ? [] : [aChat({ inside: OPEN.includes(standing) })],
  isConnectable: false,
  onboarding: null,
  robotEmail: null,
  payment: null,
  ...overrides,
});

export const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE";
export const aConnection = (overrides: Partial<Connection> = {}): Connection => ({
  spreadsheetId: SHEET,
  sid: "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11",
  tokenExpiresAt: NOW + 100 * DAY_MS,
  connectedAt: NOW - DAY_MS,
  ...overrides,
});

/** Everything is answered, unless the overrides say otherwise. @param step as of the region, such as `asking.awaitingEmail`. */
export const anOnboarding = (
  step: string,
  overrides: Partial<OnboardingContext> = {},
  promise = "kept",
): OnboardingView => ({
  step,
  promise,
  context: {
    ...firstContext({ id: "7012345678:club", at: NOW }),
    entitled: true,
    email: "anna@gmail.com",
    spreadsheetId: SHEET,
    ...overrides,
  },
});

/** A product that can be connected. */
export const aConnectable = (onboarding: OnboardingView | null, overrides: Partial<ProductView> = {}): ProductView =>
  aProduct("renewing", { isConnectable: true, onboarding, robotEmail: "robot@suite.example", ...overrides });

export const aCustomer = (overrides: Partial<CustomerContext> = {}): CustomerContext => ({
  userId: 7_012_345_678,
  username: "anna",
  formerUsernames: [],
  firstName: "Анна",
  language: "ru",
  languageChosen: false,
  trialUsedAt: null,
  termsAccepted: null,
  remindersMuted: false,
  products: [],
  hasPaid: false,
  riskReason: null,
  chargebacks: 0,
  ref: null,
  firstSeenAt: NOW,
  ...overrides,
});

export const aView = (products: readonly ProductView[], overrides: Partial<SubscriberView> = {}): SubscriberView => ({
  userId: 7_012_345_678,
  customer: aCustomer(),
  reachable: true,
  hasBlockedBot: false,
  blocked: false,
  open: true,
  products,
  ...overrides,
});

export const aCharge = (text = "stxFirst"): string => `stx${createHash("sha256").update(text).digest("base64url")}`;
