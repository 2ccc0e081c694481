// What staff ask for every day, each as the one event that it is.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { plainDate } from "../../src/bot/wording.ts";
import { Plan } from "../../src/support/answers/actors.ts";
import { EVERYDAY } from "../../src/support/everyday.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice, type ROLES } from "./support/office.ts";

const ANNA = 7_012_345_678;
const DAY_MS = 86_400_000;
const CLUB = addressOf.subscription(ANNA, "club");
let office: Office;
beforeEach(async () => {
  office = openOffice();
  const event = { type: "contact.seen", username: "Anna_K", firstName: "Anna", language: "en", ref: null };
  await office.actors.send(addressOf.customer(ANNA), event, { cause: CAUSE });
});
afterEach(() => office.server.close());

let keys = 0;
const order = (path: string, body: object = {}, role: (typeof ROLES)[number] = "finance") => {
  keys += 1;
  const payload = { reason: "asked by phone", idempotencyKey: `command-${keys}`, ...body };
  return office.post(`/api/v1/${path}`, payload, { role });
};
const club = async () => {
  const view = await office.actors.read(CLUB);
  return { states: view?.states ?? [], context: view?.context as unknown as SubscriptionContext };
};
const newest = async (address: ActorAddress) => (await office.actors.history(address, { limit: 1 }))[0];

