import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  inCheckout,
  inGrace,
  inSlack,
  PERIOD_MS,
  paid,
  paused,
  prepaid,
  renewed,
  STAFF,
  subscribed,
} from "./support/subscriber.ts";
import { DAY_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

describe("rule 6: cancel keeps access until paidUntil and can be undone until then", () => {
  it("stops the renewal at the provider by its first charge", () => {
    const subscriber = autoRenewing()
      .send(renewed("c2", UNTIL + PERIOD_MS))
      .send({ type: "cancel.requested" });
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: true });
    expect(subscriber.finish("stopRenewal", { result: "done" }).state).toContain("intent.endsAtPeriodEnd.stopped");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS);
    expect(subscriber.access).toBe("open");
  });
  it("ends access at paidUntil at once, without a grace", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).finish("stopRenewal", { result: "done" });
    expect(subscriber.elapse(PERIOD_MS - 1).state).toContain("active.term");
    expect(subscriber.elapse(1).state).toContain("billing.expired");
  });
  it("only notes the wish of who paid in advance, and forgets it when undone", () => {
    const subscriber = prepaid().send({ type: "cancel.requested" });
    expect(subscriber.intent).toBe("endsAtPeriodEnd.noted");
    expect(subscriber.running).toEqual([]);
    expect(subscriber.send({ type: "cancel.undone" }).intent).toBe("prepaid");
    expect(subscriber.elapse(PERIOD_MS).state).toContain("pastDue.grace");
  });
  it("undone, allows the renewal again and waits for the customer to switch it on", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).finish("stopRenewal", { result: "done" });
    subscriber.send({ type: "cancel.undone" });
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: false });
    subscriber.finish("allowRenewal", { result: "done" });
    expect(subscriber.intent).toBe("endsAtPeriodEnd.allowed");
    subscriber.send({ type: "renewal.enabled", orderId: "o1" });
    expect(subscriber.intent).toBe("autoRenew");
    expect(subscriber.notices).toEqual(["renewal.enabled"]);
  });
  it("cannot be wished after the paid time is over by who paid in advance", () => {
    expect(inGrace().send({ type: "cancel.requested" }).outcome).toBe("ignored");
  });
  it("while the first charge is under way, stops what that charge would renew as soon as it comes", () => {
    const subscriber = inCheckout().send({ type: "cancel.requested" });
    expect(subscriber.outcome).toBe("applied");
    subscriber.send(subscribed("c1", UNTIL));
    expect(subscriber.access, "what was paid is served").toBe("open");
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: true });
    subscriber.finish("stopRenewal", { result: "done" });
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.elapse(PERIOD_MS).state).toContain("billing.expired");
    // Another purchase is another wish.
    expect(subscriber.send(subscribed("c2", UNTIL + 2 * PERIOD_MS, { orderId: "o2" })).intent).toBe("autoRenew");
  });
  it("while the first charge is under way, has nothing to stop of a single term or of another order", () => {
    const one = inCheckout().send({ type: "cancel.requested" }).send(paid("c1"));
    expect([one.intent, one.running]).toEqual(["prepaid", []]);
    const other = inCheckout()
      .send({ type: "cancel.requested" })
      .send({ type: "checkout.opened", orderId: "o2", terms: someTerms({ recurring: true }) })
      .send(subscribed("c1", UNTIL, { orderId: "o2" }));
    expect(other.intent).toBe("autoRenew");
  });
  it("stops a renewal that still may come in grace or hold", () => {
    const subscriber = inSlack()
      .elapse(10 * DAY_MS)
      .send({ type: "cancel.requested" });
    expect(subscriber.running).toEqual(["stopRenewal"]);
  });
  it("opens a ticket when the provider cannot be told, and says so in the state", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).fail("stopRenewal");
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopFailed");
    expect(subscriber.tells).toEqual([{ to: "ticket/renewalStopFailed:7:channel", type: "ticket.opened" }]);
    expect(subscriber.notices, "the customer believes that it is off").toEqual(["renewal.stopFailed"]);
    expect(subscriber.send({ type: "cancel.undone" }).intent).toBe("autoRenew");
  });
  it("tries again to stop a renewal that charged although the stop failed", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).fail("stopRenewal").elapse(PERIOD_MS);
    subscriber.send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.billing).toBe("active.term");
  });
  it("stays the wish when a renewal was charged in the same moment, and the money counts", () => {
    const subscriber = autoRenewing()
      .send({ type: "cancel.requested" })
      .send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS);
  });
});

