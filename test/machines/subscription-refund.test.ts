import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  every,
  expired,
  forLife,
  inGrace,
  inHold,
  inSlack,
  PERIOD_MS,
  paid,
  paused,
  prepaid,
  renewed,
  revoked,
  STAFF,
  type Subscriber,
  subscribed,
  trialing,
} from "./support/subscriber.ts";
import { DAY_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

describe("rule 7: refund and revocation are two decisions", () => {
  const refund = (subscriber: Subscriber, chargeId: string, access = "policy") =>
    subscriber.send({ type: "payment.refunded", chargeId, access });
  it("a refund of the current period ends access now", () => {
    const subscriber = refund(prepaid().elapse(DAY_MS), "c1");
    expect(subscriber.billing).toBe("refunded");
    expect(subscriber.announced.map(([to, entitled]) => [to, entitled])).toEqual([["invite/7:-1001", false]]);
    expect(subscriber.facts.paidUntil).toBe(NOON + DAY_MS);
  });
  it("a refund of an older period changes nothing", () => {
    const subscriber = prepaid().elapse(PERIOD_MS).send(paid("c2")).elapse(DAY_MS);
    expect(refund(subscriber, "c1").outcome).toBe("ignored");
  });
  it("a refund of a period bought in advance takes back that period only", () => {
    const subscriber = prepaid().send(paid("c2"));
    expect(refund(subscriber, "c2").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(UNTIL);
    expect(subscriber.elapse(PERIOD_MS).state).toContain("pastDue.grace");
  });
  it("a refund of the current period leaves what another charge has paid", () => {
    const subscriber = prepaid()
      .send(paid("c2"))
      .elapse(10 * DAY_MS);
    expect(refund(subscriber, "c1").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(NOON + 10 * DAY_MS + PERIOD_MS);
    expect(refund(subscriber, "c2").billing).toBe("refunded");
  });
  it("a refund of a purchase for life ends it, or leaves the time that was bought otherwise", () => {
    expect(refund(forLife(), "c1").billing).toBe("refunded");
    const both = prepaid().send(paid("c2", { terms: someTerms({ periodMs: null }) }));
    expect(refund(both, "c2").billing).toBe("active.term");
    expect(both.facts.paidUntil).toBe(UNTIL);
  });
  it("staff may keep access or end it", () => {
    expect(refund(prepaid(), "c1", "keep").billing).toBe("active.term");
    const older = prepaid().elapse(PERIOD_MS).send(paid("c2"));
    expect(refund(older, "c1", "revoke").billing).toBe("refunded");
  });
  it("a refund that ends access stops the renewal as well", () => {
    const subscriber = refund(
      autoRenewing()
        .elapse(PERIOD_MS)
        .send(renewed("c2", UNTIL + PERIOD_MS)),
      "c2",
    );
    expect(subscriber.intent).toBe("prepaid");
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
  });
  it("a refund of the first charge has stopped the renewal, even when access is kept", () => {
    expect(refund(autoRenewing(), "c1", "keep").intent).toBe("prepaid");
  });
  it.each([
    ["active.term", prepaid],
    ["active.lifetime", forLife],
    ["renewalSlack", inSlack],
    ["pastDue.grace", inGrace],
    ["pastDue.hold", inHold],
    ["paused", paused],
  ])("a chargeback in %s of what paid last ends access", (_, build) => {
    const subscriber = build().send({ type: "charge.reversed", chargeId: "c1" });
    expect(subscriber.billing).toBe("refunded");
    expect(subscriber.access).toBe("closed");
  });
  const reverse = (subscriber: Subscriber, chargeId: string) => subscriber.send({ type: "charge.reversed", chargeId });
  it("a chargeback of a used-up period leaves the time that a later charge pays", () => {
    const subscriber = prepaid().elapse(PERIOD_MS).send(paid("c2")).elapse(DAY_MS);
    const { paidUntil } = subscriber.facts;
    expect(reverse(subscriber, "c1").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(paidUntil);
    expect(reverse(subscriber, "c2").billing).toBe("refunded");
  });
  it("a chargeback of one of two charges takes back the time of that one only", () => {
    const subscriber = prepaid()
      .send(paid("c2"))
      .elapse(10 * DAY_MS);
    expect(reverse(subscriber, "c1").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(NOON + 10 * DAY_MS + PERIOD_MS);
  });
});

describe("a revoked access", () => {
  it("is told with its reason and stops the renewal", () => {
    const subscriber = autoRenewing().send({ type: "access.revoked", ...STAFF });
    expect(subscriber.billing).toBe("revoked");
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "subscription.revoked", params: { reason: STAFF.reason } },
    ]);
    expect(subscriber.running).toEqual(["stopRenewal"]);
  });
  it.each([
    { type: "access.revoked", ...STAFF },
    { type: "trial.granted", terms: someTerms() },
    { type: "term.granted", ...STAFF, terms: someTerms(), ms: DAY_MS },
    { type: "term.extended", ...STAFF, ms: DAY_MS },
    { type: "checkout.opened", orderId: "o2", terms: someTerms() },
    { type: "resume.requested" },
    { type: "payment.refunded", chargeId: "c1", access: "policy" },
    { type: "charge.reversed", chargeId: "c1" },
  ])("is deaf to $type", (event) => {
    const subscriber = revoked();
    const before = subscriber.facts;
    subscriber.send(event);
    expect(subscriber.billing).toBe("revoked");
    expect(subscriber.facts).toEqual(before);
    expect(subscriber.effects).toEqual([]);
  });
  it("loses no money: a payment buys no time, opens nothing and becomes a ticket", () => {
    const subscriber = revoked().send(paid("c2"));
    expect(subscriber.billing).toBe("revoked");
    expect(subscriber.access).toBe("closed");
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON + DAY_MS, until: NOON + DAY_MS });
    expect(subscriber.tells).toContainEqual({ to: "ticket/payment:c2", type: "ticket.opened" });
    expect(subscriber.notices).toEqual(["payment.disputed"]);
    subscriber.elapse(DAY_MS).send(paid("c2"));
    expect(subscriber.effects).toHaveLength(1);
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON + DAY_MS, until: NOON + DAY_MS });
  });
  it("stops a renewal that charges all the same", () => {
    const subscriber = revoked().send(subscribed("c2", UNTIL));
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c2", canceled: true });
  });
  it("opens a ticket when the charge that could stop it is unknown", () => {
    const subscriber = revoked().send(renewed("c2", UNTIL));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopFailed");
  });
  it("comes back only by reinstatement, with what is left", () => {
    const back = { type: "access.reinstated", ...STAFF };
    expect(revoked().send(back).billing).toBe("active.term");
    expect(
      revoked()
        .elapse(40 * DAY_MS)
        .send(back).billing,
    ).toBe("expired");
    const life = forLife()
      .send({ type: "access.revoked", ...STAFF })
      .send(back);
    expect(life.billing).toBe("active.lifetime");
    const trial = trialing()
      .send({ type: "access.revoked", ...STAFF })
      .send(back);
    expect(trial.billing).toBe("trialing");
    expect(trial.notices).toEqual(["subscription.reinstated"]);
  });
});

