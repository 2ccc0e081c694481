import { describe, expect, it } from "vitest";
import { subscriptionDefinition } from "../../machines/subscription/definition.ts";
import { subscriptionMachine } from "../../machines/subscription/machine.ts";
import { waysOut } from "./support/exits.ts";
import {
  autoRenewing,
  expired,
  forLife,
  inCheckout,
  inGrace,
  inHold,
  inSlack,
  lead,
  PERIOD_MS,
  paid,
  paused,
  prepaid,
  refunded,
  renewed,
  revoked,
  STAFF,
  type Subscriber,
  subscribed,
  trialing,
} from "./support/subscriber.ts";
import { aPolicy, DAY_MS, HOUR_MS, MINUTE_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;
const every = [
  ["lead", lead],
  ["checkout", inCheckout],
  ["trialing", trialing],
  ["active.term", prepaid],
  ["active.lifetime", forLife],
  ["renewalSlack", inSlack],
  ["pastDue.grace", inGrace],
  ["pastDue.hold", inHold],
  ["paused", paused],
  ["expired", expired],
  ["refunded", refunded],
] as const satisfies readonly (readonly [string, () => Subscriber])[];

describe("every state of billing", () => {
  it.each([...every, ["revoked", revoked] as const])("%s is reached as its builder says", (state, build) => {
    expect(build().billing).toBe(state);
  });
  it.each([...every, ["revoked", revoked] as const])("%s announces access as the one rule of entitlement has it", (state, build) => {
    const isOpen = ["trialing", "active.term", "active.lifetime", "renewalSlack", "pastDue.grace"].includes(state);
    expect(build().access).toBe(isOpen ? "open" : "closed");
  });
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
    expect(lookups).toEqual(["telegramId=7", "product=channel", "orderId=o1"]);
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
    const subscriber = prepaid().elapse(DAY_MS).send(paid("c2")) as Subscriber;
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: UNTIL, until: UNTIL + PERIOD_MS });
  });
  it("from now for somebody who pays in grace: the days of grace were given", () => {
    const subscriber = inGrace().elapse(DAY_MS).send(paid("c2")) as Subscriber;
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS + PERIOD_MS);
    expect(subscriber.billing).toBe("active.term");
  });
  it("takes the provider's end when it is later", () => {
    const subscriber = autoRenewing().elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS + 5_000)) as Subscriber;
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS + 5_000);
  });
  it("never takes the provider's end when it is earlier: prepaid days stay with a renewal bought in between", () => {
    const subscriber = prepaid().elapse(20 * DAY_MS).send(subscribed("c2", NOON + 50 * DAY_MS)) as Subscriber;
    expect(subscriber.facts.paidUntil).toBe(NOON + 60 * DAY_MS);
    expect(subscriber.facts.renewsAt).toBe(NOON + 50 * DAY_MS);
  });
  it("keeps the remaining trial days when a trial is converted in place", () => {
    const subscriber = trialing().elapse(DAY_MS).send(paid("c1")) as Subscriber;
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(NOON + 3 * DAY_MS + PERIOD_MS);
  });
  it("adds renewals that arrive together and out of order, each once", () => {
    const subscriber = autoRenewing().sleep(70 * DAY_MS) as Subscriber;
    subscriber.send(renewed("c3", UNTIL + 2 * PERIOD_MS)).send(renewed("c2", UNTIL + PERIOD_MS)).send(renewed("c3", UNTIL + 2 * PERIOD_MS));
    expect(subscriber.facts.charges).toBe(3);
    expect(subscriber.facts.paidUntil).toBe(NOON + 70 * DAY_MS + 2 * PERIOD_MS);
  });
  it("has no end when the term is for life, whatever is charged afterwards", () => {
    const subscriber = forLife();
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: NOON, until: null });
    subscriber.send(renewed("c2", UNTIL));
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
    const subscriber = build().send(paid("late", { orderId: "o9" })) as Subscriber;
    expect(subscriber.billing).toBe(state === "active.lifetime" ? "active.lifetime" : "active.term");
    expect(subscriber.answer).toMatchObject({ type: "payment.applied" });
    expect(subscriber.announced).toEqual([["invite/7:-1001", true, subscriber.facts.accessVersion]]);
    expect(subscriber.facts).toMatchObject({ lastChargeId: "late", orderId: "o9" });
  });
});