describe("an everyday command", () => {
  it.each(Object.entries(EVERYDAY))("needs the role of its event: %s", (_name, { machine, event, role }) => {
    expect(definitions.find(({ name }) => name === machine)?.staffEvents[event]).toBe(role);
  });

  it("gives time of a plan on the terms of now, and adds to it", async () => {
    const granted = await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    expect(granted.json()).toMatchObject({ outcome: "applied" });
    expect((await club()).context).toMatchObject({
      terms: { planCode: "club-quarter", product: "club" },
      paidUntil: office.clock.time + 10 * DAY_MS,
    });
    await order(`customers/${ANNA}/extend`, { product: "club", days: 3 });
    expect((await club()).context.paidUntil).toBe(office.clock.time + 13 * DAY_MS);
    expect(await newest(CLUB)).toMatchObject({
      event: { type: "term.extended", by: "finance-1", reason: "asked by phone" },
      cause: { kind: "staff", by: "finance-1", reason: "asked by phone" },
    });
  });

  it("gives time for life", async () => {
    await order(`customers/${ANNA}/grant`, { plan: "club-month", days: null });
    expect((await club()).context.paidUntil).toBeNull();
    expect((await club()).states).toContain("billing.active.lifetime");
  });

  it("takes access and gives it back", async () => {
    await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    await order(`customers/${ANNA}/revoke`, { product: "club" }, "support");
    expect((await club()).states).toContain("billing.revoked");
    await order(`customers/${ANNA}/reinstate`, { product: "club" }, "support");
    expect((await club()).states).not.toContain("billing.revoked");
  });

  it("blocks somebody and takes that back", async () => {
    expect((await order(`customers/${ANNA}/block`, {}, "support")).json().view.states).toContain("risk.blocked");
    expect((await order(`customers/${ANNA}/clear-risk`, {}, "support")).json().view.states).not.toContain(
      "risk.blocked",
    );
  });

  it("refunds, and waits for a second person above the limit", async () => {
    for (const [chargeId, amountMinor] of [
      ["stx/1", 500],
      ["stx/2", 5_001],
    ] as const) {
      const received = {
        ...{ type: "payment.received", userId: ANNA, amountMinor, currency: "XTR", orderId: "o1" },
        ...{ providerChargeId: null, recurring: false, firstRecurring: false, expiresAt: null, source: "update" },
      };
      const address = addressOf.payment(chargeId);
      await office.actors.send(address, received, { cause: CAUSE });
      await office.actors.send(address, { type: "payment.disputed", reason: "unknownOrder" }, { cause: CAUSE });
    }
    const small = await order("payments/stx%2F1/refund", { access: "revoke" });
    expect(small.json()).toMatchObject({ outcome: "applied", view: { states: ["refunding"] } });
    const large = await order("payments/stx%2F2/refund", { access: "revoke" });
    expect([large.statusCode, large.json()]).toEqual([
      202,
      { approval: expect.objectContaining({ address: "payment/stx/2", state: "waiting" }) },
    ]);
  });

  it("accepts a charge whose order is lost for the plan that costs just that, or for one that is named", async () => {
    const address = addressOf.payment("stx/3");
    const received = {
      ...{ type: "payment.received", userId: ANNA, amountMinor: 7, currency: "XTR", orderId: "o1" },
      ...{ providerChargeId: null, recurring: false, firstRecurring: false, expiresAt: null, source: "update" },
    };
    await office.actors.send(address, received, { cause: CAUSE });
    await office.actors.send(address, { type: "payment.disputed", reason: "unknownOrder" }, { cause: CAUSE });
    const unclear = await order("payments/stx%2F3/accept");
    expect([unclear.statusCode, unclear.body]).toEqual([400, expect.stringContaining("say which one it is for")]);
    expect((await order("payments/stx%2F3/accept", { plan: "no-such" })).statusCode).toBe(400);
    expect((await order("payments/stx%2F3/accept", { plan: "club-month" }, "support")).statusCode).toBe(403);
    const accepted = await order("payments/stx%2F3/accept", { plan: "club-month" });
    expect(accepted.json()).toMatchObject({ outcome: "applied", view: { states: ["received.applying"] } });
    expect(await newest(address)).toMatchObject({
      event: { type: "payment.released", userId: ANNA, by: "finance-1", terms: { planCode: "club-month" } },
    });
  });

  it("releases removals only with the number that is held, typed", async () => {
    const chat = "-1001000000001";
    const channel = addressOf.channel(chat);
    const breaker = { perHour: 1, percent: 1 };
    await office.actors.send(channel, { type: "channel.registered", breaker }, { cause: CAUSE });
    const rights = { present: true, canInvite: true, canRestrict: true, title: "Club", members: 10 };
    await office.actors.send(channel, { type: "rights.seen", rights }, { cause: CAUSE });
    for (const userId of [1, 2, 3])
      await office.actors.send(channel, { type: "removal.asked", userId, members: 10 }, { cause: CAUSE });
    const held = (await office.actors.read(channel))?.context.heldCount as number;
    expect(held).toBeGreaterThan(0);
    const wrong = await order(`channels/${chat}/release-removals`, { held: held + 1 }, "support");
    expect([wrong.statusCode, wrong.body]).toEqual([409, expect.stringContaining("command.numberDiffers")]);
    expect((await order(`channels/${chat}/release-removals`, { held }, "support")).json()).toMatchObject({
      outcome: "applied",
    });
  });

  it("is done once, however often it comes", async () => {
    await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    const once = { product: "club", days: 3, idempotencyKey: "extend-once" };
    await order(`customers/${ANNA}/extend`, once);
    expect((await order(`customers/${ANNA}/extend`, once)).json()).toMatchObject({ outcome: "duplicate" });
    expect((await club()).context.paidUntil).toBe(office.clock.time + 13 * DAY_MS);
  });

  it("is refused under the key of another command, and known again by any reason", async () => {
    await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    const key = { product: "club", idempotencyKey: "extend-once" };
    await order(`customers/${ANNA}/extend`, { ...key, days: 3 });
    await order(`customers/${ANNA}/extend`, { product: "club", days: 1 });
    const other = await order(`customers/${ANNA}/extend`, { ...key, days: 30 });
    expect([other.statusCode, other.json().code]).toEqual([409, "command.keyReused"]);
    const revoked = await order(`customers/${ANNA}/revoke`, key);
    expect([revoked.statusCode, revoked.json().code]).toEqual([409, "command.keyReused"]);
    const again = await order(`customers/${ANNA}/extend`, { ...key, days: 3, reason: "asked once more" });
    expect(again.json()).toMatchObject({ outcome: "duplicate", first: "applied" });
    expect((await club()).context.paidUntil).toBe(office.clock.time + 14 * DAY_MS);
  });

  it("is refused when the actor moved on since it was looked at", async () => {
    const response = await order(`customers/${ANNA}/block`, { expectedSeq: 7 }, "support");
    expect([response.statusCode, response.body]).toEqual([409, expect.stringContaining("actor.staleRevision")]);
  });

  it("only says what it would do in a dry run, which needs no reason", async () => {
    const response = await office.post(`/api/v1/customers/${ANNA}/block`, { dryRun: true }, { role: "support" });
    const plan = Plan.parse(response.json());
    expect(plan).toMatchObject({ expectedSeq: 1, approval: false, after: expect.arrayContaining(["risk.blocked"]) });
    expect(await newest(addressOf.customer(ANNA))).toMatchObject({ event: { type: "contact.seen" } });
    const { planHash, expectedSeq } = plan;
    const confirmed = await order(`customers/${ANNA}/block`, { planHash, expectedSeq }, "support");
    expect(confirmed.json()).toMatchObject({ outcome: "applied" });
    const stale = await order(`customers/${ANNA}/block`, { planHash }, "support");
    expect([stale.statusCode, stale.body]).toEqual([409, expect.stringContaining("actor.planChanged")]);
  });

  it("whose reason the customer reads says so, and previews the reason given so far", async () => {
    await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    const url = `/api/v1/customers/${ANNA}/revoke`;
    const dry = { product: "club", dryRun: true };
    expect((await office.post(url, { ...dry, reason: "shared the link" })).statusCode).toBe(200);
    expect(EVERYDAY.revoke.does).toContain("The customer reads the reason");
    const page = (await office.get(`/api/v1/actors/${CLUB}/page`)).json();
    const told = page.events.filter((event: { reasonIsTold?: boolean }) => event.reasonIsTold);
    expect(told.map(({ type }: { type: string }) => type)).toEqual(["access.revoked"]);
  });

  it("wants a reason and a key otherwise", async () => {
    const response = await office.post(`/api/v1/customers/${ANNA}/block`, {}, { role: "support" });
    expect([response.statusCode, response.json().fields]).toEqual([
      400,
      ["reason: required unless dryRun", "idempotencyKey: required unless dryRun"],
    ]);
  });

  it.each([
    [`customers/${ANNA}/extend`, { product: "club", days: 1 }, "this person has no subscription to this product"],
    [`customers/${ANNA}/revoke`, { product: "club" }, "this person has no subscription to this product"],
    ["customers/7999999999/clear-risk", {}, "nobody with this Telegram id is known here"],
    ["payments/no-such/refund", { access: "keep" }, "there is no payment with this charge id"],
    ["channels/-1009999999999/release-removals", { held: 1 }, "no channel with this chat id is known here"],
  ])("to nobody says who was not found, in a dry run too: %s", async (path, body, sentence) => {
    for (const dryRun of [false, true]) {
      const response = await order(path, { ...body, dryRun }, "owner");
      expect([response.statusCode, response.json()]).toMatchObject([
        404,
        { code: "actor.noActor", fields: [expect.stringContaining(sentence)] },
      ]);
    }
  });

  it("is possible for somebody who has never come where it gives or closes", async () => {
    const granted = await order("customers/7999999999/grant", { plan: "club-month", days: 3 });
    expect(granted.json()).toMatchObject({ outcome: "applied" });
    expect((await order("customers/7999999998/block")).json()).toMatchObject({ outcome: "applied" });
  });

  it.each([
    [`customers/${ANNA}/extend`, { product: "nope", days: 1 }, "product"],
    [`customers/${ANNA}/revoke`, { product: "nope", dryRun: true }, "product"],
    [`customers/${ANNA}/grant`, { plan: "no-such-plan", days: 1 }, "plan"],
    [`customers/${ANNA}/grant`, { plan: "club-month", days: 0 }, "days"],
    ["customers/anna/block", {}, "telegramId"],
    ["channels/club/release-removals", { held: 1 }, "chatId"],
  ])("names what is wrong: %s %j", async (path, body, field) => {
    const response = await order(path, body, "owner");
    expect([response.statusCode, response.json().fields]).toEqual([400, [expect.stringContaining(`${field}:`)]]);
  });
});

describe("a number that no date can hold", () => {
  it.each([
    [{ type: "term.extended", ms: Number.MAX_SAFE_INTEGER }, "ms"],
    [{ type: "override.set", until: Number.MAX_SAFE_INTEGER }, "until"],
  ])("is refused, naming the field: %j", async (event, field) => {
    await order(`customers/${ANNA}/grant`, { plan: "club-quarter", days: 10 });
    const response = await office.post(`/api/v1/actors/${CLUB}/events`, { event, dryRun: true });
    expect([response.statusCode, response.json().fields]).toEqual([422, [expect.stringContaining(`${field}:`)]]);
  });
  it("is written all the same where it is there", () => {
    const reader = { language: "en", nowMs: 0, timeZone: "UTC" } as const;
    expect(plainDate(Number.MAX_SAFE_INTEGER, reader)).toContain("275760");
  });
});
