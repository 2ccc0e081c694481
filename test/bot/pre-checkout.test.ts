import { describe, expect, it } from "vitest";
import { type CheckoutFacts, judgeCheckout, REFUSALS, refusalText } from "../../src/bot/pre-checkout.ts";
import { aPlan, aReader, NOW } from "./support/views.ts";

const BUYER = 7_012_345_678;
const plan = aPlan();
const offers = (plans = [plan]) => ({
  isOpenTo: () => true,
  products: [
    { code: "club", title: { ru: "Клуб", en: "Club" }, channels: ["-1002123456789"], robotEmail: null, plans },
  ],
});

type Facts = { -readonly [K in keyof CheckoutFacts]: CheckoutFacts[K] };
const facts = (
  overrides: Partial<Facts> = {},
  order: Partial<NonNullable<CheckoutFacts["order"]>["context"]> = {},
  state = "open",
): Facts => ({
  query: { userId: BUYER, currency: "XTR", amountMinor: 500 },
  offers: offers(),
  order: {
    state,
    context: {
      orderId: "o1",
      userId: BUYER,
      terms: plan.terms,
      kind: "renewing",
      openedAt: NOW,
      settledAt: null,
      charges: 0,
      lastChargeId: null,
      refusedReason: null,
      ...order,
    },
  },
  blocked: false,
  subscription: { billing: "checkout", intent: "prepaid", renewal: null },
  salesPaused: false,
  notOpen: false,
  ...overrides,
});

describe("a checkout that may go on", () => {
  it.each([
    ["for a first purchase", facts()],
    ["that was approved before and is tried again", facts({}, {}, "approved")],
    ["of an invoice that lay for a while, at the same price", facts({}, {}, "abandoned")],
    ["without a subscription yet", facts({ subscription: { billing: null, intent: null, renewal: null } })],
    [
      "in the grace after a missed renewal",
      facts({ subscription: { billing: "pastDue.grace.reminding", intent: "autoRenew", renewal: null } }),
    ],
    ["after expiry", facts({ subscription: { billing: "expired.quiet", intent: "autoRenew", renewal: null } })],
    [
      "when renewal was switched off",
      facts({ subscription: { billing: "active.term.quiet", intent: "endsAtPeriodEnd.stopped", renewal: null } }),
    ],
    [
      "of a prepaid term beside a renewing one",
      facts(
        { subscription: { billing: "active.term.quiet", intent: "autoRenew", renewal: null } },
        { kind: "prepaid" },
      ),
    ],
  ])("%s", (_what, given) => {
    expect(judgeCheckout(given, aReader())).toEqual({ approved: true, isRenewal: false });
  });
});

describe("a checkout before a renewal, where Telegram asks before it charges", () => {
  const DAY_MS = 86_400_000;
  const dearer = aPlan({ price: { currency: "XTR", amountMinor: 600 } });
  const renewal = (
    leftMs: number,
    subscription: Partial<CheckoutFacts["subscription"]> = {},
    overrides: Partial<Facts> = {},
    order: Parameters<typeof facts>[1] = {},
  ) =>
    facts(
      {
        subscription: {
          billing: "active.term.quiet",
          intent: "autoRenew",
          renewal: { orderId: "o1", dueAt: NOW + leftMs },
          ...subscription,
        },
        ...overrides,
      },
      { settledAt: NOW - 30 * DAY_MS, charges: 1, lastChargeId: "c1", ...order },
      "settled",
    );

  it.each([
    ["at the end of the paid time", renewal(0)],
    ["a day before it", renewal(DAY_MS)],
    ["while it is late", renewal(-DAY_MS, { billing: "renewalSlack" })],
    ["in grace", renewal(-3 * DAY_MS, { billing: "pastDue.grace.reminding" })],
    ["in hold", renewal(-9 * DAY_MS, { billing: "pastDue.hold" })],
    ["after expiry", renewal(-90 * DAY_MS, { billing: "expired.quiet" })],
    ["that the customer wants back", renewal(0, { intent: "endsAtPeriodEnd.allowed" })],
    ["at the price that was bought, whatever it costs today", renewal(0, {}, { offers: offers([dearer]) })],
    ["of a plan that is not on sale any more", renewal(0, {}, { offers: offers([]) })],
    ["while the bot can't let people in: the time is given back", renewal(0, {}, { salesPaused: true })],
  ])("may go on %s", (_what, given) => {
    expect(judgeCheckout(given, aReader())).toEqual({ approved: true, isRenewal: true });
  });

  it.each([
    ["earlier than that: it is a second payment", renewal(DAY_MS + 1), "alreadyPaid"],
    ["of an order that was replaced", renewal(0, { renewal: { orderId: "o2", dueAt: NOW } }), "alreadyPaid"],
    ["where nothing renews", renewal(0, { renewal: null }), "alreadyPaid"],
    ["of a prepaid term", renewal(0, {}, {}, { kind: "prepaid" }), "alreadyPaid"],
    ["that a single term replaced", renewal(0, { intent: "prepaid" }), "alreadyPaid"],
    ["that the customer switched off", renewal(0, { intent: "endsAtPeriodEnd.stopFailed" }), "alreadyPaid"],
    ["that a pause stops", renewal(0, { intent: "pauseAtPeriodEnd.stopping" }), "alreadyPaid"],
    ["for a blocked person", renewal(0, {}, { blocked: true }), "blocked"],
    ["for somebody whose access was revoked", renewal(0, { billing: "revoked" }), "revoked"],
    [
      "at another price than what was bought",
      renewal(0, {}, { query: { userId: BUYER, currency: "XTR", amountMinor: 600 } }),
      "wrongAmount",
    ],
    [
      "paid by somebody else",
      renewal(0, {}, { query: { userId: 1, currency: "XTR", amountMinor: 500 } }),
      "otherBuyer",
    ],
  ])("is refused %s", (_what, given, reason) => {
    expect(judgeCheckout(given, aReader())).toMatchObject({ approved: false, reason });
  });
});