describe("a checkout", () => {
  it("reminds once, after half its time, within the reminder hours", () => {
    const subscriber = inCheckout().elapse(12 * HOUR_MS) as Subscriber; // midnight
    expect(subscriber.notices).toEqual([]);
    subscriber.elapse(10 * HOUR_MS);
    expect(subscriber.notices).toEqual(["checkout.reminder"]);
  });
  it("goes back to lead when its time is over", () => {
    expect(inCheckout().elapse(DAY_MS).state).toContain("billing.lead");
  });
  it("begins anew with another order", () => {
    const subscriber = inCheckout().elapse(20 * HOUR_MS) as Subscriber;
    subscriber.send({ type: "checkout.opened", orderId: "o2", terms: someTerms() }).elapse(23 * HOUR_MS);
    expect(subscriber.billing).toBe("checkout");
    expect(subscriber.facts.orderId).toBe("o2");
  });
  it("by somebody who has access touches nothing", () => {
    const other = { type: "checkout.opened", orderId: "o2", terms: someTerms({ chats: ["-1002"] }) };
    expect(prepaid().send(other).outcome).toBe("ignored");
  });
});

describe("a trial", () => {
  it("starts at once and ends by time, without a grace", () => {
    const subscriber = trialing();
    expect(subscriber.notices).toEqual(["trial.started"]);
    expect(subscriber.elapse(3 * DAY_MS).notices).toContain("subscription.expired");
    expect(subscriber.billing).toBe("expired");
    expect(subscriber.announced).toEqual([["invite/7:-1001", false, 2]]);
  });
  it("reminds of its end", () => {
    expect(trialing().elapse(2 * DAY_MS).notices).toEqual(["reminder.trialEnding"]);
  });
  it("is not given to somebody who has access", () => {
    expect(prepaid().send({ type: "trial.granted", terms: someTerms() }).outcome).toBe("ignored");
  });
  it("may come after an earlier subscription has ended", () => {
    expect((expired().send({ type: "trial.granted", terms: someTerms() }) as Subscriber).billing).toBe("trialing");
  });
});

describe("the end of the paid time", () => {
  it("is a grace of three days for who paid in advance", () => {
    const subscriber = inGrace();
    expect(subscriber.notices).toEqual(["grace.started"]);
    expect(subscriber.facts.deadline).toBe(UNTIL + 3 * DAY_MS);
    expect(subscriber.elapse(3 * DAY_MS - 1).state).toContain("pastDue.grace");
    expect(subscriber.elapse(1).state).toContain("pastDue.hold");
    expect(subscriber.notices).toEqual(["hold.started"]);
  });
  it("is a silent day and a grace of seven for who renews", () => {
    const subscriber = inSlack();
    expect(subscriber.effects).toEqual([]);
    subscriber.elapse(DAY_MS);
    expect(subscriber.notices).toEqual(["grace.started"]);
    expect(subscriber.facts.deadline).toBe(UNTIL + 8 * DAY_MS);
  });
  it("goes over without a word when the renewal is only reported late", () => {
    const subscriber = inSlack().elapse(20 * HOUR_MS).send(renewed("c2", UNTIL + PERIOD_MS)) as Subscriber;
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.notices).toEqual([]);
  });
  it("removes access in hold and gives up after its time", () => {
    const subscriber = inGrace().elapse(3 * DAY_MS) as Subscriber;
    expect(subscriber.announced).toEqual([["invite/7:-1001", false, 2]]);
    subscriber.elapse(23 * DAY_MS);
    expect(subscriber.billing).toBe("expired");
    expect(subscriber.notices).toEqual(["subscription.expired"]);
  });
  it("is followed by two invitations to come back, then by silence", () => {
    const subscriber = expired();
    expect(subscriber.elapse(7 * DAY_MS).notices).toEqual(["winBack"]);
    expect(subscriber.elapse(23 * DAY_MS).notices).toEqual(["winBack"]);
    expect(subscriber.timers).toEqual([]);
  });
  it("skips slack, grace and hold of no length at once", () => {
    const policy = aPolicy({ graceMs: { prepaid: 0, autoRenew: 0 }, holdMs: 0, renewalSlackMs: 0 });
    const subscriber = prepaid(someTerms({ policy })).elapse(PERIOD_MS) as Subscriber;
    expect(subscriber.billing).toBe("expired");
  });
});

describe("the grace ladder", () => {
  it("speaks at once, then daily and at most three times", () => {
    const subscriber = inSlack().elapse(DAY_MS) as Subscriber;
    const told: string[] = [];
    for (let day = 0; day < 6; day += 1) told.push(...(subscriber.elapse(DAY_MS).timers.length > 0 ? [`${subscriber.facts.remindersSent}`] : []));
    expect(told).toEqual(["1", "2", "3", "3", "3", "3"]);
  });
});

