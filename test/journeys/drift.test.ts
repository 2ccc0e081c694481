// What differs between Telegram's books, our actors and who is in the chats: found, put right by an event, and off the list again.
import { beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { type Drift, DriftCheck, DriftList } from "../../src/support/answers/drift.ts";
import { CHATS } from "./support/plans.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();
const MINUTE_MS = 60_000;
const club = () => scene.current.telegram.channels.get(CHATS.club);

/** Time passes, and the sweeps have their turns until nothing follows from them. */
async function passes(ms: number): Promise<void> {
  await scene.current.stage.advance(ms);
  // One that runs already may have begun before the time came: it is joined, and the second one is whole.
  for (let sweeps = 0; sweeps < 2; sweeps += 1) await scene.current.stage.app.core.clockWorker.sweep();
  await scene.current.stage.settle();
}
/** Differences that are gone are noticed with a later turn. */
const settles = () => passes(11_000);

const drop = (someone: Subscriber, updateType: string) =>
  scene.current.telegram.faults.onDelivery({ userId: someone.id, updateType, times: 1, fault: { kind: "drop" } });
async function list(query = ""): Promise<DriftList> {
  const { body, text } = await scene.current.stage.api("GET", `/api/v1/drift${query}`);
  return DriftList.parse(body, { error: () => text });
}
const isAbout = (someone: Subscriber) => (drift: Drift) => drift.about.userId === someone.id;
const openOf = async (someone: Subscriber) => (await list()).drifts.filter(isAbout(someone));
const healedOf = async (someone: Subscriber) => (await list("?healed=true")).drifts.filter(isAbout(someone));
const kinds = (drifts: readonly Drift[]) => drifts.map(({ kind, state }) => `${kind} ${state}`);
const counted = (name: string, kind: string) => scene.current.metric(`tg_drift${name}{kind="${kind}"}`);
const rehearse = async () => {
  const { body, text } = await scene.current.stage.api("POST", "/api/v1/drift/check", { dryRun: true });
  return DriftCheck.parse(body, { error: () => text });
};

let anna: Subscriber;
beforeEach(async () => {
  anna = await scene.current.newcomer();
});

describe("a payment that no update told of", () => {
  it("is what a dry run says, which changes nothing; the round that is asked for then finds and heals it", async () => {
    await anna.chooses("club-month");
    drop(anna, "successful_payment");
    await anna.pays();
    await scene.current.stage.advance(2 * MINUTE_MS);
    const before = await anna.facts();
    const check = await rehearse();
    expect(check).toMatchObject({ dryRun: true, isWhole: true });
    expect(check.compared.rows).toBeGreaterThan(0);
    expect(check.drifts.filter(isAbout(anna))).toMatchObject([
      { kind: "paidNoActor", healing: { machine: "payment", event: { type: "payment.received" }, by: "service" } },
    ]);
    expect(await anna.facts()).toEqual(before);
    expect(await openOf(anna)).toEqual([]);

    const found = await counted("_found_total", "paidNoActor");
    expect((await scene.current.stage.api("POST", "/api/v1/drift/check", {})).body).toMatchObject({ dryRun: false });
    await passes(0);
    expect(await anna.billing()).toMatch(/^active/);
    expect(await counted("_found_total", "paidNoActor")).toBe(found + 1);
    await settles();
    expect(kinds(await healedOf(anna))).toEqual(["paidNoActor healed"]);
    expect(await openOf(anna)).toEqual([]);
    expect(await counted("", "paidNoActor")).toBe(0);
    expect(await counted("_healed_total", "paidNoActor")).toBeGreaterThan(0);
  });
});

describe("a charge that Telegram takes back without a word", () => {
  it("is on record as charged back, and healed by the payment's own event", async () => {
    const chargeId = await anna.buysAndJoins("club-month");
    scene.current.telegram.chargeback(chargeId);
    await passes(11 * MINUTE_MS);
    await settles();
    expect(anna.isIn()).toBe(false);
    expect(await healedOf(anna)).toMatchObject([
      { kind: "chargedBack", about: { chargeId }, healing: { event: { type: "chargeback.seen" } } },
    ]);
  });
});

describe("a charge that is in our books and not in Telegram's", () => {
  it("waits for people with a ticket, until they have settled it", async () => {
    await anna.chooses("club-quarter");
    const orderId = (await scene.current.stage.actorsOf(anna.person))
      .find((address) => address.startsWith("order/"))
      ?.slice("order/".length);
    const chargeId = `forged-${anna.id}`;
    await scene.current.receives({
      message: {
        ...{ message_id: 9, date: 1, from: anna.person.user, chat: { id: anna.id, type: "private", first_name: "x" } },
        successful_payment: {
          ...{ currency: "XTR", total_amount: 1_350, invoice_payload: orderId, provider_payment_charge_id: "" },
          telegram_payment_charge_id: chargeId,
        },
      },
    } as never);
    expect(await anna.billing()).toMatch(/^active/);
    await passes(7 * MINUTE_MS);
    await passes(7 * MINUTE_MS);
    expect(await openOf(anna)).toMatchObject([{ kind: "notInBooks", state: "open", about: { chargeId } }]);
    const { days } = await list();
    expect((days[0]?.ledger ?? 0) - (days[0]?.telegram ?? 0)).toBe(1_350);
    expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "payment", detail: "notInBooks" }]);
    await scene.current.staff(addressOf.ticket(`payment:notInBooks:${chargeId}`), { type: "ticket.closed" });
    await settles();
    expect(kinds(await healedOf(anna))).toEqual(["notInBooks healed"]);
  });
});

