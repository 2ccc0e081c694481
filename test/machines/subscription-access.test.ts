import { describe, expect, it } from "vitest";
import {
  expired,
  forLife,
  inGrace,
  inHold,
  inSlack,
  PERIOD_MS,
  paid,
  paused,
  prepaid,
  STAFF,
  type Subscriber,
  trialing,
} from "./support/subscriber.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;

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
  it("promises a working product from the payment on, however late it was heard of", () => {
    const connect = { readyMs: HOUR_MS, refreshMs: null, sheets: 1 };
    const late = prepaid(someTerms({ connect })).elapse(40 * DAY_MS);
    late.send(paid("c2", { terms: someTerms({ connect }), paidAt: late.now - 2 * MINUTE_MS }));
    const promises = late.effectsOf("tell").filter(({ event }) => event.type === "access.changed");
    expect(promises.at(-1)?.event).toMatchObject({ entitled: true, since: late.now - 2 * MINUTE_MS });
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
  it.each([
    ["open", prepaid],
    ["closed", inHold],
  ] as const)(
    "that is %s is told once more when staff ask, with a new version, and nothing else changes",
    (access, build) => {
      const subscriber = build();
      const { accessVersion, ...before } = subscriber.facts;
      for (const version of [accessVersion + 1, accessVersion + 2]) {
        subscriber.send({ type: "access.announced", ...STAFF });
        expect(subscriber.announced).toEqual([["invite/7:-1001", access === "open", version]]);
        expect(subscriber.notices).toEqual([]);
        expect(subscriber.facts).toEqual({ ...before, accessVersion: version });
      }
    },
  );
  it("is announced with rising versions only", () => {
    const subscriber = prepaid();
    const versions = [subscriber.facts.accessVersion];
    for (const event of [
      paid("c2"),
      { type: "risk.changed", blocked: true },
      { type: "risk.changed", blocked: false },
    ]) {
      subscriber.send(event);
      expect(subscriber.announced).toHaveLength(1);
      versions.push(subscriber.facts.accessVersion);
    }
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });
  it("is closed by a risk, whatever is paid, and opened again when it is lifted", () => {
    const subscriber = prepaid().send({ type: "risk.changed", blocked: true });
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([false]);
    expect(subscriber.send({ type: "risk.changed", blocked: true }).outcome).toBe("ignored");
    expect(subscriber.send(paid("c2")).announced).toEqual([]);
    subscriber.send({ type: "risk.changed", blocked: false });
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([true]);
  });
});

describe("rule 13: an override by staff", () => {
  const until = (ms: number) => ({ type: "override.set", ...STAFF, until: NOON + PERIOD_MS + 26 * DAY_MS + ms });
  it("opens access regardless of billing, until its end", () => {
    const subscriber = expired().send(until(DAY_MS));
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([true]);
    expect(subscriber.billing).toBe("expired");
    subscriber.elapse(DAY_MS);
    expect(subscriber.announced.map(([, entitled]) => entitled)).toEqual([false]);
    expect(subscriber.facts.overrideUntil).toBeNull();
  });
  it("is prolonged, shortened and ended by the next one", () => {
    const subscriber = expired()
      .send(until(DAY_MS))
      .send(until(3 * DAY_MS))
      .elapse(2 * DAY_MS);
    expect(subscriber.access).toBe("open");
    subscriber.send({ type: "override.set", ...STAFF, until: null });
    expect(subscriber.access).toBe("closed");
  });
  it("does not open for a blocked person", () => {
    const subscriber = expired().send({ type: "risk.changed", blocked: true }).send(until(DAY_MS));
    expect(subscriber.access).toBe("closed");
  });
  it("that lies in the past changes nothing", () => {
    expect(expired().send(until(-1)).outcome).toBe("ignored");
  });
  it("ends while the paid time goes on, without closing anything", () => {
    const subscriber = prepaid()
      .send({ type: "override.set", ...STAFF, until: NOON + DAY_MS })
      .elapse(2 * DAY_MS);
    expect(subscriber.access).toBe("open");
    expect(subscriber.facts.accessVersion).toBe(2);
  });
});