describe("a service that was down", () => {
  it("adds no access: what should have ended has ended, and nobody is promised days that are gone", () => {
    const subscriber = prepaid().sleep(PERIOD_MS + 5 * DAY_MS) as Subscriber;
    expect(subscriber.billing).toBe("pastDue.hold");
    expect(subscriber.notices).toEqual(["hold.started"]);
  });
  it("does not eat the time to come back: hold begins when the customer hears of it", () => {
    const subscriber = prepaid().sleep(PERIOD_MS + 25 * DAY_MS) as Subscriber;
    expect(subscriber.billing).toBe("pastDue.hold");
    expect(subscriber.facts.deadline).toBe(NOON + PERIOD_MS + 25 * DAY_MS + 23 * DAY_MS);
  });
  it("reminds late while that still helps, once instead of twice", () => {
    const subscriber = prepaid().sleep(PERIOD_MS - 12 * HOUR_MS) as Subscriber;
    expect(subscriber.notices).toEqual(["reminder.ending"]);
    expect(subscriber.facts.remindersSent).toBe(1);
  });
  it("does not lose a reminder to an event that overtakes it", () => {
    const subscriber = prepaid().oversleep(PERIOD_MS - 12 * HOUR_MS).send({ type: "risk.changed", blocked: false }) as Subscriber;
    expect(subscriber.elapse(0).notices).toEqual(["reminder.ending"]);
  });
});

describe("reminders before the end", () => {
  const noticesOver = (subscriber: Subscriber, ms: number) => {
    const heard: (readonly [string, number])[] = [];
    for (let hour = 0; hour < ms / HOUR_MS; hour += 1) {
      const before = subscriber.facts.remindersSent;
      subscriber.elapse(HOUR_MS);
      if (subscriber.facts.remindersSent > before) heard.push([subscriber.notices[0] as string, (UNTIL - subscriber.now) / HOUR_MS]);
    }
    return heard;
  };
  it("come three days and one day before", () => {
    expect(noticesOver(prepaid(), PERIOD_MS - 1)).toEqual([
      ["reminder.ending", 72],
      ["reminder.ending", 24],
    ]);
  });
  it("speak of the next charge to who renews", () => {
    expect(noticesOver(autoRenewing(), PERIOD_MS - 1).map(([notice]) => notice)).toEqual(["reminder.renewing", "reminder.renewing"]);
  });
  it("name the provider's date, not the later end of time that was left over", () => {
    const subscriber = prepaid().elapse(20 * DAY_MS).send(subscribed("c2", NOON + 50 * DAY_MS)).elapse(27 * DAY_MS) as Subscriber;
    expect(subscriber.effectsOf("notifyCustomer")[0]?.params).toMatchObject({ until: NOON + 50 * DAY_MS, days: 3 });
  });
  it("wait for the reminder hours", () => {
    const policy = aPolicy({ remindersMs: [3 * DAY_MS + 6 * HOUR_MS] }); // 6 in the morning
    expect(noticesOver(prepaid(someTerms({ policy })), PERIOD_MS - 1)).toEqual([["reminder.ending", 74]]);
  });
  it("do not wait when the lead is shorter than twelve hours", () => {
    const policy = aPolicy({ remindersMs: [9 * HOUR_MS] }); // 3 in the morning
    expect(noticesOver(prepaid(someTerms({ policy })), PERIOD_MS - 1)).toEqual([["reminder.ending", 9]]);
  });
  it("are left out when the hours begin only after the end", () => {
    const policy = aPolicy({ remindersMs: [14 * HOUR_MS], reminderHours: { from: 13, to: 20, utcOffsetMinutes: 180 } });
    expect(noticesOver(prepaid(someTerms({ policy })), PERIOD_MS - 1)).toEqual([]);
  });
  it("that lie before the purchase are left out", () => {
    const short = someTerms({ periodMs: 2 * DAY_MS });
    expect(prepaid(short).facts.nextReminderAt).toBe(NOON + DAY_MS);
  });
  it("are silent while muted", () => {
    const subscriber = prepaid().send({ type: "reminders.muted" }) as Subscriber;
    expect(noticesOver(subscriber, PERIOD_MS - 1)).toEqual([]);
    expect(subscriber.send({ type: "reminders.muted" }).outcome).toBe("ignored");
  });
  it("are unmuted for what is still to come", () => {
    const subscriber = prepaid().send({ type: "reminders.muted" }).elapse(28 * DAY_MS).send({ type: "reminders.unmuted" }) as Subscriber;
    expect(noticesOver(subscriber, 2 * DAY_MS - 1)).toEqual([["reminder.ending", 24]]);
  });
});

