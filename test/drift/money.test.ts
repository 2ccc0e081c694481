// Charges and the two books, and how many people are in a chat.
import { describe, expect, it } from "vitest";
import { accepted, judgeCount } from "../../src/support/drift/count.ts";
import { type ChargeFacts, judgeDouble, judgeLine, judgeRow } from "../../src/support/drift/money.ts";
import { ticketOf } from "../../src/support/drift/ticket.ts";

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

describe("a row of Telegram's list that told something new", () => {
  it.each([
    ["paymentFound", "paidNoActor", "payment.received", "service"],
    ["refundFound", "refundedStillIn", "refund.seen", "service"],
    ["chargebackFound", "chargedBack", "chargeback.seen", "service"],
    ["failed", "paidNoActor", "payment.received", "staff"],
  ] as const)("(%s) is a difference with its healing event", (result, kind, type, by) => {
    expect(judgeRow({ result, chargeId: "stxA", userId: 7, at: NOW })).toEqual({
      ...{ id: `${kind}:stxA`, kind, since: NOW, about: { chargeId: "stxA", userId: 7, chatId: null } },
      evidence: { from: "transaction", chargeId: "stxA", at: NOW },
      healing: { machine: "payment", id: "stxA", event: { type }, by },
    });
  });
});

describe("a charge was taken twice", () => {
  const charge = (chargeId: string, days: number, over: Partial<ChargeFacts> = {}): ChargeFacts => ({
    ...{ chargeId, userId: 7, orderId: "ord_1", state: "applied", receivedAt: NOW + days * DAY },
    ...{ recurring: false, firstRecurring: false, expiresAt: null },
    ...over,
  });
  const renewing = (chargeId: string, days: number, over: Partial<ChargeFacts> = {}) =>
    charge(chargeId, days, { recurring: true, expiresAt: NOW + (days + 30) * DAY, ...over });

  it("when an order that does not renew was paid again", () => {
    const [one, two] = [charge("a", 0), charge("b", 1)];
    expect(judgeDouble(two, [one], null)).toMatchObject({
      ...{ kind: "doubleCharge", about: { chargeId: "b", userId: 7 } },
      healing: { machine: "payment", id: "b", event: { type: "refund.requested" }, by: "staff" },
    });
    expect(judgeDouble(one, [two], null), "the first one is not").toBeNull();
  });
  it("unless one of them was given back", () => {
    const one = charge("a", 0, { state: "refunded" });
    expect(judgeDouble(charge("b", 1), [one], null)).toBeNull();
    expect(judgeDouble(charge("b", 1, { state: "chargedBack" }), [charge("a", 0)], null)).toBeNull();
  });
  it("when a renewing link was bought again in the middle of a period, but not when it renewed", () => {
    expect(judgeDouble(renewing("b", 3), [renewing("a", 0)], "ord_1")).not.toBeNull();
    expect(judgeDouble(renewing("b", 30), [renewing("a", 0)], "ord_1")).toBeNull();
    expect(judgeDouble(renewing("b", 29), [renewing("a", 0)], "ord_1"), "a little early").toBeNull();
  });
  it("when a renewal charges that another one has replaced", () => {
    expect(judgeDouble(renewing("b", 30), [], "ord_2")).toMatchObject({ kind: "doubleCharge" });
    expect(judgeDouble(renewing("b", 0, { firstRecurring: true }), [], "ord_2"), "a new one").toBeNull();
  });
  it("opens a ticket, one for each charge", () => {
    const finding = judgeDouble(charge("b", 1), [charge("a", 0)], null);
    expect(finding && ticketOf(finding)).toMatchObject({
      address: "ticket/payment:doubleCharge:b",
      event: { subject: "payment", about: "payment/b", detail: "doubleCharge", userId: 7 },
    });
  });
});

describe("a line of our books", () => {
  const line = { row: "charge:a", chargeId: "a", userId: 7, currency: "XTR", amountMinor: 500, at: NOW };
  const refund = { ...line, row: "refund:a", amountMinor: -500 };
  it("that Telegram has too, with the same amount, is right", () => {
    expect(judgeLine({ ...line, telegram: 500 })).toBeNull();
    expect(judgeLine({ ...refund, telegram: 500 })).toBeNull();
  });
  it.each([
    ["has not", null],
    ["has with another amount", 50],
  ])("that Telegram %s, is a difference for people", (_, telegram) => {
    const finding = judgeLine({ ...refund, telegram });
    expect(finding).toMatchObject({
      ...{ kind: "notInBooks", id: "notInBooks:refund:a", healing: { by: "staff" } },
      evidence: { from: "ledger", row: "refund:a", amountMinor: -500, at: NOW },
    });
    expect(finding && ticketOf(finding)).toMatchObject({ event: { detail: "notInBooks" } });
  });
  it("in another currency is not in that list at all", () => {
    expect(judgeLine({ ...line, currency: "EUR", telegram: null })).toBeNull();
  });
});

describe("the number of people in a chat", () => {
  const count = (telegram: number, before: Parameters<typeof judgeCount>[1], known = 10) =>
    judgeCount({ chatId: "-1", telegram, known, now: NOW }, before);

  it("is compared with the fewest that were ever more than known: staff and guests are no difference", () => {
    const first = count(13, null);
    expect(first.finding).toBeNull();
    const second = count(13, first.memory);
    expect(second).toEqual({ memory: { last: 3, baseline: 3 }, finding: null });
    const fewer = count(12, count(12, second.memory).memory);
    expect(fewer.memory.baseline).toBe(2);
  });
  it("is a difference when two counts in a row have more", () => {
    const once = count(15, { last: 3, baseline: 3 });
    expect(once.finding, "somebody may be on the way").toBeNull();
    expect(count(14, once.memory).finding).toMatchObject({
      ...{ kind: "unknownMember", about: { chatId: "-1", userId: null } },
      healing: { machine: "ticket", id: "channel:unknownMember:-1", event: { type: "ticket.closed" }, by: "staff" },
      evidence: { from: "count", telegram: 14, known: 10 },
    });
  });
  it("is no difference any more once staff accept it; more than they saw is one again", () => {
    const { finding, memory } = count(14, { last: 4, baseline: 3 });
    if (finding === null) throw new Error("nothing was found");
    expect(ticketOf(finding)?.event).toMatchObject({
      subject: "channel",
      detail: "unknownMember telegram:14 known:10",
    });
    const after = accepted(finding, memory);
    expect(count(14, after)).toEqual({ memory: { last: 4, baseline: 4 }, finding: null });
    expect(count(15, count(15, after).memory).finding).not.toBeNull();
  });
  it("is none when there are fewer than known: they are looked at one by one", () => {
    expect(count(7, { last: 0, baseline: 0 })).toEqual({ memory: { last: 0, baseline: 0 }, finding: null });
  });
});
