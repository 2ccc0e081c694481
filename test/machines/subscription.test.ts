import { describe, expect, it } from "vitest";
import { subscriptionDefinition } from "../../machines/subscription/definition.ts";
import { subscriptionMachine } from "../../machines/subscription/machine.ts";
import { waysOut } from "./support/exits.ts";
import {
  autoRenewing,
  every,
  forLife,
  inCheckout,
  inGrace,
  PERIOD_MS,
  paid,
  prepaid,
  renewed,
  revoked,
  type Subscriber,
  subscribed,
  trialing,
} from "./support/subscriber.ts";
import { DAY_MS, NOON } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

describe("every state of billing", () => {
  it.each([...every, ["revoked", revoked] as const])("%s is reached as its builder says", (state, build) => {
    expect(build().billing).toBe(state);
  });
  it.each([...every, ["revoked", revoked] as const])(
    "%s announces access as the one rule of entitlement has it",
    (state, build) => {
      const isOpen = ["trialing", "active.term", "active.lifetime", "renewalSlack", "pastDue.grace"].includes(state);
      expect(build().access).toBe(isOpen ? "open" : "closed");
    },
  );
});

describe("a subscription that comes into being", () => {
  it("tells the customer once", () => {
    const subscriber = inCheckout();
    expect(subscriber.tells).toEqual([{ to: "customer/7", type: "subscription.opened" }]);
    expect(subscriber.send(paid("c1")).tells.map(({ type }) => type)).not.toContain("subscription.opened");
  });
  it("tells the customer of the first charge and of no other", () => {
    const subscriber = prepaid();
    expect(subscriber.tells).toContainEqual({ to: "customer/7", type: "customer.paid" });
    expect(subscriber.send(paid("c2")).tells).not.toContainEqual({ to: "customer/7", type: "customer.paid" });
  });
  it("is found by person, product and orders", () => {
    const lookups = subscriptionDefinition.lookups(autoRenewing().facts as never);
    expect(lookups).toEqual(["telegramId=7", "product=channel", "chatId=-1001", "orderId=o1"]);
  });
});

describe("rule 1: time never makes money", () => {
  it.each([...every, ["revoked", revoked] as const, ["auto-renewing", autoRenewing] as const])(
    "%s: two years of timers prolong nothing and end without access, unless it is for life",
    (state, build) => {
      const subscriber = build();
      const before = subscriber.facts.paidUntil;
      subscriber.elapse(730 * DAY_MS);
      expect(subscriber.facts.paidUntil).toBe(before);
      expect(subscriber.access).toBe(state === "active.lifetime" ? "open" : "closed");
    },
  );
});