describe("rule 14: a renewal cancels the reminders by leaving the state", () => {
  it("so that the old period is not spoken of any more", () => {
    const subscriber = prepaid().elapse(26 * DAY_MS).send(paid("c2")) as Subscriber;
    expect(subscriber.facts.nextReminderAt).toBe(UNTIL + PERIOD_MS - 3 * DAY_MS);
    expect(subscriber.elapse(3 * DAY_MS).facts.remindersSent).toBe(0);
  });
  it.each(every)("and a revocation in %s leaves no timer at all", (_, build) => {
    expect(build().send({ type: "access.revoked", ...STAFF }).timers).toEqual([]);
  });
});

describe("rule 6: cancel keeps access until paidUntil and can be undone until then", () => {
  it("stops the renewal at the provider by its first charge", () => {
    const subscriber = autoRenewing().send(renewed("c2", UNTIL + PERIOD_MS)).send({ type: "cancel.requested" }) as Subscriber;
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c1", canceled: true });
    expect(subscriber.finish("stopRenewal", { result: "done" }).state).toContain("intent.endsAtPeriodEnd.stopped");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS);
    expect(subscriber.access).toBe("open");
  });
  it("ends access at paidUntil at once, without a grace", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).finish("stopRenewal", { result: "done" }) as Subscriber;
    expect(subscriber.elapse(PERIOD_MS - 1).state).toContain("active.term");
    expect(subscriber.elapse(1).state).toContain("billing.expired");
  });
  it("only notes the wish of who paid in advance, and forgets it when undone", () => {
    const subscriber = prepaid().send({ type: "cancel.requested" }) as Subscriber;
    expect(subscriber.intent).toBe("endsAtPeriodEnd.noted");
    expect(subscriber.running).toEqual([]);
    expect((subscriber.send({ type: "cancel.undone" }) as Subscriber).intent).toBe("prepaid");
    expect(subscriber.elapse(PERIOD_MS).state).toContain("pastDue.grace");
  });
  it("undone, allows the renewal again and waits for the customer to switch it on", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).finish("stopRenewal", { result: "done" }) as Subscriber;
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
  it("stops a renewal that still may come in grace or hold", () => {
    const subscriber = inSlack().elapse(10 * DAY_MS).send({ type: "cancel.requested" }) as Subscriber;
    expect(subscriber.running).toEqual(["stopRenewal"]);
  });
  it("opens a ticket when the provider cannot be told, and says so in the state", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).fail("stopRenewal") as Subscriber;
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopFailed");
    expect(subscriber.tells).toEqual([{ to: "ticket/renewalStopFailed:7:channel", type: "ticket.opened" }]);
    expect((subscriber.send({ type: "cancel.undone" }) as Subscriber).intent).toBe("autoRenew");
  });
  it("tries again to stop a renewal that charged although the stop failed", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).fail("stopRenewal").elapse(PERIOD_MS) as Subscriber;
    subscriber.send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.billing).toBe("active.term");
  });
  it("stays the wish when a renewal was charged in the same moment, and the money counts", () => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).send(renewed("c2", UNTIL + PERIOD_MS)) as Subscriber;
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS);
  });
});

