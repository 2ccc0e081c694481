import { describe, expect, it } from "vitest";
import {
  expired,
  forLife,
  inGrace,
  PERIOD_MS,
  paid,
  prepaid,
  STAFF,
  type Subscriber,
  trialing,
} from "./support/subscriber.ts";
import { DAY_MS, HOUR_MS, NOON } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;
/** The second day of those who bought at noon. */
const OUTAGE = {
  ...{ type: "outage.credited", ...STAFF, outage: "2026-11-20", product: null },
  ...{ from: NOON + DAY_MS, to: NOON + DAY_MS + 6 * HOUR_MS, ms: 2 * DAY_MS },
};
const said = (subscriber: Subscriber, event = OUTAGE) => subscriber.send(event);

describe("time given back for an outage", () => {
  it("is added to the paid time of who had some then, and they are told", () => {
    const subscriber = said(prepaid().elapse(3 * DAY_MS));
    expect(subscriber.facts.paidUntil).toBe(UNTIL + 2 * DAY_MS);
    expect(subscriber.notices).toEqual(["term.extended"]);
  });
  it("is given once for each outage, however often it is said", () => {
    const subscriber = said(said(prepaid().elapse(3 * DAY_MS)));
    expect(subscriber.outcome).toBe("ignored");
    expect(subscriber.facts.paidUntil).toBe(UNTIL + 2 * DAY_MS);
    expect(said(subscriber, { ...OUTAGE, outage: "another" }).facts.paidUntil).toBe(UNTIL + 4 * DAY_MS);
  });
  it("is not given to who bought later, had none left, or has no end", () => {
    expect(said(prepaid(), { ...OUTAGE, from: NOON - DAY_MS, to: NOON - 1 }).outcome).toBe("ignored");
    expect(said(expired(), { ...OUTAGE, from: UNTIL + HOUR_MS, to: UNTIL + DAY_MS }).outcome).toBe("ignored");
    expect(said(forLife().elapse(3 * DAY_MS)).outcome).toBe("ignored");
    expect(said(prepaid().elapse(DAY_MS), { ...OUTAGE, from: OUTAGE.to, to: OUTAGE.from }).outcome).toBe("ignored");
  });
  it("is given for one product, or for whatever was bought", () => {
    const subscriber = prepaid().elapse(3 * DAY_MS);
    const { product } = subscriber.facts;
    expect(said(subscriber, { ...OUTAGE, product: "another" } as never).outcome).toBe("ignored");
    expect(said(subscriber, { ...OUTAGE, product } as never).facts.paidUntil).toBe(UNTIL + 2 * DAY_MS);
  });
  it("prolongs a trial, ends a grace, and opens again what has expired since", () => {
    const trial = trialing().elapse(2 * DAY_MS);
    const end = trial.facts.trialUntil ?? 0;
    expect(said(trial).facts.trialUntil).toBe(end + 2 * DAY_MS);
    expect(said(inGrace()).billing).toBe("active.term");
    const back = said(expired());
    expect(back.billing).toBe("active.term");
    expect(back.facts.paidUntil).toBe(back.now + 2 * DAY_MS);
  });
  it("stays with a charge that comes after it", () => {
    const subscriber = said(prepaid().elapse(3 * DAY_MS)).send(paid("c2"));
    expect(subscriber.facts.paidUntil).toBe(UNTIL + 2 * DAY_MS + PERIOD_MS);
  });
});
