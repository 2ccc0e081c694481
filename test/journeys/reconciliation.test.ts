// What Telegram's books say and no update told: found, put right, and counted once.
import { describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();
const MINUTE_MS = 60_000;

/** Time passes, and the sweep has its turns until nothing follows from them. */
async function passes(ms: number): Promise<void> {
  await scene.current.stage.advance(ms);
  // One that runs already may have begun before the time came: it is joined, and the second one is whole.
  for (let sweeps = 0; sweeps < 2; sweeps += 1) await scene.current.stage.app.core.clockWorker.sweep();
  await scene.current.stage.settle();
}

const loses = (someone: Subscriber, updateType: string) =>
  scene.current.telegram.faults.onDelivery({ userId: someone.id, updateType, times: 1, fault: { kind: "drop" } });

const entries = async (someone: Subscriber) =>
  (await scene.current.ledgerOf(someone)).map(({ entry, amountMinor }) => [entry, amountMinor]);
const rows = (result: string) => scene.current.metric(`tg_star_transactions_total{result="${result}"}`);

/** Buys; the update of the payment is lost. */
async function buysUnheard(someone: Subscriber, plan = "club-month"): Promise<string> {
  await someone.chooses(plan);
  loses(someone, "successful_payment");
  const outcome = await someone.pays();
  if (outcome.kind !== "paid") throw new Error(outcome.kind);
  return outcome.chargeId;
}

describe("a payment whose update is lost", () => {
  it("is found: access, books and renewal are as if it had come", async () => {
    const anna = await scene.current.newcomer();
    const found = await rows("paymentFound");
    const chargeId = await buysUnheard(anna);
    await passes(30_000);
    expect(await anna.billing(), "the update might still come").toBe("checkout");
    await passes(6 * MINUTE_MS);
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.intent()).toBe("autoRenew");
    expect((await anna.payment(chargeId)).context).toMatchObject({ firstRecurring: true });
    expect(anna.chat()).toMatch(/Payment received/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await entries(anna)).toEqual([["charge", 500]]);
    expect(await rows("paymentFound")).toBe(found + 1);

    const before = await anna.paidUntil();
    await scene.current.stage.advanceTo(before + HOUR_MS);
    expect(await anna.subscription(), "it renews like any other").toMatchObject({ charges: 2 });
  });

  it("counts once when the update comes after all", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const late = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "delay" },
    });
    await anna.pays();
    await passes(10 * MINUTE_MS);
    expect(await anna.billing()).toMatch(/^active/);
    const until = await anna.paidUntil();
    late.remove();
    await scene.current.stage.settle();
    await passes(10 * MINUTE_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 1, paidUntil: until });
    expect(await entries(anna)).toEqual([["charge", 500]]);
    expect(anna.chat().match(/Payment received/g)).toHaveLength(1);
    expect(await scene.current.ticketsOf(anna)).toEqual([]);
  });

  it("is found for a term that does not renew", async () => {
    const anna = await scene.current.newcomer();
    await buysUnheard(anna, "club-quarter");
    await passes(10 * MINUTE_MS);
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.intent()).toBe("prepaid");
  });

  it("is found at the start of a service that was down meanwhile", async () => {
    const anna = await scene.current.newcomer();
    await buysUnheard(anna);
    await scene.current.stage.advance(2 * MINUTE_MS);
    await scene.current.stage.restart();
    await vi.waitFor(async () => expect(await anna.billing()).toMatch(/^active/), { timeout: 10_000 });
    await scene.current.stage.settle();
  });

  it("is found when it was a renewal, before access ends", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const until = await anna.paidUntil();
    const lost = loses(anna, "successful_payment");
    await scene.current.stage.advanceTo(until);
    expect(lost.hits).toBe(1);
    await passes(6 * MINUTE_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect(await anna.paidUntil()).toBeGreaterThanOrEqual(until + 30 * 24 * HOUR_MS - 1_000);
    expect(await anna.billing()).toMatch(/^active/);
    expect(anna.isIn()).toBe(true);
    const renewal = (await scene.current.ledgerOf(anna)).at(-1)?.chargeId ?? "";
    expect((await anna.payment(renewal)).context).toMatchObject({ recurring: true, firstRecurring: false });
  });
});