describe("a renewal at the provider", () => {
  it("switched off there ends the subscription at its end, with a word that names the date", () => {
    const subscriber = autoRenewing().send({ type: "renewal.canceled", orderId: "o1" });
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "renewal.canceled", params: { until: UNTIL } },
    ]);
  });
  it("that failed keeps access until the grace comes by time", () => {
    const subscriber = autoRenewing().elapse(PERIOD_MS).send({ type: "renewal.failed", orderId: "o1" });
    expect(subscriber.notices).toEqual(["renewal.failed"]);
    expect(subscriber.access).toBe("open");
    expect(subscriber.billing).toBe("renewalSlack");
  });
  it.each(["renewal.canceled", "renewal.failed"])(
    "of an order that was replaced says nothing about the present one (%s)",
    (type) => {
      const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2" }));
      subscriber.send({ type, orderId: "o1" });
      expect(subscriber.intent).toBe("autoRenew");
      expect(subscriber.effects).toEqual([]);
    },
  );
  it("is stopped when another one replaces it", () => {
    const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2" }));
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
    expect(subscriber.facts).toMatchObject({ firstChargeId: "c2", renewingOrderId: "o2" });
    expect(subscriber.intent).toBe("autoRenew");
  });
  it("is stopped when a single term replaces it", () => {
    const subscriber = autoRenewing().send(paid("c2", { orderId: "o2" }));
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
    expect(subscriber.intent).toBe("prepaid");
  });
  it("is not stopped by its own charges", () => {
    const subscriber = autoRenewing().send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([]);
  });
  it("that was replaced still buys its time when it charges once more, but brings the old plan not back", () => {
    const premium = someTerms({ planCode: "premium", recurring: true, chats: ["-1001", "-1002"] });
    const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2", terms: premium }));
    const before = subscriber.facts.paidUntil as number;
    subscriber.send(renewed("c3", UNTIL, { orderId: "o1" }));
    expect(subscriber.facts.paidUntil).toBe(before + PERIOD_MS);
    expect(subscriber.facts.terms?.planCode).toBe("premium");
  });
});

describe("a pause", () => {
  it("starts at the end of the paid time and stops the renewal", () => {
    const subscriber = autoRenewing().send({ type: "pause.requested" });
    expect(subscriber.running).toEqual(["stopRenewal"]);
    subscriber.finish("stopRenewal", { result: "done" });
    expect(subscriber.intent).toBe("pauseAtPeriodEnd.stopped");
    subscriber.elapse(PERIOD_MS);
    expect(subscriber.billing).toBe("paused");
    expect(subscriber.notices).toEqual(["subscription.paused"]);
    expect(subscriber.access).toBe("closed");
  });
  it("ends as expired after its longest time", () => {
    expect(paused().elapse(90 * DAY_MS).state).toContain("billing.expired");
  });
  it("keeps time that is given meanwhile as credit, which a resumption uses", () => {
    const subscriber = paused()
      .elapse(DAY_MS)
      .send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS });
    expect(subscriber.billing).toBe("paused");
    expect(subscriber.facts.creditMs).toBe(5 * DAY_MS);
    subscriber.elapse(DAY_MS).send({ type: "resume.requested" });
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + 7 * DAY_MS, creditMs: 0 });
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.notices).toEqual(["subscription.resumed"]);
  });
  it("stays when there is no credit to resume with", () => {
    expect(paused().send({ type: "resume.requested" }).billing).toBe("paused");
  });
  it("adds its credit to the next payment", () => {
    const subscriber = paused()
      .send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS })
      .send(paid("c2"));
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + PERIOD_MS + 5 * DAY_MS, creditMs: 0 });
  });
  it("keeps its credit beyond the pause", () => {
    const subscriber = paused()
      .send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS })
      .elapse(100 * DAY_MS);
    expect(subscriber.billing).toBe("expired");
    expect(subscriber.send({ type: "resume.requested" }).billing).toBe("active.term");
  });
  it("can be taken back and turned into leaving before it starts", () => {
    const wish = () => prepaid().send({ type: "pause.requested" });
    expect(wish().send({ type: "cancel.undone" }).intent).toBe("prepaid");
    expect(wish().send({ type: "cancel.requested" }).intent).toBe("endsAtPeriodEnd.noted");
  });
});
