// Deliveries between two actors have no order: what happens when a later word comes first, and when a wish and a charge cross.
import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  expired,
  inCheckout,
  inHold,
  PERIOD_MS,
  paid,
  prepaid,
  renewed,
  STAFF,
  Subscriber,
  subscribed,
} from "./support/subscriber.ts";
import { DAY_MS, HOUR_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

describe("an outage whose end is heard before its beginning", () => {
  const SINCE = NOON + HOUR_MS;
  const unavailable = { type: "channel.unavailable", chatId: "-1001", since: SINCE };
  const recovered = { type: "channel.recovered", chatId: "-1001", since: SINCE };

  it("does not stop the clock for ever: time makes no money (rule 1)", () => {
    const subscriber = prepaid()
      .elapse(2 * HOUR_MS)
      .send(recovered)
      .send(unavailable);
    expect(subscriber.outcome).toBe("ignored");
    expect(subscriber.facts).toMatchObject({ stoppedFor: [], paidUntil: UNTIL + HOUR_MS });
    expect(subscriber.elapse(2 * PERIOD_MS).billing).toBe("expired");
  });
  it.each([
    ["pastDue.hold", inHold],
    ["expired", expired],
    ["checkout", inCheckout],
  ])("in %s does not stop the clock of what is bought afterwards", (_, build) => {
    const subscriber = build();
    const since = subscriber.now;
    subscriber.elapse(HOUR_MS).send({ ...recovered, since });
    expect(subscriber.send({ ...unavailable, since }).outcome).toBe("ignored");
    subscriber.send(paid("c9"));
    expect(subscriber.facts.stoppedFor).toEqual([]);
    expect(subscriber.elapse(2 * PERIOD_MS).billing).toBe("expired");
  });
  it("stops the clock again by the next outage", () => {
    const subscriber = prepaid()
      .elapse(2 * HOUR_MS)
      .send(recovered)
      .elapse(HOUR_MS)
      .send({ ...unavailable, since: NOON + 3 * HOUR_MS });
    expect(subscriber.facts.stoppedFor).toEqual(["-1001"]);
  });
  it("of one chat says nothing about another", () => {
    const subscriber = prepaid(someTerms({ chats: ["-1001", "-1002"] }))
      .elapse(2 * HOUR_MS)
      .send(recovered)
      .send({ ...unavailable, chatId: "-1002" });
    expect(subscriber.facts.stoppedFor).toEqual(["-1002"]);
  });
});

describe("a renewal switched off at the provider before its purchase was heard of", () => {
  const canceled = { type: "renewal.canceled", orderId: "o1" };

  it("ends at the end of what it bought", () => {
    const subscriber = inCheckout().send(canceled).send(subscribed("c1", UNTIL));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.facts).toMatchObject({ firstChargeId: "c1", renewingOrderId: "o1", paidUntil: UNTIL });
    expect(subscriber.elapse(PERIOD_MS).billing).toBe("expired");
  });
  it("renews when it was switched on again as well", () => {
    const subscriber = inCheckout()
      .send(canceled)
      .send({ type: "renewal.enabled", orderId: "o1" })
      .send(subscribed("c1", UNTIL));
    expect(subscriber.intent).toBe("autoRenew");
  });
  it("replaces the renewal before it, which is stopped", () => {
    const subscriber = autoRenewing()
      .send({ ...canceled, orderId: "o2" })
      .send(subscribed("c2", UNTIL, { orderId: "o2" }));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
    expect(subscriber.facts).toMatchObject({ firstChargeId: "c2", renewingOrderId: "o2" });
  });
  it("of another order says nothing about this one", () => {
    const subscriber = inCheckout()
      .send({ ...canceled, orderId: "o0" })
      .send(subscribed("c1", UNTIL));
    expect(subscriber.intent).toBe("autoRenew");
  });
  it("may be switched on again afterwards, and is switched off again like any", () => {
    const subscriber = inCheckout().send(canceled).send(subscribed("c1", UNTIL));
    subscriber.send({ type: "renewal.enabled", orderId: "o1" });
    expect(subscriber.intent).toBe("autoRenew");
    subscriber.elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.intent).toBe("autoRenew");
    expect(subscriber.send(canceled).intent).toBe("endsAtPeriodEnd.stopped");
  });
});