describe("gifts and compensations", () => {
  it.each(every)("paid time granted in %s activates", (state, build) => {
    const subscriber = build().send({ type: "term.granted", ...STAFF, terms: someTerms(), ms: DAY_MS });
    expect(subscriber.billing).toBe(state === "active.lifetime" ? "active.lifetime" : "active.term");
    expect(subscriber.access).toBe("open");
    expect(subscriber.notices).toEqual(["term.extended"]);
  });
  it("for life has no end", () => {
    const subscriber = prepaid().send({ type: "term.granted", ...STAFF, terms: someTerms(), ms: null });
    expect(subscriber.billing).toBe("active.lifetime");
    expect(subscriber.timers).toEqual([]);
  });
  it("more time arms the end anew", () => {
    const subscriber = prepaid()
      .send({ type: "term.extended", ...STAFF, ms: 2 * DAY_MS })
      .elapse(PERIOD_MS);
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.elapse(2 * DAY_MS).state).toContain("pastDue.grace");
  });
  it.each([
    ["renewalSlack", inSlack],
    ["pastDue.grace", inGrace],
    ["pastDue.hold", inHold],
    ["expired", expired],
  ])("more time in %s counts from now", (_, build) => {
    const subscriber = build();
    subscriber.send({ type: "term.extended", ...STAFF, ms: 2 * DAY_MS });
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(subscriber.now + 2 * DAY_MS);
  });
  it("lengthens a trial", () => {
    const subscriber = trialing()
      .send({ type: "term.extended", ...STAFF, ms: 2 * DAY_MS })
      .elapse(4 * DAY_MS);
    expect(subscriber.billing).toBe("trialing");
  });
});