describe("a checkout that is refused", () => {
  const dearer = aPlan({ price: { currency: "XTR", amountMinor: 600 } });
  const otherTerms = aPlan({ planVersion: "v2" });
  it.each([
    ["for an order that does not exist", facts({ order: null }), "unknownOrder", "Такого счёта у нас нет"],
    ["for an order without an offer", facts({}, { terms: null }), "unknownOrder", "Такого счёта у нас нет"],
    [
      "when somebody else pays",
      facts({ query: { userId: 1, currency: "XTR", amountMinor: 500 } }),
      "otherBuyer",
      "выписан другому человеку",
    ],
    ["the second time", facts({}, { settledAt: NOW }, "settled"), "alreadyPaid", "уже оплачен 23 ноября 2026"],
    ["after it was withdrawn", facts({}, {}, "refused"), "orderClosed", "закрыт"],
    ["in a state nobody knows", facts({}, {}, "frozen"), "orderClosed", "закрыт"],
    [
      "when the price has changed",
      facts({ offers: offers([dearer]) }),
      "priceChanged",
      "Цена изменилась: теперь 600 ⭐",
    ],
    [
      "when the plan has other terms now",
      facts({ offers: offers([otherTerms]) }),
      "notOnSale",
      "Условия этого тарифа изменились",
    ],
    ["when the plan is gone", facts({ offers: offers([]) }), "notOnSale", "Условия этого тарифа изменились"],
    [
      "for too little",
      facts({ query: { userId: BUYER, currency: "XTR", amountMinor: 499 } }),
      "wrongAmount",
      "Сумма не совпала",
    ],
    [
      "for too much",
      facts({ query: { userId: BUYER, currency: "XTR", amountMinor: 501 } }),
      "wrongAmount",
      "Сумма не совпала",
    ],
    [
      "in another currency",
      facts({ query: { userId: BUYER, currency: "EUR", amountMinor: 500 } }),
      "wrongAmount",
      "Сумма не совпала",
    ],
    ["to somebody who is blocked", facts({ blocked: true }), "blocked", "не можем принять"],
    [
      "to somebody whose access was revoked",
      facts({ subscription: { billing: "revoked", intent: "prepaid", renewal: null } }),
      "revoked",
      "Доступ закрыт",
    ],
    [
      "when a subscription renews already",
      facts({ subscription: { billing: "active.term.reminding", intent: "autoRenew", renewal: null } }),
      "alreadySubscribed",
      "уже есть",
    ],
    [
      "while a renewal is late",
      facts({ subscription: { billing: "renewalSlack", intent: "autoRenew", renewal: null } }),
      "alreadySubscribed",
      "уже есть",
    ],
    [
      "for a renewal of an access that has no end",
      facts({ subscription: { billing: "active.lifetime", intent: "prepaid", renewal: null } }, { kind: "renewing" }),
      "ownedForLife",
      "уже навсегда",
    ],
    [
      "of somebody to whom the service is not open yet",
      facts({ notOpen: true }),
      "notOpen",
      "Мы открываемся постепенно",
    ],
    ["while the bot can't let people in", facts({ salesPaused: true }), "salesPaused", "Продажи приостановлены"],
  ] as const)("%s", (_what, given, reason, sentence) => {
    const verdict = judgeCheckout(given, aReader());
    expect(verdict).toMatchObject({ approved: false, reason });
    expect(verdict).toHaveProperty("text", expect.stringContaining(sentence));
  });

  it("tells a stranger nothing about the order: not even that it is paid", () => {
    const stranger = { userId: 1, currency: "XTR", amountMinor: 1 };
    expect(judgeCheckout(facts({ query: stranger }, { settledAt: NOW }, "settled"), aReader())).toMatchObject({
      reason: "otherBuyer",
    });
  });

  it("says why in the payer's language", () => {
    expect(judgeCheckout(facts({ offers: offers([dearer]) }), aReader({ language: "en" }))).toHaveProperty(
      "text",
      "The price has changed to 600 ⭐. Nothing was charged, please choose the plan again.",
    );
  });

  it.each(REFUSALS)("has a sentence for %s in both languages, without markup", (reason) => {
    for (const language of ["ru", "en"] as const) {
      const sentence = refusalText(reason, aReader({ language }), { date: "X", price: "X" });
      expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
      expect(sentence).not.toMatch(/[<>{}$]|&\w+;/);
      expect(sentence.length).toBeLessThanOrEqual(200);
    }
  });
});
