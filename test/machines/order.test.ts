import { describe, expect, it } from "vitest";
import { orderDefinition } from "../../machines/order/definition.ts";
import { orderMachine } from "../../machines/order/machine.ts";
import type { OrderContext } from "../../machines/order/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { type Sample, walk } from "./support/paths.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, NOON, someTerms } from "./support/terms.ts";

const terms = someTerms();
const opened = { type: "order.opened", userId: 7, terms, kind: "prepaid" };
const charge = (fields: Record<string, unknown> = {}) => ({
  type: "charge.presented",
  chargeId: "c1",
  userId: 7,
  amountMinor: 500,
  currency: "XTR",
  recurring: false,
  firstRecurring: false,
  expiresAt: null,
  ...fields,
});
const withdrawn = { type: "order.withdrawn", by: "vera", reason: "wrong plan" };

const anOrder = () => new ActedActor(orderDefinition, "o1", NOON).send(opened);
const context = (order: ActedActor) => order.context<OrderContext>();
const accepted = (chargeId: string) => ({
  kind: "tell",
  to: `payment/${chargeId}`,
  event: { type: "payment.accepted", subscription: "subscription/7:channel", terms },
});
const disputed = (chargeId: string, reason: string) => ({
  kind: "tell",
  to: `payment/${chargeId}`,
  event: { type: "payment.disputed", reason },
});

describe("an order", () => {
  it("tells its subscription that a checkout began", () => {
    expect(anOrder().effects).toEqual([
      { kind: "tell", to: "subscription/7:channel", event: { type: "checkout.opened", orderId: "o1", terms } },
    ]);
  });
  it("is found by its id and its buyer", () => {
    expect(orderDefinition.lookups(context(anOrder()) as never)).toEqual(["orderId=o1", "telegramId=7"]);
  });
  it("is approved by the pre-checkout, and again without a change", () => {
    const order = anOrder().send({ type: "checkout.approved" });
    expect(order.state).toBe("approved");
    expect(order.send({ type: "checkout.approved" }).outcome).toBe("ignored");
  });
  it("stays open when somebody's pre-checkout was refused", () => {
    const order = anOrder().send({ type: "checkout.refused", reason: "otherBuyer" });
    expect(order.state).toBe("open");
    expect(context(order).refusedReason).toBe("otherBuyer");
  });
  it("is abandoned when the checkout time is over, counted from its opening", () => {
    const order = anOrder()
      .elapse(23 * HOUR_MS)
      .send({ type: "checkout.approved" });
    expect(order.elapse(59 * MINUTE_MS).state).toBe("approved");
    expect(order.elapse(MINUTE_MS).state).toBe("abandoned");
    expect(anOrder().elapse(DAY_MS).state).toBe("abandoned");
  });
  it("is not opened twice", () => {
    expect(anOrder().send({ ...opened, userId: 8 }).outcome).toBe("ignored");
  });
});

describe.each([
  ["open", () => anOrder()],
  ["approved", () => anOrder().send({ type: "checkout.approved" })],
  ["abandoned", () => anOrder().elapse(2 * DAY_MS)],
  ["settled", () => anOrder().send(charge({ chargeId: "c0" }))],
])("a charge for an order that is %s", (state, order) => {
  it("is accepted when it is what was offered", () => {
    const settled = order();
    expect(settled.state).toBe(state);
    settled.send(charge());
    expect(settled.state).toBe("settled");
    expect(settled.effects).toEqual([accepted("c1")]);
  });
  it("is accepted when it is more than the price (rule 4: the terms stay the same)", () => {
    expect(order().send(charge({ amountMinor: 10_000 })).effects).toEqual([accepted("c1")]);
  });
  it.each([
    ["otherBuyer", { userId: 8 }],
    ["otherCurrency", { currency: "RUB" }],
    ["underpaid", { amountMinor: 499 }],
  ])("rule 4: never activates as %s", (reason, fields) => {
    const disputing = order().send(charge(fields));
    expect(disputing.effects).toEqual([disputed("c1", reason)]);
    expect(disputing.state).toBe(state);
  });
});

