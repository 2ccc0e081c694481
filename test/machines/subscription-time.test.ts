import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  every,
  expired,
  inCheckout,
  inGrace,
  inSlack,
  PERIOD_MS,
  paid,
  prepaid,
  renewed,
  STAFF,
  type Subscriber,
  subscribed,
  trialing,
} from "./support/subscriber.ts";
import { aPolicy, DAY_MS, HOUR_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

describe("a checkout", () => {
  it("reminds once, after half its time, within the reminder hours", () => {
    const subscriber = inCheckout().elapse(12 * HOUR_MS); // midnight
    expect(subscriber.notices).toEqual([]);
    subscriber.elapse(10 * HOUR_MS);
    expect(subscriber.notices).toEqual(["checkout.reminder"]);
  });
  it("goes back to lead when its time is over", () => {
    expect(inCheckout().elapse(DAY_MS).state).toContain("billing.lead");
  });
  it("begins anew with another order", () => {
    const subscriber = inCheckout().elapse(20 * HOUR_MS);
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
    expect(subscriber.announced.map(([to, entitled]) => [to, entitled])).toEqual([["invite/7:-1001", false]]);
  });
  it("reminds of its end", () => {
    expect(trialing().elapse(2 * DAY_MS).notices).toEqual(["reminder.trialEnding"]);
  });
  it("is not given to somebody who has access", () => {
    expect(prepaid().send({ type: "trial.granted", terms: someTerms() }).outcome).toBe("ignored");
  });
  it("may come after an earlier subscription has ended", () => {
    expect(expired().send({ type: "trial.granted", terms: someTerms() }).billing).toBe("trialing");
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
    const subscriber = inSlack()
      .elapse(20 * HOUR_MS)
      .send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.notices).toEqual([]);
  });
  it("removes access in hold and gives up after its time", () => {
    const subscriber = inGrace().elapse(3 * DAY_MS);
    expect(subscriber.announced.map(([to, entitled]) => [to, entitled])).toEqual([["invite/7:-1001", false]]);
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
    const subscriber = prepaid(someTerms({ policy })).elapse(PERIOD_MS);
    expect(subscriber.billing).toBe("expired");
  });
});

describe("the grace ladder", () => {
  it("speaks at once, then daily and at most three times", () => {
    const subscriber = inSlack().elapse(DAY_MS);
    const told: string[] = [];
    for (let day = 0; day < 6; day += 1)
      told.push(...(subscriber.elapse(DAY_MS).timers.length > 0 ? [`${subscriber.facts.remindersSent}`] : []));
    expect(told).toEqual(["1", "2", "3", "3", "3", "3"]);
  });
});

describe("a service that was down", () => {
  it("adds no access: what should have ended has ended, and nobody is promised days that are gone", () => {
    const subscriber = prepaid().sleep(PERIOD_MS + 5 * DAY_MS);
    expect(subscriber.billing).toBe("pastDue.hold");
    expect(subscriber.notices).toEqual(["hold.started"]);
  });
  it("does not eat the time to come back: hold begins when the customer hears of it", () => {
    const subscriber = prepaid().sleep(PERIOD_MS + 25 * DAY_MS);
    expect(subscriber.billing).toBe("pastDue.hold");
    expect(subscriber.facts.deadline).toBe(NOON + PERIOD_MS + 25 * DAY_MS + 23 * DAY_MS);
  });
  it("reminds late while that still helps, once instead of twice", () => {
    const subscriber = prepaid().sleep(PERIOD_MS - 12 * HOUR_MS);
    expect(subscriber.notices).toEqual(["reminder.ending"]);
    expect(subscriber.facts.remindersSent).toBe(1);
  });
  it("does not lose a reminder to an event that overtakes it", () => {
    const subscriber = prepaid()
      .oversleep(PERIOD_MS - 12 * HOUR_MS)
      .send({ type: "risk.changed", blocked: false });
    expect(subscriber.elapse(0).notices).toEqual(["reminder.ending"]);
  });
});

describe("reminders before the end", () => {
  const noticesOver = (subscriber: Subscriber, ms: number) => {
    const heard: (readonly [string, number])[] = [];
    for (let hour = 0; hour < ms / HOUR_MS; hour += 1) {
      const before = subscriber.facts.remindersSent;
      subscriber.elapse(HOUR_MS);
      if (subscriber.facts.remindersSent > before)
        heard.push([subscriber.notices[0] as string, (UNTIL - subscriber.now) / HOUR_MS]);
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
    expect(noticesOver(autoRenewing(), PERIOD_MS - 1).map(([notice]) => notice)).toEqual([
      "reminder.renewing",
      "reminder.renewing",
    ]);
  });
  it("name the provider's date, not the later end of time that was left over", () => {
    const subscriber = prepaid()
      .elapse(20 * DAY_MS)
      .send(subscribed("c2", NOON + 50 * DAY_MS))
      .elapse(27 * DAY_MS);
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
    expect(prepaid(someTerms({ policy })).facts.nextReminderAt).toBeNull();
  });
  it("that lie before the purchase are left out", () => {
    const short = someTerms({ periodMs: 2 * DAY_MS });
    expect(prepaid(short).facts.nextReminderAt).toBe(NOON + DAY_MS);
  });
  it("are silent while muted", () => {
    const subscriber = prepaid().send({ type: "reminders.muted" });
    expect(noticesOver(subscriber, PERIOD_MS - 1)).toEqual([]);
    expect(subscriber.send({ type: "reminders.muted" }).outcome).toBe("ignored");
  });
  it("are unmuted for what is still to come", () => {
    const subscriber = prepaid()
      .send({ type: "reminders.muted" })
      .elapse(28 * DAY_MS)
      .send({ type: "reminders.unmuted" });
    expect(noticesOver(subscriber, 2 * DAY_MS - 1)).toEqual([["reminder.ending", 24]]);
  });
});

describe("rule 14: a renewal cancels the reminders by leaving the state", () => {
  it("so that the old period is not spoken of any more", () => {
    const subscriber = prepaid()
      .elapse(26 * DAY_MS)
      .send(paid("c2"));
    expect(subscriber.facts.nextReminderAt).toBe(UNTIL + PERIOD_MS - 3 * DAY_MS);
    expect(subscriber.elapse(3 * DAY_MS).facts.remindersSent).toBe(0);
  });
  it.each(every)("and a revocation in %s leaves no timer at all", (_, build) => {
    expect(build().send({ type: "access.revoked", ...STAFF }).timers).toEqual([]);
  });
});