describe("a renewal at the provider", () => {
  it("switched off there ends the subscription at its end, with a word that names the date", () => {
    const subscriber = autoRenewing().send({ type: "renewal.canceled", orderId: "o1" }) as Subscriber;
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([{ notice: "renewal.canceled", params: { until: UNTIL } }]);
  });
  it("that failed keeps access until the grace comes by time", () => {
    const subscriber = autoRenewing().elapse(PERIOD_MS).send({ type: "renewal.failed", orderId: "o1" }) as Subscriber;
    expect(subscriber.notices).toEqual(["renewal.failed"]);
    expect(subscriber.access).toBe("open");
    expect(subscriber.billing).toBe("renewalSlack");
  });
  it.each(["renewal.canceled", "renewal.failed"])("of an order that was replaced says nothing about the present one (%s)", (type) => {
    const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2" })) as Subscriber;
    expect(subscriber.send({ type, orderId: "o1" }).outcome).toBe("ignored");
  });
  it("is stopped when another one replaces it", () => {
    const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2" })) as Subscriber;
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
    expect(subscriber.facts).toMatchObject({ firstChargeId: "c2", renewingOrderId: "o2" });
    expect(subscriber.intent).toBe("autoRenew");
  });
  it("is stopped when a single term replaces it", () => {
    const subscriber = autoRenewing().send(paid("c2", { orderId: "o2" })) as Subscriber;
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([{ kind: "stopOldRenewal", userId: 7, chargeId: "c1" }]);
    expect(subscriber.intent).toBe("prepaid");
  });
  it("is not stopped by its own charges", () => {
    const subscriber = autoRenewing().send(renewed("c2", UNTIL + PERIOD_MS)) as Subscriber;
    expect(subscriber.effectsOf("stopOldRenewal")).toEqual([]);
  });
  it("that was replaced still buys its time when it charges once more, but brings the old plan not back", () => {
    const premium = someTerms({ planCode: "premium", recurring: true, chats: ["-1001", "-1002"] });
    const subscriber = autoRenewing().send(subscribed("c2", UNTIL, { orderId: "o2", terms: premium })) as Subscriber;
    const before = subscriber.facts.paidUntil as number;
    subscriber.send(renewed("c3", UNTIL, { orderId: "o1" }));
    expect(subscriber.facts.paidUntil).toBe(before + PERIOD_MS);
    expect(subscriber.facts.terms?.planCode).toBe("premium");
  });
});

describe("a pause", () => {
  it("starts at the end of the paid time and stops the renewal", () => {
    const subscriber = autoRenewing().send({ type: "pause.requested" }) as Subscriber;
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
    const subscriber = paused().elapse(DAY_MS).send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS }) as Subscriber;
    expect(subscriber.billing).toBe("paused");
    expect(subscriber.facts.creditMs).toBe(5 * DAY_MS);
    subscriber.elapse(DAY_MS).send({ type: "resume.requested" });
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + 7 * DAY_MS, creditMs: 0 });
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.notices).toEqual(["subscription.resumed"]);
  });
  it("stays when there is no credit to resume with", () => {
    expect((paused().send({ type: "resume.requested" }) as Subscriber).billing).toBe("paused");
  });
  it("adds its credit to the next payment", () => {
    const subscriber = paused().send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS }).send(paid("c2")) as Subscriber;
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + PERIOD_MS + 5 * DAY_MS, creditMs: 0 });
  });
  it("keeps its credit beyond the pause", () => {
    const subscriber = paused().send({ type: "term.extended", ...STAFF, ms: 5 * DAY_MS }).elapse(100 * DAY_MS) as Subscriber;
    expect(subscriber.billing).toBe("expired");
    expect((subscriber.send({ type: "resume.requested" }) as Subscriber).billing).toBe("active.term");
  });
  it("can be taken back and turned into leaving before it starts", () => {
    const wish = () => prepaid().send({ type: "pause.requested" }) as Subscriber;
    expect((wish().send({ type: "cancel.undone" }) as Subscriber).intent).toBe("prepaid");
    expect((wish().send({ type: "cancel.requested" }) as Subscriber).intent).toBe("endsAtPeriodEnd.noted");
  });
});

