// Buying: what is offered, paid and given. Every refusal leaves the money where it is.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { FIAT_TOKEN, PRICES } from "./support/plans.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, MONTH_MS, type Scene, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();

/** The charge as an update, for money that no honest checkout let through. */
function paidUpdate(
  someone: Subscriber,
  payment: { payload: string; chargeId: string; amount?: number; currency?: string },
) {
  const from = someone.person.user;
  return {
    message: {
      message_id: 900_000 + Math.floor(Math.random() * 90_000),
      from,
      chat: { id: someone.id, type: "private" as const, first_name: from.first_name },
      date: Math.floor(scene.current.now() / 1_000),
      successful_payment: {
        currency: payment.currency ?? "XTR",
        total_amount: payment.amount ?? PRICES.clubMonth,
        invoice_payload: payment.payload,
        telegram_payment_charge_id: payment.chargeId,
        provider_payment_charge_id: "",
      },
    },
  };
}

const orderOf = async (someone: Subscriber, product: "club" | "once" = "club") => {
  const { orderId } = await someone.subscription(product);
  if (orderId === null) throw new Error("no order");
  return orderId;
};

/** Nothing was granted, nobody was charged, and the chat says why. */
async function expectDeclined({ stage }: Scene, someone: Subscriber, paying: Promise<unknown>, why: RegExp) {
  const stars = someone.person.stars;
  const outcome = await paying;
  await stage.settle();
  expect(outcome).toMatchObject({ kind: "declined", errorMessage: expect.stringMatching(why) });
  expect(someone.person.stars).toBe(stars);
  expect(await scene.current.ledgerOf(someone)).toEqual([]);
}

describe("a plan that renews", () => {
  it("is paid by a link, lets in by a join request, and Telegram's end of the paid time is ours", async () => {
    const anna = await scene.current.newcomer({ stars: 500 });
    const chargeId = await anna.buys("club-month");
    expect(await anna.billing()).toMatch(/^active\.term/);
    expect(await anna.intent()).toBe("autoRenew");
    expect(anna.chat()).toMatch(/Payment received[\s\S]*500 ⭐[\s\S]*Now join the channel/);
    expect(anna.chat()).toContain(chargeId);
    expect(anna.person.stars).toBe(0);
    expect(await anna.paidUntil()).toBeGreaterThanOrEqual(anna.person.subscriptions()[0]?.untilMs ?? Number.NaN);
    expect(await anna.joins()).toEqual({ kind: "requested" });
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
    expect(anna.person.screen()?.text).toMatch(/You are in “The club”/);
    expect(await scene.current.ledgerOf(anna)).toEqual([
      { entry: "charge", currency: "XTR", amountMinor: 500, chargeId, userId: anna.id },
    ]);
  });

  it("is renewed by Telegram, once per charge", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const before = await anna.paidUntil();
    await scene.current.stage.advanceTo(before + HOUR_MS);
    expect(await anna.billing()).toMatch(/^active\.term/);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect((await anna.paidUntil()) - before).toBeGreaterThanOrEqual(MONTH_MS - 1_000);
    expect(anna.chat()).toMatch(/Renewed until/);
    expect(anna.isIn()).toBe(true);
    expect(await scene.current.ledgerOf(anna)).toHaveLength(2);
  });
});