describe("who was revoked is charged no more", () => {
  const revoke = { type: "access.revoked", ...STAFF };
  const enabled = { type: "renewal.enabled", orderId: "o1" };
  /** Switched off by the customer at the provider, where it can be switched on again without us. */
  const switchedOff = () => autoRenewing().send({ type: "renewal.canceled", orderId: "o1" });

  it("a renewal that the customer switches on again is stopped", () => {
    const subscriber = switchedOff().send(revoke).send(enabled);
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: true });
  });
  it("the customer's wish to have it back is not passed on", () => {
    expect(switchedOff().send(revoke).send({ type: "cancel.undone" }).intent).toBe("endsAtPeriodEnd.stopped");
  });
  it("after a reinstatement it is the customer's own wish again", () => {
    const subscriber = switchedOff()
      .send(revoke)
      .send({ type: "access.reinstated", ...STAFF });
    expect(subscriber.send(enabled).intent).toBe("autoRenew");
  });
});

describe("a renewal that charges although it was replaced by a single term", () => {
  const replaced = () => autoRenewing().send(paid("c2", { orderId: "o2" }));

  it("buys its time, is stopped again, and nothing claims that it renews", () => {
    const subscriber = replaced()
      .elapse(DAY_MS)
      .send(renewed("c3", UNTIL, { orderId: "o1" }));
    expect(subscriber.facts.paidUntil).toBe(NOON + 3 * PERIOD_MS);
    expect(subscriber.intent).toBe("prepaid");
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
  });
  it("is stopped as well when the customer wants to leave, or to pause", () => {
    for (const type of ["cancel.requested", "pause.requested"]) {
      const subscriber = replaced()
        .send({ type })
        .send(renewed("c3", UNTIL, { orderId: "o1" }));
      expect(subscriber.intent).toMatch(/\.stopping$/);
      expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: true });
    }
  });
  it("renews again only by the customer's own switch at the provider", () => {
    expect(replaced().send({ type: "renewal.enabled", orderId: "o1" }).intent).toBe("autoRenew");
  });
  it("is told from one whose first charge is unknown, which renews", () => {
    const subscriber = new Subscriber().send(renewed("c1", UNTIL));
    expect(subscriber.intent).toBe("autoRenew");
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([]);
  });
});

describe("news of the person that were overtaken by later ones", () => {
  const risk = (blocked: boolean, version?: number) => ({
    type: "risk.changed",
    blocked,
    ...(version === undefined ? {} : { version }),
  });

  it("do not block somebody who was cleared", () => {
    const subscriber = prepaid().send(risk(false, 2));
    expect(subscriber.send(risk(true, 1)).outcome).toBe("ignored");
    expect(subscriber.facts.riskBlocked).toBe(false);
    expect(subscriber.access).toBe("open");
    expect(subscriber.send(risk(true, 3)).access).toBe("closed");
  });
  it("do not clear somebody who was blocked again", () => {
    const subscriber = prepaid().send(risk(true, 1)).send(risk(true, 3));
    expect(subscriber.send(risk(false, 2)).outcome).toBe("ignored");
    expect(subscriber.access).toBe("closed");
  });
  it("stop no renewal", () => {
    const subscriber = autoRenewing().send(risk(false, 2)).send(risk(true, 1));
    expect(subscriber.intent).toBe("autoRenew");
  });
  it("do not remind somebody who asked for silence, nor silence who asked for reminders", () => {
    const subscriber = prepaid().send({ type: "reminders.muted", version: 3 });
    expect(subscriber.send({ type: "reminders.unmuted", version: 2 }).facts.remindersMuted).toBe(true);
    subscriber.send({ type: "reminders.unmuted", version: 4 });
    expect(subscriber.send({ type: "reminders.muted", version: 3 }).facts.remindersMuted).toBe(false);
  });
  it("of one kind say nothing about the other", () => {
    const subscriber = prepaid().send({ type: "reminders.muted", version: 4 }).send(risk(true, 3));
    expect(subscriber.facts).toMatchObject({ remindersMuted: true, riskBlocked: true });
  });
  it("are believed without a number, as they were sent before they were counted", () => {
    const subscriber = prepaid().send(risk(true, 7)).send(risk(false));
    expect(subscriber.facts.riskBlocked).toBe(false);
    expect(subscriber.send({ type: "reminders.muted" }).facts.remindersMuted).toBe(true);
  });
});