describe("an outage of a channel", () => {
  const stopped = (subscriber: Subscriber, chatId = "-1001") =>
    subscriber.send({ type: "channel.unavailable", chatId, since: subscriber.now });
  const back = (subscriber: Subscriber, since: number, chatId = "-1001") =>
    subscriber.send({ type: "channel.recovered", chatId, since });

  it("is given back in full when it began and ended within the paid time", () => {
    const subscriber = prepaid().elapse(5 * DAY_MS);
    const since = subscriber.now;
    back(stopped(subscriber).elapse(2 * DAY_MS), since);
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL + 2 * DAY_MS, stoppedFor: [], stoppedSince: null });
    expect(subscriber.elapse(25 * DAY_MS - 1).state).toContain("active.term");
    expect(subscriber.elapse(1).state).toContain("pastDue.grace");
  });
  it("takes no access away while it lasts, and reminds of no end that will move", () => {
    const subscriber = stopped(prepaid().elapse(25 * DAY_MS)).elapse(20 * DAY_MS);
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.remindersSent).toBe(0);
    back(subscriber, NOON + 25 * DAY_MS);
    expect(subscriber.facts.paidUntil).toBe(NOON + 50 * DAY_MS);
    expect(subscriber.elapse(2 * DAY_MS).facts.remindersSent).toBe(1);
  });
  it("is given back once, however often it is reported", () => {
    const subscriber = stopped(prepaid());
    expect(stopped(subscriber).outcome).toBe("ignored");
    back(subscriber.elapse(DAY_MS), NOON);
    expect(back(subscriber, NOON).outcome).toBe("ignored");
    expect(back(subscriber.elapse(DAY_MS), NOON).outcome).toBe("ignored");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS);
  });
  it("of two chats counts once, until the last is back", () => {
    const subscriber = prepaid(someTerms({ chats: ["-1001", "-1002"] }));
    stopped(subscriber);
    stopped(subscriber.elapse(DAY_MS), "-1002");
    back(subscriber.elapse(DAY_MS), NOON);
    expect(subscriber.facts).toMatchObject({ paidUntil: UNTIL, stoppedFor: ["-1002"] });
    back(subscriber.elapse(DAY_MS), NOON + DAY_MS, "-1002");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + 3 * DAY_MS);
  });
  it("of another chat concerns nobody here", () => {
    expect(stopped(prepaid(), "-1009").outcome).toBe("ignored");
  });
  it("that began before the purchase is given back from the purchase on", () => {
    const subscriber = prepaid().elapse(DAY_MS);
    back(subscriber, NOON - 5 * DAY_MS);
    expect(subscriber.facts.paidUntil).toBe(UNTIL + DAY_MS);
    expect(back(subscriber, NOON - 5 * DAY_MS).outcome).toBe("ignored");
  });
  it("does not cost the days that were left when somebody pays in the middle of it", () => {
    const subscriber = stopped(prepaid().elapse(28 * DAY_MS))
      .elapse(5 * DAY_MS)
      .send(paid("c2"));
    expect(subscriber.answer).toEqual({ type: "payment.applied", from: UNTIL, until: UNTIL + PERIOD_MS });
    back(subscriber.elapse(DAY_MS), NOON + 28 * DAY_MS);
    // Two days left and thirty bought, from the recovery on day 34.
    expect(subscriber.facts.paidUntil).toBe(NOON + 34 * DAY_MS + 32 * DAY_MS);
  });
  it("does not cost the trial days that were left when somebody pays in the middle of it", () => {
    const subscriber = stopped(trialing().elapse(DAY_MS))
      .elapse(5 * DAY_MS)
      .send(paid("c1"));
    back(subscriber.elapse(DAY_MS), NOON + DAY_MS);
    expect(subscriber.facts.paidUntil).toBe(NOON + 7 * DAY_MS + 2 * DAY_MS + PERIOD_MS);
  });
  it("that began before a second beginning, by a trial, is given back from the trial on", () => {
    const subscriber = expired().send({ type: "trial.granted", terms: someTerms() }).elapse(DAY_MS);
    const before = subscriber.facts.trialUntil as number;
    back(subscriber, NOON);
    expect(subscriber.facts.trialUntil).toBe(before + DAY_MS);
  });
  it("moves the periods as well, so that a refund afterwards takes back the right time", () => {
    const subscriber = stopped(prepaid()).elapse(2 * DAY_MS);
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
    expect(subscriber.elapse(MINUTE_MS).billing).not.toBe(state);
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
    const subscriber = stopped(prepaid())
      .elapse(2 * DAY_MS)
      .send(paid("c2", { terms: someTerms({ chats: ["-1002"] }) }));
    expect(subscriber.facts).toMatchObject({
      stoppedFor: [],
      stoppedSince: null,
      paidUntil: UNTIL + PERIOD_MS + 2 * DAY_MS,
    });
  });
});