describe("other ways of paying", () => {
  it("sells a prepaid term by an invoice, and the next one begins where it ends", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-quarter");
    expect(await anna.intent()).toBe("prepaid");
    const first = await anna.paidUntil();
    await anna.buys("club-quarter");
    expect(await anna.paidUntil()).toBe(first + 90 * DAY_MS);
    expect(anna.person.stars).toBe(20_000 - 2 * PRICES.clubQuarter);
  });

  it("sells access for life, which no timer ends", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-life");
    expect(anna.chat()).toMatch(/5000 ⭐, access for life/);
    await anna.joins();
    expect(await anna.billing()).toBe("active.lifetime");
    expect(await anna.subscription()).toMatchObject({ paidUntil: null, deadline: null });
    expect((await scene.current.stage.read(anna.subscriptionAt()))?.timers).toEqual({});
    expect(anna.isIn()).toBe(true);
  });

  it("takes other money through its provider, and keeps it in its own currency", async () => {
    const anna = await scene.current.newcomer({ stars: 0 });
    const chargeId = await anna.buys("club-euro");
    expect(await anna.billing()).toMatch(/^active\.term/);
    expect(await anna.intent()).toBe("prepaid");
    expect(scene.current.telegram.calls({ method: "sendInvoice", chatId: anna.id }).at(-1)?.params).toMatchObject({
      provider_token: FIAT_TOKEN,
    });
    expect(await scene.current.ledgerOf(anna)).toEqual([
      { entry: "charge", currency: "EUR", amountMinor: 990, chargeId, userId: anna.id },
    ]);
    expect(anna.chat()).not.toContain(FIAT_TOKEN);
  });

  it("activates on a payment that comes after the checkout ran out", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const link = anna.invoice();
    expect(await anna.billing()).toBe("checkout");
    await scene.current.stage.advance(25 * HOUR_MS);
    expect(await anna.billing()).toBe("lead");
    expect(anna.chat()).toMatch(/not (been )?paid yet\./);
    expect(await anna.person.payInvoice(link)).toMatchObject({ kind: "paid" });
    await scene.current.stage.settle();
    expect(await anna.billing()).toMatch(/^active/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("offers the same order again to somebody who looks twice", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const order = await orderOf(anna);
    await anna.chooses("club-month");
    expect(await orderOf(anna)).toBe(order);
  });
});

describe("a trial", () => {
  it("opens once per person and is converted in place", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/start plans");
    await anna.presses("v1:trial:club-month");
    expect(await anna.billing()).toMatch(/^trialing/);
    expect(anna.chat()).toMatch(/Free access is open/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    const { trialUntil } = await anna.subscription();

    await anna.buys("club-month");
    expect(await anna.billing()).toMatch(/^active/);
    const subscriptions = (await scene.current.stage.actorsOf(anna.person)).filter((address) =>
      address.startsWith("subscription/"),
    );
    expect(subscriptions).toEqual([anna.subscriptionAt()]);
    expect(await anna.paidUntil(), "free days that were left are not lost").toBeGreaterThanOrEqual(
      (trialUntil ?? 0) + MONTH_MS,
    );
    expect(anna.isIn()).toBe(true);
  });

  it("ends by itself, and there is no second one", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/start plans");
    await anna.presses("v1:trial:club-month");
    await anna.joins();
    await scene.current.stage.advance(3 * DAY_MS + HOUR_MS);
    expect(await anna.billing()).toMatch(/^expired/);
    expect(anna.isIn()).toBe(false);
    await anna.says("/start plans");
    const labels = anna.person.screen()?.buttons.flat() ?? [];
    expect(labels.some((button) => button.kind === "callback" && button.data.startsWith("v1:trial"))).toBe(false);
    const before = await anna.facts();
    await anna.pressesForged("v1:trial:club-month", anna.person.screen()?.messageId);
    expect(await anna.facts()).toEqual(before);
    expect(anna.isIn()).toBe(false);
  });
});