describe("rule 7: refund and revocation are two decisions", () => {
  const refund = (subscriber: Subscriber, chargeId: string, access = "policy") =>
    subscriber.send({ type: "payment.refunded", chargeId, access }) as Subscriber;
  it("a refund of the current period ends access now", () => {
    const subscriber = refund(prepaid().elapse(DAY_MS) as Subscriber, "c1");
    expect(subscriber.billing).toBe("refunded");
    expect(subscriber.announced).toEqual([["invite/7:-1001", false, 2]]);
    expect(subscriber.facts.paidUntil).toBe(NOON + DAY_MS);
  });
  it("a refund of an older period changes nothing", () => {
    const subscriber = prepaid().elapse(PERIOD_MS).send(paid("c2")).elapse(DAY_MS) as Subscriber;
    expect(refund(subscriber, "c1").outcome).toBe("ignored");
  });
  it("a refund of a period bought in advance takes back that period only", () => {
    const subscriber = prepaid().send(paid("c2")) as Subscriber;
    expect(refund(subscriber, "c2").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(UNTIL);
    expect(subscriber.elapse(PERIOD_MS).state).toContain("pastDue.grace");
  });
  it("a refund of the current period leaves what another charge has paid", () => {
    const subscriber = prepaid().send(paid("c2")).elapse(10 * DAY_MS) as Subscriber;
    expect(refund(subscriber, "c1").billing).toBe("active.term");
    expect(subscriber.facts.paidUntil).toBe(NOON + 10 * DAY_MS + PERIOD_MS);
    expect(refund(subscriber, "c2").billing).toBe("refunded");
  });
  it("a refund of a purchase for life ends it, or leaves the time that was bought otherwise", () => {
    expect(refund(forLife(), "c1").billing).toBe("refunded");
    const both = prepaid().send(paid("c2", { terms: someTerms({ periodMs: null }) })) as Subscriber;
    expect(refund(both, "c2").billing).toBe("active.term");
    expect(both.facts.paidUntil).toBe(UNTIL);
  });
  it("staff may keep access or end it", () => {
    expect(refund(prepaid(), "c1", "keep").billing).toBe("active.term");
    const older = prepaid().elapse(PERIOD_MS).send(paid("c2")) as Subscriber;
    expect(refund(older, "c1", "revoke").billing).toBe("refunded");
  });
  it("a refund that ends access stops the renewal as well", () => {
    const subscriber = refund(autoRenewing().elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS)) as Subscriber, "c2");
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
  ])("a chargeback in %s ends access whatever it paid", (_, build) => {
    const subscriber = build().send({ type: "charge.reversed", chargeId: "c1" }) as Subscriber;
    expect(subscriber.billing).toBe("refunded");
    expect(subscriber.access).toBe("closed");
  });
});

describe("a revoked access", () => {
  it("is told with its reason and stops the renewal", () => {
    const subscriber = autoRenewing().send({ type: "access.revoked", ...STAFF }) as Subscriber;
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
    const subscriber = revoked().send(paid("c2")) as Subscriber;
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
    const subscriber = revoked().send(subscribed("c2", UNTIL)) as Subscriber;
    expect(subscriber.started("editStarSubscription")).toEqual({ userId: 7, chargeId: "c2", canceled: true });
  });
  it("opens a ticket when the charge that could stop it is unknown", () => {
    const subscriber = revoked().send(renewed("c2", UNTIL)) as Subscriber;
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopFailed");
  });
  it("comes back only by reinstatement, with what is left", () => {
    const back = { type: "access.reinstated", ...STAFF };
    expect((revoked().send(back) as Subscriber).billing).toBe("active.term");
    expect((revoked().elapse(40 * DAY_MS).send(back) as Subscriber).billing).toBe("expired");
    const life = forLife().send({ type: "access.revoked", ...STAFF }).send(back) as Subscriber;
    expect(life.billing).toBe("active.lifetime");
    const trial = trialing().send({ type: "access.revoked", ...STAFF }).send(back) as Subscriber;
    expect(trial.billing).toBe("trialing");
    expect(trial.notices).toEqual(["subscription.reinstated"]);
  });
});

describe("gifts and compensations", () => {
  it.each(every)("paid time granted in %s activates", (state, build) => {
    const subscriber = build().send({ type: "term.granted", ...STAFF, terms: someTerms(), ms: DAY_MS }) as Subscriber;
    expect(subscriber.billing).toBe(state === "active.lifetime" ? "active.lifetime" : "active.term");
    expect(subscriber.access).toBe("open");
    expect(subscriber.notices).toEqual(["term.extended"]);
  });
  it("for life has no end", () => {
    const subscriber = prepaid().send({ type: "term.granted", ...STAFF, terms: someTerms(), ms: null }) as Subscriber;
    expect(subscriber.billing).toBe("active.lifetime");
    expect(subscriber.timers).toEqual([]);
  });
  it("more time arms the end anew", () => {
    const subscriber = prepaid().send({ type: "term.extended", ...STAFF, ms: 2 * DAY_MS }).elapse(PERIOD_MS) as Subscriber;
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
    const subscriber = trialing().send({ type: "term.extended", ...STAFF, ms: 2 * DAY_MS }).elapse(4 * DAY_MS) as Subscriber;
    expect(subscriber.billing).toBe("trialing");
  });
});

