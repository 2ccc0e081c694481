import { describe, expect, it } from "vitest";
import { paymentDefinition } from "../../machines/payment/definition.ts";
import { paymentMachine } from "../../machines/payment/machine.ts";
import { MAX_ASKS } from "../../machines/payment/policy.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import type { Policy } from "../../machines/terms.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { type Sample, walk } from "./support/paths.ts";
import { aPolicy, DAY_MS, MINUTE_MS, NOON, someTerms } from "./support/terms.ts";

const UNTIL = NOON + 30 * DAY_MS;
const terms = someTerms();
const received = (fields: Record<string, unknown> = {}) => ({
  type: "payment.received",
  userId: 7,
  amountMinor: 500,
  currency: "XTR",
  recurring: false,
  firstRecurring: false,
  expiresAt: null,
  orderId: "o1",
  providerChargeId: null,
  source: "update",
  ...fields,
});
const accepted = (bought = terms) => ({
  type: "payment.accepted",
  subscription: "subscription/7:channel",
  terms: bought,
});
const applied = { type: "payment.applied", from: NOON, until: UNTIL };
const disputed = { type: "payment.disputed", reason: "underpaid" };
const requested = { type: "refund.requested", by: "vera", reason: "not satisfied", access: "policy" };
const released = { type: "payment.released", by: "vera", reason: "paid for a friend", userId: 9, terms };

const aPayment = (fields: Record<string, unknown> = {}) =>
  new ActedActor(paymentDefinition, "c1", NOON).send(received(fields));
const anApplied = (fields: Record<string, unknown> = {}, refund: Policy["refund"] = { mode: "manual" }) =>
  aPayment(fields)
    .send(accepted(someTerms({ policy: aPolicy({ refund }) })))
    .send(applied);
const aQuarantined = () => aPayment().send(disputed);
const context = (payment: ActedActor) => payment.context<PaymentContext>();
const ledger = (payment: ActedActor) =>
  payment.effectsOf("recordLedger").map(({ row, amountMinor }) => [row, amountMinor]);

describe("a charge that was received", () => {
  it("is in the books at once and asks its order", () => {
    const payment = aPayment();
    expect(payment.state).toBe("received.asking");
    expect(payment.effects).toEqual([
      {
        kind: "recordLedger",
        row: "charge:c1",
        entry: "charge",
        chargeId: "c1",
        userId: 7,
        orderId: "o1",
        currency: "XTR",
        amountMinor: 500,
        at: NOON,
      },
      {
        kind: "tell",
        to: "order/o1",
        event: {
          type: "charge.presented",
          chargeId: "c1",
          userId: 7,
          amountMinor: 500,
          currency: "XTR",
          recurring: false,
          firstRecurring: false,
          expiresAt: null,
        },
      },
    ]);
  });
  it("goes to the subscription as the order accepted it", () => {
    const payment = aPayment({ recurring: true, firstRecurring: true, expiresAt: UNTIL }).send(accepted());
    expect(payment.state).toBe("received.applying");
    expect(payment.effects).toEqual([
      {
        kind: "tell",
        to: "subscription/7:channel",
        event: {
          type: "payment.succeeded",
          payment: "payment/c1",
          chargeId: "c1",
          orderId: "o1",
          terms,
          recurring: true,
          firstRecurring: true,
          expiresAt: UNTIL,
          paidAt: NOON,
        },
      },
    ]);
  });
  it("says when the payer paid, as the provider has it", () => {
    const { effects } = aPayment({ paidAt: NOON - 5_000 }).send(accepted());
    expect(effects).toMatchObject([{ event: { type: "payment.succeeded", paidAt: NOON - 5_000 } }]);
  });
  it("thanks the customer when the time it bought is known", () => {
    const payment = anApplied();
    expect(payment.state).toBe("applied");
    expect(payment.effects).toEqual([
      {
        kind: "notifyCustomer",
        userId: 7,
        notice: "payment.received",
        product: "channel",
        params: { amountMinor: 500, currency: "XTR", chargeId: "c1", until: UNTIL, planCode: "month" },
      },
    ]);
  });
  it("says that the renewal is done when it was one", () => {
    expect(anApplied({ recurring: true }).notices).toEqual(["renewal.done"]);
    expect(anApplied({ recurring: true, firstRecurring: true }).notices).toEqual(["payment.received"]);
  });
  it("thanks for nothing when it bought no time", () => {
    expect(
      aPayment()
        .send(accepted())
        .send({ ...applied, until: NOON }).notices,
    ).toEqual([]);
  });
  it("thanks for nothing when the person is blocked: the time is kept, and a ticket is open", () => {
    const payment = aPayment({ recurring: true })
      .send(accepted())
      .send({ ...applied, withheld: true });
    expect(payment.state).toBe("applied");
    expect(payment.notices).toEqual([]);
    expect(context(payment).period).toEqual({ from: NOON, until: UNTIL });
  });
  it("is found by charge, person and order", () => {
    expect(paymentDefinition.lookups(context(aPayment()) as never)).toEqual([
      "chargeId=c1",
      "telegramId=7",
      "orderId=o1",
    ]);
  });
});