describe("rule 2: a charge prolongs from max(now, paidUntil) by the bought term", () => {
  it("from now for somebody without paid time", () => {
    const subscriber = prepaid();
    expect(subscriber.facts.paidUntil).toBe(UNTIL);
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON, until: UNTIL });
  });
  it("from the end of the paid time for somebody who pays early", () => {
    const subscriber = prepaid().elapse(DAY_MS).send(paid("c2"));
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: UNTIL, until: UNTIL + PERIOD_MS });
  });
  it("from now for somebody who pays in grace: the days of grace were given", () => {
    const subscriber = inGrace().elapse(DAY_MS).send(paid("c2"));
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS + PERIOD_MS);
    expect(subscriber.billing).toBe("active.term");
  });
  it("takes the provider's end when it is later", () => {
    const subscriber = autoRenewing()
      .elapse(PERIOD_MS)
      .send(renewed("c2", UNTIL + PERIOD_MS + 5_000));
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS + 5_000);
  });
  it("never takes the provider's end when it is earlier: prepaid days stay with a renewal bought in between", () => {
    const subscriber = prepaid()
      .elapse(20 * DAY_MS)
      .send(subscribed("c2", NOON + 50 * DAY_MS));
    expect(subscriber.facts.paidUntil).toBe(NOON + 60 * DAY_MS);
    expect(subscriber.facts.renewsAt).toBe(NOON + 50 * DAY_MS);
  });
  it("keeps the remaining trial days when a trial is converted in place", () => {
    const subscriber = trialing().elapse(DAY_MS).send(paid("c1"));
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(NOON + 3 * DAY_MS + PERIOD_MS);
  });
  it("adds renewals that arrive together and out of order, each once", () => {
    const subscriber = autoRenewing().sleep(70 * DAY_MS);
    subscriber
      .send(renewed("c3", UNTIL + 2 * PERIOD_MS))
      .send(renewed("c2", UNTIL + PERIOD_MS))
      .send(renewed("c3", UNTIL + 2 * PERIOD_MS));
    expect(subscriber.facts.charges).toBe(3);
    expect(subscriber.facts.paidUntil).toBe(NOON + 70 * DAY_MS + 2 * PERIOD_MS);
  });
  it("has no end when the term is for life, whatever is charged afterwards", () => {
    const subscriber = forLife();
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON, until: null });
    subscriber.send(paid("c2"));
    expect(subscriber.billing).toBe("active.lifetime");
    expect(subscriber.answer).toMatchObject({ until: null });
  });
});

describe("rule 3: the same charge seen twice", () => {
  it.each([
    ["at once", (subscriber: Subscriber) => subscriber],
    ["after another one", (subscriber: Subscriber) => subscriber.send(paid("c2"))],
    ["after everything is over", (subscriber: Subscriber) => subscriber.elapse(90 * DAY_MS)],
  ])("%s is answered again with the same period and changes nothing else", (_, between) => {
    const subscriber = prepaid();
    between(subscriber);
    const before = { facts: subscriber.facts, state: subscriber.state };
    subscriber.send(paid("c1"));
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON, until: UNTIL });
    expect(subscriber.effects).toHaveLength(1);
    expect({ facts: subscriber.facts, state: subscriber.state }).toEqual(before);
  });
});

describe.each(every)("a payment in %s", (state, build) => {
  it("activates, is answered and opens every chat", () => {
    const subscriber = build().send(paid("late", { orderId: "o9" }));
    expect(subscriber.billing).toBe(state === "active.lifetime" ? "active.lifetime" : "active.term");
    expect(subscriber.answer).toMatchObject({ type: "payment.applied" });
    expect(subscriber.announced).toEqual([["invite/7:-1001", true, subscriber.facts.accessVersion]]);
    expect(subscriber.facts).toMatchObject({ lastChargeId: "late", orderId: "o9" });
  });
});

describe("rule 12: every state but lead, expired, refunded, revoked and lifetime has a way out", () => {
  const ways = waysOut(subscriptionMachine, "billing");
  const resting = ["lead", "expired.winningBack", "expired.quiet", "refunded", "revoked", "active.lifetime"];
  it.each(Object.keys(ways).filter((path) => !resting.includes(path)))("%s, by time", (path) => {
    expect(ways[path]?.timed).not.toEqual([]);
  });
  it("and the timed ones are those of the table", () => {
    const timed = Object.fromEntries(
      Object.entries(ways).map(([path, { timed: exits }]) => [path, exits.filter((exit) => exit !== "always")]),
    );
    expect(timed).toMatchObject({
      checkout: ["checkoutEnd"],
      "trialing.quiet": ["trialEnd"],
      "active.term.quiet": ["periodEnd"],
      renewalSlack: ["slackEnd"],
      "pastDue.grace.quiet": ["graceEnd"],
      "pastDue.hold": ["holdEnd"],
      paused: ["pauseEnd"],
      "active.lifetime": [],
      refunded: [],
      revoked: [],
    });
  });
  it("from a revocation only by staff", () => {
    expect(ways.revoked?.explicit).toEqual(["access.reinstated"]);
  });
});