describe("access", () => {
  it("is announced to every chat of the terms with what an invite needs", () => {
    const subscriber = prepaid(someTerms({ chats: ["-1001", "-1002"] }));
    const announcements = subscriber.effectsOf("tell").filter(({ event }) => event.type === "entitlement.changed");
    expect(announcements.map(({ to }) => to)).toEqual(["invite/7:-1001", "invite/7:-1002"]);
    expect(announcements[0]?.event).toEqual({
      type: "entitlement.changed",
      source: "7:channel",
      entitled: true,
      version: subscriber.facts.accessVersion,
      access: "joinRequest",
      inviteTtlMs: DAY_MS,
      invitesPerDay: 5,
    });
  });
  it("leaves the chats that new terms no longer contain", () => {
    const subscriber = prepaid(someTerms({ chats: ["-1001", "-1002"] }));
    subscriber.send(paid("c2", { terms: someTerms({ chats: ["-1002", "-1003"] }) }));
    const versions = subscriber.announced.map(([, , version]) => version);
    expect(subscriber.announced.map(([to, entitled]) => [to, entitled])).toEqual([
      ["invite/7:-1001", false],
      ["invite/7:-1002", true],
      ["invite/7:-1003", true],
    ]);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });
  it("is announced with rising versions only", () => {
    const subscriber = prepaid();
    const versions = [subscriber.facts.accessVersion];
    for (const event of [paid("c2"), { type: "risk.changed", blocked: true }, { type: "risk.changed", blocked: false }]) {
      subscriber.send(event);
      expect(subscriber.announced).toHaveLength(1);
      versions.push(subscriber.facts.accessVersion);
    }
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });
  it("is closed by a risk, whatever is paid, and opened again when it is lifted", () => {
    const subscriber = prepaid().send({ type: "risk.changed", blocked: true }) as Subscriber;
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([false]);
    expect(subscriber.send({ type: "risk.changed", blocked: true }).outcome).toBe("ignored");
    expect((subscriber.send(paid("c2")) as Subscriber).announced).toEqual([]);
    subscriber.send({ type: "risk.changed", blocked: false });
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([true]);
  });
});

describe("rule 13: an override by staff", () => {
  const until = (ms: number) => ({ type: "override.set", ...STAFF, until: NOON + PERIOD_MS + 26 * DAY_MS + ms });
  it("opens access regardless of billing, until its end", () => {
    const subscriber = expired().send(until(DAY_MS)) as Subscriber;
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([true]);
    expect(subscriber.billing).toBe("expired");
    subscriber.elapse(DAY_MS);
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([false]);
    expect(subscriber.facts.overrideUntil).toBeNull();
  });
  it("is prolonged, shortened and ended by the next one", () => {
    const subscriber = expired().send(until(DAY_MS)).send(until(3 * DAY_MS)).elapse(2 * DAY_MS) as Subscriber;
    expect(subscriber.access).toBe("open");
    subscriber.send({ type: "override.set", ...STAFF, until: null });
    expect(subscriber.access).toBe("closed");
  });
  it("does not open for a blocked person", () => {
    const subscriber = expired().send({ type: "risk.changed", blocked: true }).send(until(DAY_MS)) as Subscriber;
    expect(subscriber.access).toBe("closed");
  });
  it("that lies in the past changes nothing", () => {
    expect(expired().send(until(-1)).outcome).toBe("ignored");
  });
  it("ends while the paid time goes on, without closing anything", () => {
    const subscriber = prepaid().send({ type: "override.set", ...STAFF, until: NOON + DAY_MS }).elapse(2 * DAY_MS) as Subscriber;
    expect(subscriber.access).toBe("open");
    expect(subscriber.facts.accessVersion).toBe(2);
  });
});