describe("rule 3: the same charge seen twice changes nothing", () => {
  const replayed = received({ userId: 8 });
  const states: [string, () => ActedActor][] = [
    ["received", () => aPayment()],
    ["applied", () => anApplied()],
    ["quarantined", () => aQuarantined()],
    ["refunding", () => anApplied().send(requested)],
    ["refunded", () => anApplied().send({ type: "refund.seen" })],
    ["charged back", () => anApplied().send({ type: "chargeback.seen" })],
  ];
  it.each(states)("while it is %s", (_, payment) => {
    expect(payment().send(received({ source: "reconciliation", amountMinor: 1 })).outcome).toBe("ignored");
  });
  it.each(states)("while it is %s, but people hear of another buyer", (_, build) => {
    const payment = build();
    const before = { state: payment.state, context: context(payment) };
    payment.send(replayed);
    expect({ state: payment.state, context: context(payment) }).toEqual(before);
    expect(payment.effects).toEqual([
      {
        kind: "tell",
        to: "ticket/replayedCharge:c1",
        event: {
          type: "ticket.opened",
          userId: 7,
          subject: "replayedCharge",
          about: "payment/c1",
          detail: "by:8",
          messageRef: null,
        },
      },
    ]);
  });
  it("is heard again by the machine, which knows a repetition from a replay", () => {
    expect(paymentDefinition.hearsAgain).toEqual(new Set(["payment.received"]));
  });
});

describe("a charge whose order does not answer", () => {
  it("asks again every minute, then people take over", () => {
    const payment = aPayment();
    for (let asked = 1; asked < MAX_ASKS; asked += 1) {
      expect(payment.elapse(MINUTE_MS).tells).toEqual([{ to: "order/o1", type: "charge.presented" }]);
    }
    payment.elapse(MINUTE_MS);
    expect(payment.state).toBe("quarantined");
    expect(context(payment).disputeReason).toBe("orderUnanswered");
    expect(payment.notices).toEqual(["payment.disputed"]);
    expect(payment.tells).toEqual([{ to: "ticket/disputedPayment:c1", type: "ticket.opened" }]);
  });
  it("is applied when the answer comes after all", () => {
    const payment = aPayment()
      .elapse(10 * MINUTE_MS)
      .send(accepted());
    expect(payment.state).toBe("received.applying");
    expect(payment.send(applied).state).toBe("applied");
  });
  it("is asked of the subscription again and quarantined likewise", () => {
    const payment = aPayment().send(accepted());
    expect(payment.elapse(MINUTE_MS).tells).toEqual([{ to: "subscription/7:channel", type: "payment.succeeded" }]);
    payment.elapse(10 * MINUTE_MS);
    expect(context(payment)).toMatchObject({ disputeReason: "subscriptionUnanswered" });
    expect(payment.send(applied).state).toBe("applied");
  });
});

