// One event to many actors: looked at first, confirmed by typing how many, resumed by repeating it.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { BulkPlan } from "../../src/support/answers/bulk.ts";
import { BulkDone } from "../../src/support/answers/people.ts";
import { DAY_MS, someTerms } from "../machines/support/terms.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice, type ROLES } from "./support/office.ts";

let office: Office;
beforeEach(() => {
  office = openOffice({ limits: { refundAbove: {}, bulkAbove: 5 } });
});
afterEach(() => office.server.close());

/** People of the numbers 1 to n, whom nobody blocks yet. */
const people = async (count: number) => {
  for (let userId = 1; userId <= count; userId += 1) {
    const event = { type: "contact.seen", username: null, firstName: "Anna", language: "en", ref: null };
    await office.actors.send(addressOf.customer(userId), event, { cause: CAUSE });
  }
};
const BLOCK = { event: { type: "risk.blocked" }, machine: "customer", state: "contact.reachable" };
type Role = (typeof ROLES)[number];
const dryRun = async (body: object = BLOCK, role: Role = "support") =>
  office.post("/api/v1/bulk", { ...body, dryRun: true }, { role });
const planned = async (body: object = BLOCK) => BulkPlan.parse((await dryRun(body)).json());
const run = (more: object, body: object = BLOCK, role: Role = "support") =>
  office.post(
    "/api/v1/bulk",
    { ...body, reason: "a wave of stolen cards", idempotencyKey: "block-wave", ...more },
    { role },
  );
const blocked = async () => {
  const states = await office.actors.countByState("customer");
  return states["risk.blocked"] ?? 0;
};

