import { describe, expect, it } from "vitest";
import { reminderEnd } from "../../machines/subscription/reminders.ts";
import {
  autoRenewing,
  inGrace,
  inSlack,
  PERIOD_MS,
  paid,
  renewed,
  Subscriber,
  subscribed,
} from "./support/subscriber.ts";
import { DAY_MS, NOON, someTerms } from "./support/terms.ts";

const QUARTER_MS = 3 * PERIOD_MS;
const failed = { type: "renewal.failed", orderId: "o1" };

/** A quarter bought in advance, then a month that renews: the next charge is due long before the paid time ends. */
const withQuarterLeft = () =>
  new Subscriber()
    .send(paid("c0", { orderId: "o0", terms: someTerms({ periodMs: QUARTER_MS }) }))
    .send(subscribed("c1", NOON + PERIOD_MS));
const PAID_UNTIL = NOON + QUARTER_MS + PERIOD_MS;

/** What was told over some time, in order. */
function told(subscriber: Subscriber, ms: number): string[] {
  const notices: string[] = [];
  for (let left = ms; left > 0; left -= DAY_MS / 4) {
    const before = subscriber.facts.remindersSent;
    subscriber.elapse(Math.min(left, DAY_MS / 4));
    if (subscriber.facts.remindersSent > before) notices.push(...subscriber.notices);
  }
  return notices;
}

describe("a renewal that fails while paid time is left", () => {
  it("is remembered and told, and the subscription goes on", () => {
    const subscriber = withQuarterLeft().elapse(PERIOD_MS).send(failed);
    expect(subscriber.notices).toEqual(["renewal.failed"]);
    expect(subscriber.facts).toMatchObject({ renewalFailedAt: NOON + PERIOD_MS, paidUntil: PAID_UNTIL });
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.intent).toBe("autoRenew");
    expect(subscriber.access).toBe("open");
    expect(reminderEnd(subscriber.facts, subscriber.now)).toBe(PAID_UNTIL);
  });

  it("leaves the end of the paid time to remind of, although the charge was reminded of already", () => {
    const subscriber = withQuarterLeft();
    expect(told(subscriber, PERIOD_MS)).toContain("reminder.renewing");
    subscriber.send(failed);
    expect(subscriber.facts.nextReminderAt).toBeGreaterThan(PAID_UNTIL - 8 * DAY_MS);
    const reminders = told(subscriber, PAID_UNTIL - subscriber.now - 1);
    expect(reminders.length).toBeGreaterThan(0);
    expect(new Set(reminders)).toEqual(new Set(["reminder.ending"]));
  });

  it("reminds of nothing twice when it fails again", () => {
    const subscriber = withQuarterLeft().elapse(PERIOD_MS).send(failed);
    const next = subscriber.facts.nextReminderAt ?? 0;
    subscriber.elapse(next - subscriber.now).send(failed);
    expect(subscriber.facts.nextReminderAt).not.toBe(next);
  });

  it("is over with the charge that comes after all", () => {
    const subscriber = withQuarterLeft().elapse(PERIOD_MS).send(failed).elapse(DAY_MS);
    subscriber.send(renewed("c2", NOON + 2 * PERIOD_MS));
    expect(subscriber.facts.renewalFailedAt).toBeNull();
    expect(reminderEnd(subscriber.facts, subscriber.now)).toBe(NOON + 2 * PERIOD_MS);
    expect(told(subscriber, PERIOD_MS - DAY_MS - 1)).toContain("reminder.renewing");
  });

  it("is over when nothing renews any more", () => {
    const subscriber = withQuarterLeft().elapse(PERIOD_MS).send(failed).send({ type: "cancel.requested" });
    expect(subscriber.facts.renewalFailedAt).toBeNull();
  });

  it("is no news about another renewal", () => {
    expect(autoRenewing().send({ ...failed, orderId: "o9" }).outcome).toBe("ignored");
    expect(inGrace().send(failed).outcome).toBe("ignored");
  });
});

describe("a renewal that fails when the paid time is over", () => {
  it("is known when staff give more time", () => {
    const subscriber = inSlack()
      .send(failed)
      .send({ type: "term.extended", by: "vera", reason: "as a courtesy", ms: 10 * DAY_MS });
    expect(subscriber.billing).toBe("active.term");
    expect(subscriber.facts.renewalFailedAt).toBe(NOON + PERIOD_MS);
  });

  it("brings no further notices of the grace", () => {
    const subscriber = inSlack().elapse(4 * DAY_MS);
    const sent = subscriber.facts.remindersSent;
    expect(sent).toBeGreaterThan(0);
    expect(subscriber.send(failed).facts.remindersSent).toBe(sent);
  });
});