describe("a charge that was taken back", () => {
  it("by the bank, of which Telegram says nothing: access ends, the person is watched, people hear of it", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    scene.current.telegram.chargeback(chargeId);
    await passes(5 * MINUTE_MS);
    expect(anna.isIn(), "a refund's message might still come").toBe(true);
    await passes(6 * MINUTE_MS);
    expect((await anna.payment(chargeId)).state).toBe("chargedBack");
    expect(await anna.risk()).toBe("watched");
    expect(anna.isIn()).toBe(false);
    expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "chargeback" }]);
    expect(await entries(anna)).toEqual([
      ["charge", 500],
      ["chargeback", -500],
    ]);
  });

  it("by a refund that another program made is a refund, which its message tells", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    await refundsElsewhere(anna, chargeId);
    await passes(HOUR_MS);
    expect((await anna.payment(chargeId)).state).toBe("refunded");
    expect(await anna.risk()).toBe("clear");
    expect(anna.isIn()).toBe(false);
    expect(await entries(anna)).toEqual([
      ["charge", 500],
      ["refund", -500],
    ]);
  });

  it("by such a refund whose message is late is still a refund, as long as updates wait", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    const late = scene.current.telegram.faults.onDelivery({
      updateType: "refunded_payment",
      times: 1,
      fault: { kind: "delay" },
    });
    await refundsElsewhere(anna, chargeId);
    await passes(HOUR_MS);
    expect((await anna.payment(chargeId)).state).toBe("applied");
    late.remove();
    await passes(HOUR_MS);
    expect((await anna.payment(chargeId)).state).toBe("refunded");
    expect(await entries(anna)).toEqual([
      ["charge", 500],
      ["refund", -500],
    ]);
  });

  async function refundsElsewhere(someone: Subscriber, chargeId: string): Promise<void> {
    const { apiRoot, token } = scene.current.telegram;
    const answer = await fetch(`${apiRoot}/bot${token}/refundStarPayment`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user_id: someone.id, telegram_payment_charge_id: chargeId }),
    });
    expect(answer.status).toBe(200);
    await scene.current.stage.settle();
  }
});

describe("an authentic update about money in an odd form", () => {
  const paid = (someone: Subscriber, payment: object, message: object = {}) =>
    scene.current.receives({
      message: {
        ...{
          message_id: 77,
          date: 1,
          from: someone.person.user,
          chat: { id: someone.id, type: "private", first_name: "x" },
        },
        successful_payment: { currency: "XTR", total_amount: 500, provider_payment_charge_id: "", ...payment },
        ...message,
      },
    } as never);
  const orderOf = async (someone: Subscriber): Promise<string> => {
    const addresses = await scene.current.stage.actorsOf(someone.person);
    return addresses.find((address) => address.startsWith("order/"))?.slice("order/".length) ?? "";
  };

  it.each([
    [
      "a charge id with a bar, a percent sign and a control character",
      { telegram_payment_charge_id: "odd|%\u0007" },
      {},
    ],
    [
      "no end of the paid time",
      { telegram_payment_charge_id: "odd-0", is_recurring: true, subscription_expiration_date: 0 },
      {},
    ],
    [
      "flags and ids of wrong types",
      { telegram_payment_charge_id: "odd-1", is_recurring: "yes", provider_payment_charge_id: 5 },
      {},
    ],
    [
      "a sender who is hardly described",
      { telegram_payment_charge_id: "odd-2" },
      { from: { id: "?" }, message_id: "x" },
    ],
  ])("(%s) buys what was paid for", async (_, payment, message) => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-quarter");
    const telegram_payment_charge_id = `${payment.telegram_payment_charge_id}-${anna.id}`;
    const order = { invoice_payload: await orderOf(anna), total_amount: 1_350 };
    await paid(anna, { ...order, ...payment, telegram_payment_charge_id }, message);
    expect(await anna.billing()).toMatch(/^active/);
    expect(await entries(anna)).toEqual([["charge", 1_350]]);
  });

  it("that nobody can make sense of is kept for people to look at, without what people wrote", async () => {
    const anna = await scene.current.newcomer();
    const line = 'tg_updates_set_aside_total{kind="message",problem="malformed"}';
    const before = await scene.current.metric(line);
    const updateId = await paid(
      anna,
      { telegram_payment_charge_id: "", order_info: { name: "Ann", phone_number: "+1" } },
      { text: "a secret" },
    );
    const [kept] = await scene.current.stage.app.updatesSetAside.list();
    expect(kept).toMatchObject({
      ...{ updateId, kind: "message", problem: "malformed", fields: ["successful_payment.telegram_payment_charge_id"] },
      ...{ chatId: anna.id, userId: anna.id },
      money: { successful_payment: { currency: "XTR", total_amount: 500, telegram_payment_charge_id: "" } },
    });
    expect(JSON.stringify(kept)).not.toMatch(/secret|Ann|\+1/);
    expect(await scene.current.metric(line)).toBe(before + 1);
  });

  it("that its payment refuses for good is kept as well", async () => {
    const updateId = await scene.current.receives({
      message: {
        ...{ message_id: 1, date: 1, chat: { id: -100_500, type: "group", title: "x" } },
        successful_payment: {
          currency: "XTR",
          total_amount: 5,
          invoice_payload: "o",
          telegram_payment_charge_id: "in-a-group",
        },
      },
    } as never);
    const kept = (await scene.current.stage.app.updatesSetAside.list()).find((update) => update.updateId === updateId);
    expect(kept).toMatchObject({ problem: "failed", fields: ["actor.invalidEvent"], chatId: -100_500 });
    expect(await scene.current.stage.read(addressOf.payment("in-a-group"))).toBeNull();
  });
});

itStaysWhole(scene);