describe("a checkout that would not be honoured", () => {
  it("is declined when this invoice was paid before", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const link = anna.invoice();
    expect(await anna.pays()).toMatchObject({ kind: "paid" });
    const again = await anna.person.payInvoice(link);
    await scene.current.stage.settle();
    expect(again).toMatchObject({ kind: "declined", errorMessage: expect.stringMatching(/already paid on/) });
    expect(await anna.subscription()).toMatchObject({ charges: 1 });
  });

  it("is declined when another renewing plan of the product is running", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-fortnight");
    const other = anna.invoice();
    await anna.buys("club-month");
    const outcome = await anna.person.payInvoice(other);
    expect(outcome).toMatchObject({ kind: "declined", errorMessage: expect.stringMatching(/renews by itself/) });
    await scene.current.stage.settle();
    expect(await anna.subscription()).toMatchObject({ charges: 1 });
  });

  it("is declined with today's price when the price has changed", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    await scene.current.changePlans({ clubMonthStars: 600 });
    try {
      await expectDeclined(
        scene.current,
        anna,
        anna.person.payInvoice(anna.invoice()),
        /price has changed to 600 ⭐\. Nothing was charged/,
      );
      expect(await anna.billing()).not.toMatch(/^active/);
      await anna.buys("club-month");
      expect(anna.person.stars).toBe(20_000 - 600);
    } finally {
      await scene.current.changePlans({});
    }
  });

  it("is declined to anybody but the person it was made for, who can still pay it", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await anna.chooses("club-month");
    const link = anna.invoice();
    await expectDeclined(
      scene.current,
      boris,
      boris.person.payInvoice(link),
      /belongs to someone else\. Get yours with \/start/,
    );
    expect(await boris.billing()).toBe("");
    expect(await anna.person.payInvoice(link)).toMatchObject({ kind: "paid" });
  });

  it("is declined to a blocked person", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    await scene.current.staff(addressOf.customer(anna.id), { type: "risk.blocked", by: "-", reason: "stolen cards" });
    await expectDeclined(scene.current, anna, anna.person.payInvoice(anna.invoice()), /can't take this payment/);
    expect(anna.isIn()).toBe(false);
  });

  it.each([
    ["nobody's", "ord_from_nowhere"],
    ["hostile", "../../{actors}|*\u0000"],
    ["as long as Telegram allows", "x".repeat(128)],
    ["another machine's", "payment/1"],
  ])("is declined when the payload is %s", async (_, payload) => {
    const anna = await scene.current.newcomer();
    await expectDeclined(
      scene.current,
      anna,
      anna.person.payForged({ payload, currency: "XTR", totalAmount: 500 }),
      /no such invoice/,
    );
  });

  it.each([
    ["less", "XTR", 499],
    ["more", "XTR", 501],
    ["in another currency", "EUR", 500],
  ])("is declined when the amount is %s", async (_, currency, totalAmount) => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const payload = await orderOf(anna);
    await expectDeclined(
      scene.current,
      anna,
      anna.person.payForged({ payload, currency, totalAmount }),
      /amount does not match/,
    );
    expect(await anna.billing()).not.toMatch(/^active/);
  });
});

describe("money that nobody asked for", () => {
  it.each([
    { what: "too little", reason: "underpaid", sale: { currency: "XTR", totalAmount: 499 } },
    { what: "in another currency", reason: "otherCurrency", sale: { currency: "EUR", totalAmount: 50_000 } },
    {
      what: "for no order",
      reason: "unknownOrder",
      sale: { currency: "XTR", totalAmount: 500, payload: "ord_forged" },
    },
  ])(
    "is quarantined when it is $what: in the books, with a ticket, told, and nothing granted",
    async ({ reason, sale }) => {
      const anna = await scene.current.newcomer();
      await anna.chooses("club-month");
      const outcome = await anna.person.payForged({ payload: await orderOf(anna), skipCheckout: true, ...sale });
      await scene.current.stage.settle();
      if (outcome.kind !== "paid") throw new Error(outcome.kind);
      const { state, context } = await anna.payment(outcome.chargeId);
      expect(state).toBe("quarantined");
      expect(context.disputeReason).toBe(reason);
      expect(await anna.billing()).toBe("checkout");
      expect(await anna.inviteState()).toBe("");
      expect(await scene.current.ledgerOf(anna)).toMatchObject([
        { entry: "charge", currency: sale.currency, amountMinor: sale.totalAmount },
      ]);
      expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "disputedPayment", detail: reason }]);
      expect(anna.chat()).toMatch(/could not apply it[^.]*\. The money is not lost/);
    },
  );

  it("is quarantined when somebody else pays the invoice past the checkout, and neither of the two gets in", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await anna.chooses("club-month");
    const payload = await orderOf(anna);
    const outcome = await boris.person.payForged({ payload, currency: "XTR", totalAmount: 500, skipCheckout: true });
    await scene.current.stage.settle();
    if (outcome.kind !== "paid") throw new Error(outcome.kind);
    expect((await boris.payment(outcome.chargeId)).context.disputeReason).toBe("otherBuyer");
    expect(await boris.billing()).toBe("");
    expect(await anna.billing()).toBe("checkout");
    expect(await anna.pays(), "the owner's invoice is not spoiled by it").toMatchObject({ kind: "paid" });
  });

  it("goes back when staff decide so", async () => {
    const anna = await scene.current.newcomer();
    const outcome = await anna.person.payForged({
      payload: "ord_mistake",
      currency: "XTR",
      totalAmount: 77,
      skipCheckout: true,
    });
    await scene.current.stage.settle();
    if (outcome.kind !== "paid") throw new Error(outcome.kind);
    await scene.current.staff(addressOf.payment(outcome.chargeId), {
      type: "refund.requested",
      by: "-",
      reason: "-",
      access: "policy",
    });
    expect((await anna.payment(outcome.chargeId)).state).toBe("refunded");
    expect(anna.person.stars).toBe(20_000);
    expect((await scene.current.ledgerOf(anna)).reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
  });
});