describe("a settled order", () => {
  it("is charged again by its renewal and counts each charge once", () => {
    const order = anOrder().send(charge({ recurring: true, firstRecurring: true }));
    order.elapse(30 * DAY_MS).send(charge({ chargeId: "c2", recurring: true }));
    expect(order.effects).toEqual([accepted("c2")]);
    order.send(charge({ chargeId: "c2", recurring: true }));
    expect(order.effects).toEqual([accepted("c2")]);
    expect(context(order)).toMatchObject({ charges: 2, settledAt: NOON });
  });
  it.each([
    ["canceled", "renewal.canceled"],
    ["active", "renewal.enabled"],
    ["failed", "renewal.failed"],
  ])("passes on that the renewal is %s", (state, type) => {
    const order = anOrder().send(charge()).send({ type: "renewal.changed", state });
    expect(order.effects).toEqual([{ kind: "tell", to: "subscription/7:channel", event: { type, orderId: "o1" } }]);
  });
  it.each([
    ["open", anOrder],
    ["approved", () => anOrder().send({ type: "checkout.approved" })],
    ["abandoned", () => anOrder().elapse(DAY_MS)],
  ])("passes it on as well while it is %s, because the charge may be heard of later", (state, build) => {
    const order = build().send({ type: "renewal.changed", state: "canceled" });
    expect(order.state).toBe(state);
    expect(order.tells).toEqual([{ to: "subscription/7:channel", type: "renewal.canceled" }]);
  });
  it("that was withdrawn passes nothing on", () => {
    expect(anOrder().send(withdrawn).send({ type: "renewal.changed", state: "canceled" }).effects).toEqual([]);
  });
  it("cannot be withdrawn", () => {
    expect(anOrder().send(charge()).send(withdrawn).outcome).toBe("ignored");
  });
});

describe("a refused order", () => {
  it("disputes a charge after it was withdrawn", () => {
    const order = anOrder().send(withdrawn);
    expect(order.state).toBe("refused");
    expect(order.send(charge()).effects).toEqual([disputed("c1", "orderRefused")]);
  });
  it("comes into being when a charge names an order that nobody made", () => {
    const order = new ActedActor(orderDefinition, "forged", NOON).send(charge());
    expect(order.state).toBe("refused");
    expect(order.effects).toEqual([disputed("c1", "unknownOrder")]);
    expect(order.send(charge({ chargeId: "c2" })).effects).toEqual([disputed("c2", "unknownOrder")]);
  });
});

describe("rule 12: ways out of an order", () => {
  it("are by time while it is unpaid", () => {
    const ways = waysOut(orderMachine);
    expect(ways.open?.timed).toEqual(["checkoutEnd"]);
    expect(ways.approved?.timed).toEqual(["checkoutEnd"]);
    expect(ways.abandoned?.explicit).toContain("order.withdrawn");
  });
});

describe("generated paths", () => {
  const samples: Sample[] = [
    opened,
    { type: "checkout.approved" },
    { type: "checkout.refused", reason: "price" },
    charge(),
    charge({ userId: 8 }),
    { type: "renewal.changed", state: "canceled" },
    withdrawn,
  ];
  it("take every transition of the chart, and every charge gets exactly one answer (rule 4)", () => {
    const walked = walk<OrderContext>({
      definition: orderDefinition,
      id: "o1",
      startAt: NOON,
      samples,
      facets: () => null,
      check: ({ event, step }) => {
        const answers = step.effects.filter(
          (stored) =>
            stored.kind === "effect" && stored.effect.kind === "tell" && stored.effect.to.startsWith("payment/"),
        );
        expect(answers).toHaveLength(event.type === "charge.presented" ? 1 : 0);
      },
    });
    expect(walked.untaken).toEqual([]);
    expect([...walked.states].sort()).toEqual(["abandoned", "approved", "open", "refused", "settled"]);
  });
});