describe("an order that was paid twice", () => {
  it("is shown to people with a ticket, and settled when one of the charges is given back", async () => {
    await anna.buys("club-quarter");
    const until = await anna.paidUntil();
    const again = await anna.person.payForged({
      ...{
        payload: (await anna.subscription()).orderId ?? "",
        currency: "XTR",
        totalAmount: 1_350,
        skipCheckout: true,
      },
    });
    await scene.current.stage.settle();
    expect(again).toMatchObject({ kind: "paid" });
    expect(await anna.paidUntil(), "each charge buys its time").toBeGreaterThan(until);
    await passes(6 * MINUTE_MS);
    const [double] = await openOf(anna);
    expect(double).toMatchObject({
      kind: "doubleCharge",
      healing: { event: { type: "refund.requested" }, by: "staff" },
    });
    expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "payment", detail: "doubleCharge" }]);
    const payment = addressOf.payment(double?.about.chargeId ?? "");
    await scene.current.staff(payment, { type: "refund.requested", access: "keep" });
    await settles();
    expect(kinds(await healedOf(anna))).toEqual(["doubleCharge healed"]);
  });
});

describe("somebody who was let in by another hand", () => {
  it("is put out, and on record as unknown", async () => {
    club().adminAdds(anna.person);
    await scene.current.stage.settle();
    expect(anna.isIn()).toBe(false);
    await settles();
    expect(await healedOf(anna)).toMatchObject([
      { kind: "unknownMember", about: { userId: anna.id, chatId: String(CHATS.club) }, state: "healed" },
    ]);
  });

  it("of which no update came, is found and put out as one who has no right any more", async () => {
    await anna.buysAndJoins("club-month");
    await scene.current.staff(anna.subscriptionAt(), { type: "access.revoked" });
    expect(anna.isIn()).toBe(false);
    drop(anna, "chat_member");
    club().adminAdds(anna.person);
    expect(anna.isIn()).toBe(true);
    // People outside are looked at one per turn, and other tests have left some.
    for (let turn = 0; anna.isIn() && turn < 40; turn += 1) await passes(turn === 0 ? 6 * MINUTE_MS : 0);
    expect(anna.isIn()).toBe(false);
    await settles();
    expect(kinds(await healedOf(anna))).toEqual(["accessNoRight healed"]);
  });
});

describe("guests whom Telegram only counts", () => {
  const fragile = () => scene.current.telegram.channels.get(CHATS.fragile);
  const ticket = addressOf.ticket(`channel:unknownMember:${CHATS.fragile}`);
  const unknown = async (query = "?kind=unknownMember") =>
    (await list(query)).drifts.filter(({ about }) => about.chatId === String(CHATS.fragile));
  const rounds = async () => {
    for (let round = 0; round < 2; round += 1) await passes(6 * MINUTE_MS);
  };
  const comes = (someone: Subscriber) => {
    drop(someone, "chat_member");
    fragile().adminAdds(someone.person);
  };

  it("are a difference until staff accept them, and are found again when there are more", async () => {
    await rounds();
    comes(anna);
    await rounds();
    expect(await unknown()).toMatchObject([
      { state: "open", about: { userId: null }, healing: { machine: "ticket", by: "staff" } },
    ]);
    expect(await scene.current.stage.read(ticket)).toMatchObject({ states: ["open"] });
    await scene.current.staff(ticket, { type: "ticket.closed" });
    await settles();
    await rounds();
    expect([await unknown(), await unknown("?healed=true")]).toMatchObject([[], [{ state: "healed" }]]);

    const bob = await scene.current.newcomer();
    comes(bob);
    await rounds();
    expect(await unknown()).toHaveLength(1);
    expect(await scene.current.stage.read(ticket)).toMatchObject({ states: ["reopened"] });
    drop(bob, "chat_member");
    fragile().adminBans(bob.person);
    await rounds();
    expect(await unknown()).toEqual([]);
    expect(await scene.current.stage.read(ticket)).toMatchObject({ states: ["closed"] });
  });
});

describe("somebody who has paid and whose invite never heard of it", () => {
  it("gets a way in: the news is told once more", async () => {
    await anna.buys("club-month");
    await scene.current.staff(anna.subscriptionAt(), { type: "access.revoked" });
    expect(await anna.inviteState()).toBe("none");
    // Rounds are behind: none looks here before the next one, a while after.
    for (let turn = 0; turn < 10; turn += 1) await passes(turn === 0 ? 6 * MINUTE_MS : 0);
    // Opened again by people who forgot to have it told.
    const { rev } = (await scene.current.stage.read(anna.subscriptionAt())) ?? {};
    const forced = await scene.current.stage.api("POST", `/api/v1/actors/${anna.subscriptionAt()}/force`, {
      ...{ targets: ["billing.active.term"], run: [], reason: "a test of forcing", expectedSeq: rev },
      idempotencyKey: `open ${anna.id}`,
    });
    expect(forced, forced.text).toMatchObject({ status: 200 });
    expect(await openOf(anna)).toEqual([]);
    await passes(6 * MINUTE_MS);
    await passes(6 * MINUTE_MS);
    await settles();
    expect(await anna.inviteState()).toBe("linkIssued");
    expect(kinds(await healedOf(anna))).toEqual(["paidNoAccess healed"]);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });
});

describe("a round over everybody who is where they should be", () => {
  it("finds nothing", async () => {
    await anna.buysAndJoins("club-month");
    await passes(6 * MINUTE_MS);
    await settles();
    const check = await rehearse();
    expect(check.drifts).toEqual([]);
    expect((await list()).drifts).toEqual([]);
    expect(check.compared.looks).toBeGreaterThan(0);
    expect(check.compared.actors).toBeGreaterThan(0);
  });
});

itStaysWhole(scene);