describe("rule 4: a charge that is not what was offered", () => {
  it("is kept in the books, opens a ticket and is told to the customer", () => {
    const payment = aQuarantined();
    expect(payment.state).toBe("quarantined");
    expect(payment.effects).toEqual([
      {
        kind: "notifyCustomer",
        userId: 7,
        notice: "payment.disputed",
        product: null,
        params: { amountMinor: 500, currency: "XTR", chargeId: "c1", reason: "underpaid" },
      },
      {
        kind: "tell",
        to: "ticket/disputedPayment:c1",
        event: {
          type: "ticket.opened",
          userId: 7,
          subject: "disputedPayment",
          about: "payment/c1",
          detail: "underpaid",
          messageRef: null,
        },
      },
    ]);
  });
  it("activates nothing by a late acceptance when it was disputed for a reason", () => {
    expect(aQuarantined().send(accepted()).outcome).toBe("ignored");
  });
  it("is applied where staff release it to", () => {
    const payment = aQuarantined().send(released);
    expect(payment.tells).toEqual([
      { to: "ticket/disputedPayment:c1", type: "ticket.closed" },
      { to: "subscription/9:channel", type: "payment.succeeded" },
    ]);
    expect(payment.send(applied).state).toBe("applied");
  });
  it("can be refunded by staff without touching any subscription", () => {
    const payment = aQuarantined().send(requested).finish("refund", { result: "refunded" });
    expect(payment.state).toBe("refunded");
    expect(payment.tells).toEqual([{ to: "ticket/disputedPayment:c1", type: "ticket.closed" }]);
    expect(ledger(payment)).toEqual([["refund:c1", -500]]);
  });
});

describe("a refund", () => {
  it("is asked of the provider, then booked, told to the subscription and to the customer", () => {
    const payment = anApplied().elapse(DAY_MS).send(requested);
    expect(payment.started("refundCharge")).toEqual({
      userId: 7,
      chargeId: "c1",
      currency: "XTR",
      stopRenewalOf: null,
    });
    payment.finish("refund", { result: "refunded" });
    expect(payment.state).toBe("refunded");
    expect(ledger(payment)).toEqual([["refund:c1", -500]]);
    expect(payment.effectsOf("tell").map(({ to, event }) => [to, event])).toEqual([
      ["subscription/7:channel", { type: "payment.refunded", chargeId: "c1", access: "policy" }],
    ]);
    expect(payment.notices).toEqual(["payment.refunded"]);
  });
  it("rule 7: leaves access to the decision of staff", () => {
    const payment = anApplied()
      .send({ ...requested, access: "keep" })
      .finish("refund", { result: "refunded" });
    expect(payment.effectsOf("tell")[0]?.event).toMatchObject({ access: "keep" });
  });
  it("rule 7: is done when the provider says it was done already", () => {
    expect(anApplied().send(requested).finish("refund", { result: "alreadyRefunded" }).state).toBe("refunded");
  });
  it("stops the renewal of the charge that began it", () => {
    const payment = anApplied({ recurring: true, firstRecurring: true }).send(requested);
    expect(payment.started("refundCharge")).toMatchObject({ stopRenewalOf: "c1" });
  });
  it("happens at most once per charge", () => {
    const refunding = anApplied().send(requested);
    expect(refunding.send(requested).outcome).toBe("ignored");
    const refunded = refunding.finish("refund", { result: "refunded" });
    expect(refunded.send(requested).outcome).toBe("ignored");
    expect(refunded.send({ type: "refund.claimed" }).outcome).toBe("ignored");
    expect(refunded.send({ type: "refund.seen" }).outcome).toBe("ignored");
  });
  it.each([
    ["applied", () => anApplied()],
    ["quarantined", () => aQuarantined()],
  ])("that fails for good goes back to %s, with a ticket and a word to the customer", (state, from) => {
    const payment = from().send(requested).fail("refund");
    expect(payment.state).toBe(state);
    expect(payment.notices).toEqual(["refund.failed"]);
    expect(payment.tells).toEqual([{ to: "ticket/refundFailed:c1", type: "ticket.opened" }]);
    expect(context(payment).refund).toBeNull();
    expect(payment.send(requested).state).toBe("refunding");
  });
  it.each<[string, () => ActedActor]>([
    [
      "by staff",
      () => anApplied().send({ type: "refund.claimed" }).send(requested).finish("refund", { result: "refunded" }),
    ],
    ["at the provider", () => anApplied().send({ type: "refund.claimed" }).send({ type: "refund.seen" })],
  ])("that was asked for and is made %s closes the ticket of the wish", (_, from) => {
    const payment = from();
    expect(payment.tells.filter(({ to }) => to.startsWith("ticket/"))).toEqual([
      { to: "ticket/refund:c1", type: "ticket.closed" },
    ]);
  });
  it("that works after it had failed closes that ticket too, each once", () => {
    const payment = anApplied()
      .send({ type: "refund.claimed" })
      .send({ type: "refund.claimed" })
      .send(requested)
      .fail("refund")
      .send(requested)
      .finish("refund", { result: "refunded" });
    expect(payment.tells.filter(({ to }) => to.startsWith("ticket/"))).toEqual([
      { to: "ticket/refund:c1", type: "ticket.closed" },
      { to: "ticket/refundFailed:c1", type: "ticket.closed" },
    ]);
  });
  it("seen at the provider first is booked as well, and the work is left", () => {
    const payment = anApplied().send(requested).send({ type: "refund.seen" });
    expect(payment.state).toBe("refunded");
    expect(payment.running).toEqual([]);
    expect(ledger(payment)).toEqual([["refund:c1", -500]]);
  });
  it("seen before anything was applied ends the matter", () => {
    const payment = aPayment().send({ type: "refund.seen" });
    expect(payment.state).toBe("refunded");
    expect(payment.send(accepted()).outcome).toBe("ignored");
  });
});

