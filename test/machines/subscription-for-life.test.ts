import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  forLife,
  inGrace,
  inSlack,
  PERIOD_MS,
  paid,
  renewed,
  revoked,
  STAFF,
  type Subscriber,
  subscribed,
} from "./support/subscriber.ts";
import { DAY_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;
const gift = { type: "term.granted", ...STAFF, terms: someTerms(), ms: null };
const lifePlan = someTerms({ planCode: "life", periodMs: null });
const stop = { userId: 7, chargeId: "c1", canceled: true };
const done = { result: "done" };
const given = () => autoRenewing().send(gift);
const settled = () => given().finish("stopRenewal", done);

describe("nobody who holds access for life is charged for a renewal", () => {
  it.each([
    ["is given it by staff", () => given()],
    ["is given it while the renewal is awaited", () => inSlack().send(gift)],
    ["buys it", () => autoRenewing().send(paid("c2", { terms: lifePlan, orderId: "o2" }))],
  ])("who %s has the renewal switched off at the provider", (_, build) => {
    const subscriber = build();
    expect(subscriber.billing).toBe("active.lifetime");
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
    expect(subscriber.finish("stopRenewal", done).intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.billing).toBe("active.lifetime");
  });
  it("is told once that it is off, whether our call or the provider's word comes first", () => {
    const byCall = given().finish("stopRenewal", done);
    expect(byCall.effectsOf("notifyCustomer")).toMatchObject([{ notice: "renewal.canceled", params: { until: null } }]);
    expect(byCall.send({ type: "renewal.canceled", orderId: "o1" }).notices).toEqual([]);
    const byUpdate = given().send({ type: "renewal.canceled", orderId: "o1" });
    expect(byUpdate.notices).toEqual(["renewal.canceled"]);
    expect(byUpdate.intent).toBe("endsAtPeriodEnd.stopped");
  });
  it("a stop that fails is for people, and is said", () => {
    const subscriber = given().fail("stopRenewal");
    expect(subscriber.tells).toEqual([{ to: "ticket/renewalStopFailed:7:channel", type: "ticket.opened" }]);
    expect(subscriber.notices).toEqual(["renewal.stopFailed"]);
    expect(subscriber.send({ type: "cancel.requested" }).started("editStarSubscription")).toEqual(stop);
  });
  it.each(["stopFailed", "allowing", "allowed"])(
    "a renewal that is %s when access becomes one for life is stopped",
    (state) => {
      const subscriber = autoRenewing().send({ type: "cancel.requested" });
      if (state === "stopFailed") subscriber.fail("stopRenewal");
      else subscriber.finish("stopRenewal", done).send({ type: "cancel.undone" });
      if (state === "allowed") subscriber.finish("allowRenewal", done);
      expect(subscriber.intent).toBe(`endsAtPeriodEnd.${state}`);
      expect(subscriber.send(gift).started("editStarSubscription")).toEqual(stop);
    },
  );
  it("a pause's stop that failed is tried again", () => {
    const subscriber = autoRenewing().send({ type: "pause.requested" }).fail("stopRenewal").send(gift);
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it("the customer's switch at the provider does not bring it back", () => {
    expect(settled().send({ type: "cancel.undone" }).outcome).toBe("ignored");
    const subscriber = settled().send({ type: "renewal.enabled", orderId: "o1" });
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it("who had nothing that renews hears of nothing that was switched off", () => {
    const subscriber = inGrace().send(gift);
    expect(subscriber.running).toEqual([]);
    expect(subscriber.notices).toEqual(["term.extended"]);
  });
  it("a revocation of it is not called a gift for life", () => {
    const subscriber = given().send({ type: "access.revoked", ...STAFF });
    expect(subscriber.finish("stopRenewal", done).notices).toEqual([]);
  });
});

describe("a renewal that charges all the same", () => {
  const charges: readonly (readonly [string, () => Subscriber])[] = [
    ["before the stop arrived", given],
    ["after the stop", settled],
    [
      "though a purchase for life replaced it",
      () =>
        autoRenewing()
          .send(paid("c9", { terms: lifePlan }))
          .finish("stopRenewal", done),
    ],
  ];
  it.each(charges)("%s leaves access for life as it is", (_, build) => {
    const before = build();
    const periodFrom = before.facts.periodFrom;
    const subscriber = before.elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.billing).toBe("active.lifetime");
    expect(subscriber.facts).toMatchObject({ paidUntil: null, periodFrom });
    expect(subscriber.elapse(10 * PERIOD_MS).access).toBe("open");
  });
  it.each(charges)("%s is a case for people, and no renewal that anybody is thanked for", (_, build) => {
    const subscriber = build()
      .elapse(PERIOD_MS)
      .send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: UNTIL, until: UNTIL });
    expect(subscriber.tells).toContainEqual({ to: "ticket/payment:c2", type: "ticket.opened" });
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "payment.disputed", params: { chargeId: "c2", reason: "paidForLife" } },
    ]);
    subscriber.send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.tells.map(({ type }) => type)).toEqual(["payment.applied"]);
  });
  it("is stopped again", () => {
    const subscriber = settled().send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it("for the first time, from an invoice that was open when access became one for life, is stopped by its own charge", () => {
    const subscriber = forLife().send(subscribed("c2", UNTIL, { orderId: "o2" }));
    expect(subscriber.started("editStarSubscription")).toEqual({ ...stop, chargeId: "c2" });
    expect(subscriber.tells).toContainEqual({ to: "ticket/payment:c2", type: "ticket.opened" });
    expect(subscriber.billing).toBe("active.lifetime");
  });
  it.each([
    ["given back", { type: "payment.refunded", chargeId: "c2", access: "policy" }],
    ["charged back", { type: "charge.reversed", chargeId: "c2" }],
  ])("and is %s takes nothing of the access with it", (_, event) => {
    const subscriber = settled()
      .send(renewed("c2", UNTIL + PERIOD_MS))
      .send(event);
    expect(subscriber.billing).toBe("active.lifetime");
  });
  it("to somebody whose access was revoked stays a case of the revocation", () => {
    const subscriber = revoked().send(renewed("c2", UNTIL));
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([{ params: { reason: "accessRevoked" } }, {}]);
  });
});

describe("more time for a subscription that renews", () => {
  it.each([
    ["given", { type: "term.granted", ...STAFF, terms: someTerms({ recurring: true }), ms: 5 * DAY_MS }],
    ["added", { type: "term.extended", ...STAFF, ms: 5 * DAY_MS }],
  ])(
    "%s moves its end; the renewal goes on, is charged at the provider's date, and counts from the moved end",
    (_, event) => {
      const subscriber = autoRenewing().send(event);
      expect(subscriber.intent).toBe("autoRenew");
      expect(subscriber.running).toEqual([]);
      expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + 5 * DAY_MS, renewsAt: UNTIL });
      subscriber.elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS));
      expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS + 5 * DAY_MS);
      expect(subscriber.answer).toMatchObject({ from: UNTIL + 5 * DAY_MS });
    },
  );
  it("is reminded of the charge at the provider's date, not of the moved end", () => {
    const subscriber = autoRenewing().send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS });
    expect(subscriber.facts.nextReminderAt).toBeLessThan(UNTIL);
  });
});