describe("a command to many actors", () => {
  it("is looked at first: how many, what would become of them, and nothing is done", async () => {
    await people(3);
    await office.actors.send(
      addressOf.customer(3),
      { type: "risk.blocked", by: "x", reason: "before" },
      { cause: CAUSE },
    );
    const plan = await planned();
    expect(plan).toMatchObject({
      count: 3,
      would: { applied: 2, ignored: 1, unreadable: 0, final: 0 },
      final: false,
      approval: false,
    });
    expect(plan.sample[0]).toMatchObject({
      address: "customer/1",
      after: expect.arrayContaining(["risk.blocked"]),
    });
    expect(await blocked()).toBe(1);
  });

  it("is refused under the key of another one: another event, other actors", async () => {
    await people(3);
    const { planHash, count } = await planned();
    await run({ planHash, count });
    const refused = { status: 409, code: "command.keyReused" };
    expect((await run({ planHash, count, event: { type: "risk.cleared" } })).json()).toMatchObject(refused);
    const listed = { event: BLOCK.event, addresses: ["customer/1"] };
    expect((await run({ planHash, count: 1 }, listed)).json()).toMatchObject(refused);
    expect((await run({ planHash, count: 2 })).json()).toMatchObject(refused);
    expect((await run({ planHash, count })).json()).toMatchObject({ duplicate: 3 });
  });

  it("gives time back for an outage once to each who had some then, also when it is commanded again", async () => {
    const now = office.clock.now();
    const buy = async (userId: number) =>
      office.actors.send(
        addressOf.subscription(userId, "club"),
        { type: "term.granted", by: "x", reason: "bought", terms: someTerms(), ms: 30 * DAY_MS },
        { cause: CAUSE },
      );
    for (const userId of [1, 2]) await buy(userId);
    office.clock.time = now + 2 * DAY_MS;
    await buy(3);
    const event = {
      type: "outage.credited",
      outage: "november",
      product: "club",
      from: now,
      to: now + DAY_MS,
      ms: DAY_MS,
    };
    const command = { event, machine: "subscription", state: "billing" };
    const say = async (idempotencyKey: string) => {
      const plan = BulkPlan.parse((await dryRun(command, "finance")).json());
      const { planHash, count } = plan;
      const more = { idempotencyKey, reason: "the channel was away", planHash, count };
      const answer = await run(more, command, "finance");
      expect(answer.json()).not.toHaveProperty("code");
      return { would: plan.would, done: BulkDone.parse(answer.json()) };
    };
    expect(await say("november-first")).toMatchObject({
      would: { applied: 2, ignored: 1 },
      done: { applied: 2, ignored: 1 },
    });
    expect(await say("november-again")).toMatchObject({
      would: { applied: 0, ignored: 3 },
      done: { applied: 0, ignored: 3 },
    });
    const untils = await Promise.all(
      [1, 2, 3].map(
        async (userId) => (await office.actors.read(addressOf.subscription(userId, "club")))?.context.paidUntil,
      ),
    );
    expect(untils).toEqual([now + 31 * DAY_MS, now + 31 * DAY_MS, now + 32 * DAY_MS]);
    expect((await dryRun(command, "support")).json(), "who may give no time").toMatchObject({ status: 403 });
  });

  it("is done when the plan and the number come back, and each has it on record with who and why", async () => {
    await people(3);
    const { planHash } = await planned();
    const done = await run({ planHash, count: 3 });
    expect(BulkDone.parse(done.json())).toEqual({ applied: 3, ignored: 0, duplicate: 0, failed: [] });
    expect(await blocked()).toBe(3);
    const [entry] = await office.actors.history(addressOf.customer(2), { limit: 1 });
    expect(entry).toMatchObject({
      event: { type: "risk.blocked", by: "support-1", reason: "a wave of stolen cards" },
      cause: { kind: "staff", by: "support-1", reason: "a wave of stolen cards" },
    });
  });

  it("is not done with another number, nor when it would do something else by now", async () => {
    await people(3);
    const { planHash } = await planned();
    const mistyped = await run({ planHash, count: 4 });
    expect([mistyped.statusCode, mistyped.body]).toEqual([409, expect.stringContaining("command.numberDiffers")]);
    await people(4);
    const late = await run({ planHash, count: 3 });
    expect([late.statusCode, late.body]).toEqual([409, expect.stringContaining("bulk.changed")]);
    expect((await run({})).statusCode).toBe(400);
    expect(await blocked()).toBe(0);
  });

  it("goes on where it stopped when it is repeated, with the same actors, and does nothing twice", async () => {
    await people(4);
    const grant = { event: { type: "risk.blocked" }, addresses: [1, 2, 3, 4].map((id) => addressOf.customer(id)) };
    const { planHash } = await planned(grant);
    expect((await run({ planHash, count: 4 }, grant)).json()).toMatchObject({ applied: 4 });
    // Somebody took one block back since: repeating the command must not put it on again.
    await office.actors.send(
      addressOf.customer(2),
      { type: "risk.cleared", by: "x", reason: "a mistake" },
      { cause: CAUSE },
    );
    expect((await run({ planHash, count: 4 }, grant)).json()).toEqual({
      applied: 0,
      ignored: 0,
      duplicate: 4,
      failed: [],
    });
    expect(await blocked()).toBe(3);
  });

  it("passes by those that cannot be read, and says which", async () => {
    await people(2);
    await office.client.hset(office.keys.actor("customer/1"), { s: "{", r: "9" });
    const { planHash, would } = await planned();
    expect(would).toEqual({ applied: 1, ignored: 0, unreadable: 1, final: 0 });
    expect((await run({ planHash, count: 2 })).json()).toEqual({
      ...{ applied: 1, ignored: 0, duplicate: 0 },
      failed: [{ address: "customer/1", code: "actor.quarantined" }],
    });
  });

  it("waits for a second person above the limit, and is then done to those that were meant", async () => {
    await people(6);
    const { planHash, approval } = await planned();
    expect(approval).toBe(true);
    const held = await run({ planHash, count: 6 });
    expect(held.statusCode).toBe(202);
    expect(held.json().approval).toMatchObject({ kind: "bulk", count: 6, title: "risk.blocked × 6" });
    expect(await blocked()).toBe(0);
    await people(7);
    expect((await run({ planHash, count: 6 })).json()).toEqual(held.json());
    const { id } = held.json().approval;
    const approved = await office.post(
      `/api/v1/approvals/${id}/approve`,
      { reason: "looked at it" },
      { role: "owner" },
    );
    expect(approved.json()).toMatchObject({ sent: null, done: { applied: 6, failed: [] } });
    expect(await blocked()).toBe(6);
  });

  it("is for those whose role may send the event, and for events that staff may send", async () => {
    await people(1);
    const erase = { event: { type: "erasure.requested" }, machine: "customer", state: "contact" };
    expect((await dryRun(erase)).statusCode).toBe(403);
    const forged = { event: { type: "contact.seen" }, machine: "customer", state: "contact" };
    expect((await dryRun(forged)).body).toContain("actor.notForStaff");
  });

  it("is meant for actors of one machine, by a state or by a list", async () => {
    await people(1);
    const event = { type: "risk.blocked" };
    for (const scope of [
      {},
      { machine: "customer" },
      { machine: "customer", state: "contact", addresses: ["customer/1"] },
      { addresses: ["customer/1", "ticket/t1"] },
    ])
      expect([scope, (await dryRun({ event, ...scope })).statusCode]).toEqual([scope, 400]);
    const tooMany = Array.from({ length: 2_001 }, (_, index) => addressOf.customer(index + 1));
    expect((await dryRun({ event, addresses: tooMany })).statusCode).toBe(400);
  });

  it("does nothing where nobody is meant", async () => {
    expect(await planned()).toMatchObject({ count: 0, would: { applied: 0 } });
  });
});
