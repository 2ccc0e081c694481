// Two persons for refunds above the limit: one asks, another approves, and the money goes back once.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ApprovalList, Decided, Held } from "../../src/support/answers/desk.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice, type ROLES } from "./support/office.ts";

const ANNA = 7_012_345_678;
const DAY_MS = 86_400_000;
let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

/** A charge that staff may refund. */
const charge = async (chargeId: string, amountMinor: number, currency = "XTR") => {
  const address = addressOf.payment(chargeId);
  const received = {
    ...{ type: "payment.received", userId: ANNA, amountMinor, currency, orderId: "o1", providerChargeId: null },
    ...{ recurring: false, firstRecurring: false, expiresAt: null, source: "update" },
  };
  await office.actors.send(address, received, { cause: CAUSE });
  await office.actors.send(address, { type: "payment.disputed", reason: "unknownOrder" }, { cause: CAUSE });
  return address;
};
type Role = (typeof ROLES)[number];
const refund = (chargeId: string, more: object = {}, role: Role = "finance") =>
  office.post(
    `/api/v1/actors/payment/${chargeId}/events`,
    {
      event: { type: "refund.requested", access: "revoke" },
      reason: "asked by phone",
      idempotencyKey: "refund-1",
      ...more,
    },
    { role },
  );
const decide = (id: string, what: "approve" | "refuse", role: Role = "owner") =>
  office.post(`/api/v1/approvals/${id}/${what}`, { reason: "looked at it" }, { role });
const list = async () => ApprovalList.parse((await office.get("/api/v1/approvals")).json()).approvals;
const asked = async (chargeId = "stx-1") => {
  const response = await refund(chargeId);
  expect(response.statusCode).toBe(202);
  return Held.parse(response.json()).approval;
};
const statesOf = async (chargeId = "stx-1") => (await office.actors.read(addressOf.payment(chargeId)))?.states;

describe("a person with two names", () => {
  it("approves nothing that was asked for under the other one, and may take it back", async () => {
    await office.server.close();
    office = openOffice({ aliases: [["Finance-1", "owner-1"]] });
    await charge("stx-1", 6_000);
    const { id, askedRole } = await asked();
    expect(askedRole).toBe("finance");
    const own = await decide(id, "approve");
    expect([own.statusCode, own.body]).toEqual([403, expect.stringContaining("approval.own")]);
    expect((await decide(id, "refuse")).json()).toMatchObject({ approval: { state: "refused" } });
    expect(await statesOf()).toEqual(["quarantined"]);
  });
});

describe("a refund above the limit", () => {
  it("is not done by one person, but waits for a second one", async () => {
    await charge("stx-1", 5_001);
    const approval = await asked();
    expect(approval).toMatchObject({
      kind: "event",
      title: "refund.requested 5001 XTR",
      address: "payment/stx-1",
      state: "waiting",
      askedBy: "finance-1",
      endsAt: office.clock.time + DAY_MS,
      decidedBy: null,
    });
    expect(await statesOf()).toEqual(["quarantined"]);
    expect(await list()).toEqual([approval]);
  });

  it("is done at once up to the limit, and in currencies without one", async () => {
    await charge("stx-1", 5_000);
    expect((await refund("stx-1")).json()).toMatchObject({ outcome: "applied" });
    await charge("stx-2", 9_000_000, "EUR");
    expect((await refund("stx-2")).json()).toMatchObject({ outcome: "applied" });
    expect(await list()).toEqual([]);
  });

  it("is asked for once, however often the command comes", async () => {
    await charge("stx-1", 6_000);
    const first = await asked();
    office.clock.time += 1_000;
    expect(await asked()).toEqual(first);
    expect(await list()).toHaveLength(1);
  });

  it("is no other command under the same key", async () => {
    await charge("stx-1", 6_000);
    await asked();
    const other = await refund("stx-1", { event: { type: "refund.requested", access: "keep" } });
    expect(other.statusCode).toBe(409);
    expect(other.json().fields).toEqual([expect.stringContaining("idempotencyKey")]);
  });

  it("is refused at once for an actor that moved on since it was looked at", async () => {
    await charge("stx-1", 6_000);
    const response = await refund("stx-1", { expectedSeq: 1 });
    expect([response.statusCode, response.body]).toEqual([409, expect.stringContaining("actor.staleRevision")]);
    expect(await list()).toEqual([]);
  });

  it("waits for nobody where it would do nothing", async () => {
    await charge("stx-1", 6_000);
    await office.actors.send(addressOf.payment("stx-1"), { type: "refund.seen" }, { cause: CAUSE });
    expect((await refund("stx-1")).json()).toMatchObject({ outcome: "ignored" });
  });

  it("may not be asked for by a role that may not refund", async () => {
    await charge("stx-1", 6_000);
    expect((await refund("stx-1", {}, "support")).statusCode).toBe(403);
    expect(await list()).toEqual([]);
  });
});