describe("an outage of a channel", () => {
  const stopped = (subscriber: Subscriber, chatId = "-1001") =>
    subscriber.send({ type: "channel.unavailable", chatId, since: subscriber.now }) as Subscriber;
  const back = (subscriber: Subscriber, since: number, chatId = "-1001") =>
    subscriber.send({ type: "channel.recovered", chatId, since }) as Subscriber;

  it("is given back in full when it began and ended within the paid time", () => {
    const subscriber = prepaid().elapse(5 * DAY_MS) as Subscriber;
    const since = subscriber.now;
    back(stopped(subscriber).elapse(2 * DAY_MS) as Subscriber, since);
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + 2 * DAY_MS, stoppedFor: [], stoppedSince: null });
    expect(subscriber.elapse(25 * DAY_MS - 1).state).toContain("active.term");
    expect(subscriber.elapse(1).state).toContain("pastDue.grace");
  });
  it("takes no access away while it lasts, and reminds of no end that will move", () => {
    const subscriber = stopped(prepaid().elapse(25 * DAY_MS) as Subscriber).elapse(20 * DAY_MS) as Subscriber;
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.remindersSent).toBe(0);
    back(subscriber, NOON + 25 * DAY_MS);
    expect(subscriber.facts.paidUntil).toBe(NOON + 50 * DAY_MS);
    expect(subscriber.elapse(2 * DAY_MS).facts.remindersSent).toBe(1);
  });
  it("is given back once, however often it is reported", () => {
    const subscriber = stopped(prepaid());
    expect(stopped(subscriber).outcome).toBe("ignored");
    back(subscriber.elapse(DAY_MS) as Subscriber, NOON);
    expect(back(subscriber, NOON).outcome).toBe("ignored");
    expect(back(subscriber.elapse(DAY_MS) as Subscriber, NOON).outcome).toBe("ignored");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS);
  });
  it("of two chats counts once, until the last is back", () => {
    const subscriber = prepaid(someTerms({ chats: ["-1001", "-1002"] }));
    stopped(subscriber);
    stopped(subscriber.elapse(DAY_MS) as Subscriber, "-1002");
    back(subscriber.elapse(DAY_MS) as Subscriber, NOON);
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL, stoppedFor: ["-1002"] });
    back(subscriber.elapse(DAY_MS) as Subscriber, NOON + DAY_MS, "-1002");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + 3 * DAY_MS);
  });
  it("of another chat concerns nobody here", () => {
    expect(stopped(prepaid(), "-1009").outcome).toBe("ignored");
  });
  it("that began before the purchase is given back from the purchase on", () => {
    const subscriber = prepaid().elapse(DAY_MS) as Subscriber;
    back(subscriber, NOON - 5 * DAY_MS);
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS);
    expect(back(subscriber, NOON - 5 * DAY_MS).outcome).toBe("ignored");
  });
  it("does not cost the days that were left when somebody pays in the middle of it", () => {
    const subscriber = stopped(prepaid().elapse(28 * DAY_MS) as Subscriber).elapse(5 * DAY_MS).send(paid("c2")) as Subscriber;
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: UNTIL, until: UNTIL + PERIOD_MS });
    back(subscriber.elapse(DAY_MS) as Subscriber, NOON + 28 * DAY_MS);
    // Two days left and thirty bought, from the recovery on day 34.
    expect(subscriber.facts.paidUntil).toBe(NOON + 34 * DAY_MS + 32 * DAY_MS);
  });
  it("moves the periods as well, so that a refund afterwards takes back the right time", () => {
    const subscriber = stopped(prepaid()).elapse(2 * DAY_MS) as Subscriber;
    back(subscriber, NOON).elapse(PERIOD_MS - HOUR_MS);
    subscriber.send({ type: "payment.refunded", chargeId: "c1", access: "policy" });
    expect(subscriber.billing).toBe("refunded");
  });
  it.each([
    ["trialing", trialing, 3 * DAY_MS],
    ["renewalSlack", inSlack, DAY_MS],
    ["pastDue.grace", inGrace, 3 * DAY_MS],
  ])("stops the clock of %s and gives it back", (state, build, lengthMs) => {
    const subscriber = build();
    const since = subscriber.now;
    stopped(subscriber).elapse(10 * DAY_MS);
    expect(subscriber.billing).toBe(state);
    back(subscriber, since);
    expect(subscriber.elapse(lengthMs - MINUTE_MS).state).toContain(`billing.${state}`);
    expect((subscriber.elapse(MINUTE_MS) as Subscriber).billing).not.toBe(state);
  });
  it.each([
    ["pastDue.hold", inHold],
    ["paused", paused],
    ["expired", expired],
    ["active.lifetime", forLife],
  ])("gives nothing back in %s", (state, build) => {
    const subscriber = build();
    const { paidUntil, deadline } = subscriber.facts;
    const since = subscriber.now;
    stopped(subscriber).elapse(DAY_MS);
    back(subscriber, since);
    expect(subscriber.billing).toBe(state);
    expect(subscriber.facts).toMatchObject({ paidUntil, deadline, stoppedFor: [], stoppedSince: null });
  });
  it("of a chat that new terms no longer contain does not stop the clock for ever", () => {
    const subscriber = stopped(prepaid()).elapse(2 * DAY_MS).send(paid("c2", { terms: someTerms({ chats: ["-1002"] }) })) as Subscriber;
    expect(subscriber.facts).toMatchObject({ stoppedFor: [], stoppedSince: null, paidUntil: UNTIL + PERIOD_MS + 2 * DAY_MS });
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
    expect(ways["revoked"]?.explicit).toEqual(["access.reinstated"]);
  });
});