describe("a charge that the subscription applied after its money had gone back", () => {
  const applying = () => aPayment().send(accepted());
  it("is taken back there once more, because the refund was heard of before the charge", () => {
    const payment = applying().send({ type: "refund.seen" });
    expect(payment.tells.map(({ type }) => type)).toEqual(["payment.refunded"]);
    payment.send(applied);
    expect(payment.state).toBe("refunded");
    expect(payment.tells).toEqual([{ to: "subscription/7:channel", type: "payment.refunded" }]);
    expect(payment.notices).toEqual([]);
    expect(payment.send(applied).outcome).toBe("ignored");
  });
  it("is reversed there once more after a chargeback, and held against the person once", () => {
    const payment = applying().send({ type: "chargeback.seen" }).send(applied);
    expect(payment.state).toBe("chargedBack");
    expect(payment.tells).toEqual([{ to: "subscription/7:channel", type: "charge.reversed" }]);
    expect(payment.send(applied).outcome).toBe("ignored");
  });
  it("is known as applied when the refund fails after all", () => {
    const payment = applying()
      .elapse(MAX_ASKS * MINUTE_MS)
      .send(requested)
      .send(applied);
    expect(payment.state).toBe("refunding");
    expect(payment.fail("refund").state).toBe("applied");
    expect(context(payment).period).toEqual({ from: NOON, until: UNTIL });
  });
  it("is not taken back twice when it was applied in time", () => {
    const payment = anApplied().send({ type: "refund.seen" });
    expect(payment.send(applied).outcome).toBe("ignored");
  });
});

describe("a customer's claim", () => {
  const claim = (refund: Policy["refund"], afterMs: number) =>
    anApplied({}, refund).elapse(afterMs).send({ type: "refund.claimed" });
  const withinMs = 3 * DAY_MS;
  it("is refunded at once within the time of an automatic or hybrid policy", () => {
    expect(claim({ mode: "automatic", withinMs }, withinMs).state).toBe("refunding");
    expect(claim({ mode: "hybrid", withinMs }, withinMs).state).toBe("refunding");
  });
  it("is refused later by an automatic policy", () => {
    const payment = claim({ mode: "automatic", withinMs }, withinMs + 1);
    expect(payment.state).toBe("applied");
    expect(payment.notices).toEqual(["refund.refused"]);
  });
  it.each([
    ["late under a hybrid policy", { mode: "hybrid", withinMs } as const],
    ["under a manual policy", { mode: "manual" } as const],
  ])("is for people %s", (_, refund) => {
    const payment = claim(refund, withinMs + 1);
    expect(payment.tells).toEqual([{ to: "ticket/refund:c1", type: "ticket.opened" }]);
    expect(payment.state).toBe("applied");
  });
});