describe("the second person", () => {
  it("approves, and it is done once, with both names on record", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    const first = await decide(id, "approve");
    expect(Decided.parse(first.json())).toMatchObject({
      approval: { state: "approved", decidedBy: "owner-1", note: "looked at it" },
      sent: { outcome: "applied", view: { states: ["refunding"] } },
      done: null,
    });
    const again = await decide(id, "approve");
    expect(again.json()).toMatchObject({ sent: { outcome: "duplicate" } });
    const entries = await office.actors.history(addressOf.payment("stx-1"));
    expect(entries.filter(({ event }) => event.type === "refund.requested")).toMatchObject([
      {
        event: { by: "finance-1", reason: "asked by phone" },
        cause: { kind: "staff", id, by: "finance-1", reason: "asked by phone (approved by owner-1: looked at it)" },
      },
    ]);
  });

  it("is never the one who asked, in the sandbox neither", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    const own = await decide(id, "approve", "finance");
    expect([own.statusCode, own.body]).toEqual([403, expect.stringContaining("approval.own")]);
    expect(own.body).toMatch(/In the sandbox/);
    expect(await statesOf()).toEqual(["quarantined"]);
  });

  it("needs at least the role of the first", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    for (const what of ["approve", "refuse"] as const) expect((await decide(id, what, "support")).statusCode).toBe(403);
    expect(await list()).toMatchObject([{ state: "waiting" }]);
  });

  it("may refuse, and then nobody approves any more", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    expect((await decide(id, "refuse")).json()).toMatchObject({ approval: { state: "refused" }, sent: null });
    const late = await decide(id, "approve");
    expect([late.statusCode, late.body]).toEqual([409, expect.stringContaining("approval.decided")]);
    expect(await statesOf()).toEqual(["quarantined"]);
  });

  it("is not needed to take back what one asked for", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    expect((await decide(id, "refuse", "finance")).json()).toMatchObject({ approval: { state: "refused" } });
  });

  it("comes too late after 24 hours", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    office.clock.time += DAY_MS;
    expect(await list()).toMatchObject([{ state: "expired" }]);
    const late = await decide(id, "approve");
    expect([late.statusCode, late.body]).toEqual([409, expect.stringContaining("approval.expired")]);
    expect(await statesOf()).toEqual(["quarantined"]);
  });

  it("approves the payment as it was asked about, not as it became", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    await office.actors.send(addressOf.payment("stx-1"), { type: "refund.seen" }, { cause: CAUSE });
    const late = await decide(id, "approve");
    expect([late.statusCode, late.body]).toEqual([409, expect.stringContaining("approval.expired")]);
    expect(await list()).toMatchObject([{ state: "expired", decidedBy: "owner-1" }]);
  });

  it("hears when there is nothing to approve", async () => {
    expect((await decide("0a", "approve")).statusCode).toBe(404);
    expect((await decide("no-such", "approve")).statusCode).toBe(400);
  });

  it("is one of two who approve at the same time, and it is done once", async () => {
    await charge("stx-1", 6_000);
    const { id } = await asked();
    const answers = await Promise.all([decide(id, "approve"), decide(id, "approve")]);
    const done = answers.filter(({ statusCode }) => statusCode === 200);
    expect(done.length).toBeGreaterThan(0);
    const entries = await office.actors.history(addressOf.payment("stx-1"));
    expect(entries.filter(({ event }) => event.type === "refund.requested")).toHaveLength(1);
  });
});
