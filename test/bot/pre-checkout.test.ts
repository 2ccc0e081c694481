import { describe, expect, it } from "vitest";
import { type CheckoutFacts, judgeCheckout, REFUSALS, refusalText } from "../../src/bot/pre-checkout.ts";
import { aPlan, aReader, NOW } from "./support/views.ts";

const BUYER = 7_012_345_678;
const plan = aPlan();
const offers = (plans = [plan]) => ({
  products: [{ code: "club", title: { ru: "Клуб", en: "Club" }, channels: ["-1002123456789"], plans }],
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
  subscription: { billing: "checkout", intent: "prepaid" },
  salesPaused: false,
  ...overrides,
});

describe("a checkout that may go on", () => {
  it.each([
    ["for a first purchase", facts()],
    ["that was approved before and is tried again", facts({}, {}, "approved")],
    ["of an invoice that lay for a while, at the same price", facts({}, {}, "abandoned")],
    ["without a subscription yet", facts({ subscription: { billing: null, intent: null } })],
    [
      "in the grace after a missed renewal",
      facts({ subscription: { billing: "pastDue.grace.reminding", intent: "autoRenew" } }),
    ],
    ["after expiry", facts({ subscription: { billing: "expired.quiet", intent: "autoRenew" } })],
    [
      "when renewal was switched off",
      facts({ subscription: { billing: "active.term.quiet", intent: "endsAtPeriodEnd.stopped" } }),
    ],
    [
      "of a prepaid term beside a renewing one",
      facts({ subscription: { billing: "active.term.quiet", intent: "autoRenew" } }, { kind: "prepaid" }),
    ],
  ])("%s", (_what, given) => {
    expect(judgeCheckout(given, aReader())).toEqual({ approved: true });
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
      facts({ subscription: { billing: "revoked", intent: "prepaid" } }),
      "revoked",
      "Доступ закрыт",
    ],
    [
      "when a subscription renews already",
      facts({ subscription: { billing: "active.term.reminding", intent: "autoRenew" } }),
      "alreadySubscribed",
      "уже есть",
    ],
    [
      "while a renewal is late",
      facts({ subscription: { billing: "renewalSlack", intent: "autoRenew" } }),
      "alreadySubscribed",
      "уже есть",
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