describe("a chargeback", () => {
  it.each([
    ["applied", () => anApplied()],
    ["refunding", () => anApplied().send(requested)],
    ["refunded", () => anApplied().send({ type: "refund.seen" })],
  ])("of a charge that is %s is booked, ends access, is held against the person and opens a ticket", (_, from) => {
    const payment = from().send({ type: "chargeback.seen" });
    expect(payment.state).toBe("chargedBack");
    expect(ledger(payment)).toEqual([["chargeback:c1", -500]]);
    expect(payment.tells).toEqual([
      { to: "subscription/7:channel", type: "charge.reversed" },
      { to: "customer/7", type: "chargeback.seen" },
      { to: "ticket/chargeback:c1", type: "ticket.opened" },
    ]);
  });
  it("is final for us, but a refund that was on its way is still booked", () => {
    const payment = anApplied().send(requested).send({ type: "chargeback.seen" });
    expect(payment.send(requested).outcome).toBe("ignored");
    expect(payment.send({ type: "chargeback.seen" }).outcome).toBe("ignored");
    expect(ledger(payment.send({ type: "refund.seen" }))).toEqual([["refund:c1", -500]]);
    expect(payment.state).toBe("chargedBack");
  });
});

describe("rule 12: ways out of a payment", () => {
  it("are by time or by an outcome wherever something is waited for", () => {
    const ways = waysOut(paymentMachine);
    expect(ways["received.asking"]?.timed).toEqual(["answerWait"]);
    expect(ways["received.applying"]?.timed).toEqual(["answerWait"]);
    expect(ways.refunding?.timed).toEqual(["done.refund", "error.refund"]);
    expect(ways.quarantined?.explicit).toEqual(expect.arrayContaining(["payment.released", "refund.requested"]));
    expect(ways.applied?.explicit).toEqual(expect.arrayContaining(["refund.requested"]));
  });
});

describe("generated paths", () => {
  const policies: Policy["refund"][] = [{ mode: "manual" }, { mode: "automatic", withinMs: DAY_MS }];
  const samples: Sample[] = [
    received(),
    received({ recurring: true }),
    received({ userId: 8 }),
    ...policies.map((refund) => accepted(someTerms({ policy: aPolicy({ refund }) }))),
    applied,
    { ...applied, until: NOON },
    { ...applied, withheld: true },
    disputed,
    requested,
    released,
    { type: "refund.claimed" },
    { type: "refund.claimed", afterMs: 2 * DAY_MS },
    { type: "refund.seen" },
    { type: "chargeback.seen" },
  ];
  it("take every transition of the chart; every charge is booked and refunded at most once (I7)", () => {
    const walked = walk<PaymentContext>({
      definition: paymentDefinition,
      id: "c1",
      startAt: NOON,
      samples,
      outputs: { refundCharge: [{ result: "refunded" }, { result: "alreadyRefunded" }] },
      facets: ({ asks, recurring, period, disputeReason, terms: bought, receivedAt, refund }, now) => [
        asks,
        recurring,
        period === null,
        disputeReason,
        bought?.policy.refund.mode,
        now - receivedAt > DAY_MS,
        refund === null,
      ],
      check: ({ before, event, after, step }) => {
        const rows = step.effects.flatMap((stored) =>
          stored.kind === "effect" && stored.effect.kind === "recordLedger" ? [stored.effect.entry] : [],
        );
        expect(rows.includes("charge")).toBe(before === null);
        // Money leaves by the provider's word only, and no path leads from having left to asking for it again.
        if (before?.states.includes("refunded")) expect(["refunded", "chargedBack"]).toContain(after.states[0]);
        if (before?.states.includes("chargedBack")) expect(after.states).toEqual(["chargedBack"]);
        if (event.type === "payment.received" && before !== null) {
          expect(after).toEqual(before);
          expect(step.outcome).toBe(event.userId === before.context.userId ? "ignored" : "applied");
        }
      },
    });
    expect(walked.untaken).toEqual([]);
    expect(walked.states).toEqual(
      new Set([
        "received.asking",
        "received.applying",
        "applied",
        "quarantined",
        "refunding",
        "refunded",
        "chargedBack",
      ]),
    );
  });
});
