import { describe, expect, it } from "vitest";
import {
  autoRenewing,
  inHold,
  lead,
  PERIOD_MS,
  paid,
  prepaid,
  renewed,
  type Subscriber,
  subscribed,
} from "./support/subscriber.ts";
import { DAY_MS, NOON } from "./support/terms.ts";

const UNTIL = NOON + PERIOD_MS;
const blocking = { type: "risk.changed", blocked: true };
const clearing = { type: "risk.changed", blocked: false };
const stop = { userId: 7, chargeId: "c1", canceled: true };
const enabled = { type: "renewal.enabled", orderId: "o1" };
const undo = { type: "cancel.undone" };
const stopped = () => autoRenewing().send(blocking).finish("stopRenewal", { result: "done" });

describe("who is blocked is charged no more", () => {
  it("the renewal is stopped at the provider, as after a revocation", () => {
    const subscriber = autoRenewing().send(blocking);
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopping");
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
    expect(subscriber.finish("stopRenewal", { result: "done" }).intent).toBe("endsAtPeriodEnd.stopped");
  });
  it("a stop that fails is for people, and is tried again when a charge comes", () => {
    const subscriber = autoRenewing().send(blocking).fail("stopRenewal");
    expect(subscriber.tells).toEqual([{ to: "ticket/renewalStopFailed:7:channel", type: "ticket.opened" }]);
    subscriber.elapse(PERIOD_MS).send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it("a renewal that charges although it was stopped is stopped again", () => {
    const subscriber = stopped().send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it("a pause's own stop that failed is tried again by the block", () => {
    const subscriber = autoRenewing().send({ type: "pause.requested" }).fail("stopRenewal").send(blocking);
    expect(subscriber.started("editStarSubscription")).toEqual(stop);
  });
  it.each(["allowing", "allowed"])("a renewal that is %s again is stopped again", (state) => {
    const subscriber = autoRenewing().send({ type: "cancel.requested" }).finish("stopRenewal", { result: "done" });
    subscriber.send(undo);
    if (state === "allowed") subscriber.finish("allowRenewal", { result: "done" });
    expect(subscriber.intent).toBe(`endsAtPeriodEnd.${state}`);
    expect(subscriber.send(blocking).started("editStarSubscription")).toEqual(stop);
    expect(subscriber.running).toEqual(["stopRenewal"]);
  });
  it("the customer cannot take the stop back, here or at the provider", () => {
    expect(stopped().send(undo).outcome).toBe("ignored");
    const switchedOn = stopped().send(enabled);
    expect(switchedOn.intent).toBe("endsAtPeriodEnd.stopping");
    expect(switchedOn.started("editStarSubscription")).toEqual(stop);
  });
  it("a renewal bought in the same moment is stopped by its own first charge", () => {
    const subscriber = prepaid().send(blocking).send(subscribed("c2", UNTIL));
    expect(subscriber.started("editStarSubscription")).toEqual({ ...stop, chargeId: "c2" });
  });
  it("after the block is lifted, renewing again is the customer's own wish", () => {
    const subscriber = stopped().send(clearing);
    expect(subscriber.intent).toBe("endsAtPeriodEnd.stopped");
    expect(subscriber.access).toBe("open");
    expect(subscriber.send(undo).started("editStarSubscription")).toEqual({ ...stop, canceled: false });
  });
});

describe("who is blocked is told", () => {
  it.each([
    ["inside", prepaid],
    ["renewing", autoRenewing],
    [
      "in hold with a renewal that may still charge",
      () =>
        autoRenewing()
          .elapse(PERIOD_MS + DAY_MS)
          .elapse(7 * DAY_MS),
    ],
  ])("when %s: once, with a code", (_, build) => {
    const subscriber = build().send(blocking);
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "access.blocked", product: "channel", params: { reason: "riskBlocked" } },
    ]);
    expect(subscriber.send(blocking).outcome).toBe("ignored");
  });
  it.each([
    ["never bought anything", lead],
    ["lost the access before, with nothing that renews", inHold],
  ])("not when they %s", (_, build) => {
    expect(build().send(blocking).notices).toEqual([]);
  });
});

describe("money that comes from somebody who is blocked is never lost, and opens nothing", () => {
  const charged = (subscriber: Subscriber) => subscriber.send(renewed("c2", UNTIL + PERIOD_MS));
  it("buys its time, which counts when the block is lifted", () => {
    const subscriber = charged(stopped());
    expect(subscriber.facts.paidUntil).toBe(UNTIL + PERIOD_MS);
    expect(subscriber.access).toBe("closed");
    expect(subscriber.announced).toEqual([]);
    expect(subscriber.send(clearing).announced.map(([, entitled]) => entitled)).toEqual([true]);
  });
  it("opens a ticket and says that people look at it; the payment is not told to thank", () => {
    const subscriber = charged(stopped());
    expect(subscriber.tells).toContainEqual({ to: "ticket/payment:c2", type: "ticket.opened" });
    expect(subscriber.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "payment.disputed", params: { chargeId: "c2", reason: "riskBlocked" } },
    ]);
    expect(subscriber.answer).toEqual({
      type: "payment.applied",
      from: UNTIL,
      until: UNTIL + PERIOD_MS,
      withheld: true,
    });
  });
  it("opens the ticket once, however often the payment asks", () => {
    const subscriber = charged(stopped()).send(renewed("c2", UNTIL + PERIOD_MS));
    expect(subscriber.tells.map(({ type }) => type)).toEqual(["payment.applied"]);
  });
  it("is thanked for as ever once the block is lifted", () => {
    const subscriber = prepaid().send(blocking).send(clearing).send(paid("c2"));
    expect(subscriber.answer).not.toHaveProperty("withheld");
    expect(subscriber.notices).toEqual([]);
  });
});