describe("one charge", () => {
  it("counts once for ever: repeated, renumbered, days later, or claimed by somebody else", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await boris.chooses("club-month");
    const chargeId = await anna.buys("club-month");
    const [until, payload] = [await anna.paidUntil(), await orderOf(anna)];

    for (let i = 0; i < 3; i += 1) await scene.current.receives(paidUpdate(anna, { payload, chargeId }));
    await scene.current.receives(paidUpdate(boris, { payload: await orderOf(boris), chargeId }));
    await scene.current.stage.advance(3 * DAY_MS);
    await scene.current.receives(paidUpdate(anna, { payload, chargeId }));

    expect(await anna.paidUntil()).toBe(until);
    expect(await anna.subscription()).toMatchObject({ charges: 1 });
    expect(await boris.billing()).not.toMatch(/^active/);
    expect(await scene.current.ledgerOf(anna)).toHaveLength(1);
    expect(await scene.current.ledgerOf(boris)).toEqual([]);
    expect(anna.chat().match(/Payment received/g)).toHaveLength(1);
  });

  it.each([
    ["comes twice in a row", { kind: "duplicate" as const }],
    ["comes twice at once", { kind: "duplicate" as const, concurrent: true }],
    ["comes twice under two numbers", { kind: "duplicate" as const, newUpdateId: true }],
    ["comes again because our answer was lost", { kind: "ackLost" as const }],
    ["comes again because the connection broke", { kind: "abort" as const }],
  ])("counts once when its update %s", async (_, fault) => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const rule = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault,
    });
    await anna.pays();
    await scene.current.settleRetries();
    rule.remove();
    expect(rule.hits).toBe(1);
    expect(await anna.subscription()).toMatchObject({ charges: 1 });
    expect(await scene.current.ledgerOf(anna)).toHaveLength(1);
    expect(anna.chat().match(/Payment received/g)).toHaveLength(1);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("is found when its update comes hours later", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const rule = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "delay" },
    });
    await anna.pays();
    expect(await anna.billing()).toBe("checkout");
    await scene.current.stage.advance(5 * HOUR_MS);
    rule.remove();
    await scene.current.stage.settle();
    expect(await anna.billing()).toMatch(/^active/);
  });

  it("taken back by the bank ends access and is watched; the second one blocks", async () => {
    const anna = await scene.current.newcomer();
    const first = await anna.buysAndJoins("club-month");
    scene.current.telegram.chargeback(first);
    await scene.current.staff(addressOf.payment(first), { type: "chargeback.seen" });
    expect((await anna.payment(first)).state).toBe("chargedBack");
    expect(await anna.risk()).toBe("watched");
    expect(await anna.billing()).toBe("refunded");
    expect(anna.isIn()).toBe(false);
    expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "chargeback" }]);
    expect((await scene.current.ledgerOf(anna)).map(({ entry, amountMinor }) => [entry, amountMinor])).toEqual([
      ["charge", 500],
      ["chargeback", -500],
    ]);
    expect(
      anna.person.subscriptions().every(({ state }) => state !== "active"),
      "nothing renews any more",
    ).toBe(true);

    const second = await anna.buys("once-month");
    await scene.current.staff(addressOf.payment(second), { type: "chargeback.seen" });
    expect(await anna.risk()).toBe("blocked");
    await anna.says("/start");
    expect(anna.person.screen()?.text).toMatch(/Access closed[\s\S]*can't sell/);
  });
});

itStaysWhole(scene);
