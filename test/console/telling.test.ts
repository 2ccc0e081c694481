import { describe, expect, it } from "vitest";
import { eventName, gapBetween, isShown, timerChange, whoOf } from "../../src/console/actor/telling.ts";

const DAY_MS = 86_400_000;
const entry = (type: string, kind: "customer" | "staff" | "timer" = "customer", effects: string[] = []) => ({
  event: { type },
  cause: { kind, id: "1" },
  outcome: "applied" as const,
  effects,
});

describe("an event's name", () => {
  it("is the timer's where a timer fired", () => {
    expect(eventName("xstate.after.periodEnd.subscription.billing.active.term")).toBe("after periodEnd");
  });
  it("is that of the call whose result it is", () => {
    expect(eventName("xstate.done.actor.createInvite")).toBe("done createInvite");
    expect(eventName("xstate.error.actor.0.createInvite")).toBe("error createInvite");
  });
  it("is left alone otherwise", () => {
    expect(eventName("payment.succeeded")).toBe("payment.succeeded");
  });
});

describe("who is behind an event", () => {
  it("is the customer for an update of Telegram, the clock for a timer, the system for a result", () => {
    expect([whoOf({ kind: "update" }), whoOf({ kind: "timer" }), whoOf({ kind: "effect" })]).toEqual([
      "customer",
      "clock",
      "system",
    ]);
  });
});

describe("the time between two events", () => {
  it("is worth a line from an hour on", () => {
    expect(gapBetween(0, 27 * DAY_MS)).toBe(27 * DAY_MS);
    expect(gapBetween(0, 3_599_999)).toBeNull();
  });
});

describe("a filter of the history", () => {
  it("shows failures and results of calls that went wrong as errors", () => {
    expect(isShown({ ...entry("order.opened"), outcome: "failed" }, "errors")).toBe(true);
    expect(isShown(entry("xstate.error.actor.createInvite"), "errors")).toBe(true);
    expect(isShown(entry("order.opened"), "errors")).toBe(false);
  });
  it("shows payments and what is written into the books as money", () => {
    expect(isShown(entry("payment.succeeded"), "money")).toBe(true);
    expect(isShown(entry("something.else", "customer", ["recordLedger"]), "money")).toBe(true);
    expect(isShown(entry("join.seen"), "money")).toBe(false);
  });
  it("shows what people of the staff did as support", () => {
    expect(isShown(entry("access.revoked", "staff"), "staff")).toBe(true);
    expect(isShown(entry("access.revoked"), "staff")).toBe(false);
  });
});

describe("a timer of the record", () => {
  it("is armed with its due time, or cancelled", () => {
    expect(timerChange("+periodEnd.billing.active@1700000000000")).toEqual({
      isSet: true,
      id: "periodEnd.billing.active",
      dueAt: 1_700_000_000_000,
    });
    expect(timerChange("-periodEnd.billing.active")).toEqual({
      isSet: false,
      id: "periodEnd.billing.active",
      dueAt: null,
    });
  });
});
