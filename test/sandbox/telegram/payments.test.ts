import type { StarTransactions } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { answerCheckouts, DAY_MS, startWorld, T0 } from "./support.ts";

const MONTH_S = 2_592_000;
const invoice = (extra: object = {}) => ({
  title: "1 month",
  description: "Access for a month",
  payload: "ord_1",
  provider_token: "",
  currency: "XTR",
  prices: [{ label: "1 month", amount: 500 }],
  ...extra,
});
const monthly = (extra: object = {}) => invoice({ subscription_period: MONTH_S, ...extra });

async function shop(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options);
  const ann = world.emulator.people.add({ firstName: "Ann", stars: 600 });
  ann.start();
  answerCheckouts(world);
  const link = (params: object = invoice()) => world.ok<string>("createInvoiceLink", params as Record<string, unknown>);
  const transactions = async (offset = 0) =>
    (await world.ok<StarTransactions>("getStarTransactions", { offset })).transactions;
  return { ...world, ann, link, transactions };
}

/** A paid subscription and its first charge. */
async function subscribed(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await shop(options);
  const paid = await world.ann.payInvoice(await world.link(monthly()));
  if (paid.kind !== "paid") throw new Error(paid.kind);
  await world.emulator.settled();
  return { ...world, chargeId: paid.chargeId };
}

describe("an invoice", () => {
  const wrong: [string, object, string][] = [
    ["a title of 33", { title: "x".repeat(33) }, "INVOICE_TITLE_INVALID"],
    ["an empty title", { title: "" }, "INVOICE_TITLE_INVALID"],
    ["a description of 256", { description: "x".repeat(256) }, "INVOICE_DESCRIPTION_INVALID"],
    ["a payload of 129 bytes", { payload: `${"ы".repeat(64)}x` }, "INVOICE_PAYLOAD_INVALID"],
    [
      "two prices in Stars",
      {
        prices: [
          { label: "a", amount: 1 },
          { label: "b", amount: 1 },
        ],
      },
      "STARS_INVOICE_INVALID",
    ],
    ["a provider token for Stars", { provider_token: "x" }, "STARS_INVOICE_INVALID"],
    ["no Stars", { prices: [{ label: "a", amount: 0 }] }, "CURRENCY_TOTAL_AMOUNT_INVALID"],
    ["another period", { subscription_period: 86_400 }, "SUBSCRIPTION_PERIOD_INVALID"],
    [
      "a subscription over 10 000 Stars",
      { subscription_period: MONTH_S, prices: [{ label: "a", amount: 10_001 }] },
      "CURRENCY_TOTAL_AMOUNT_INVALID",
    ],
    ["an unknown provider", { currency: "EUR", provider_token: "nope" }, "PAYMENT_PROVIDER_INVALID"],
  ];
  it.each(wrong)("is refused with %s", async (_what, change, code) => {
    const { refused } = await startWorld();
    expect(await refused("createInvoiceLink", invoice(change))).toBe(`Bad Request: ${code}`);
  });

  it("as a message has no subscription and begins with Pay", async () => {
    const { ann, ok, refused } = await shop();
    const message = { chat_id: ann.id, ...invoice() };
    expect(await refused("sendInvoice", { ...message, subscription_period: MONTH_S })).toBe(
      "Bad Request: SUBSCRIPTION_EXPORT_MISSING",
    );
    const other = { inline_keyboard: [[{ text: "x", callback_data: "x" }]] };
    expect(await refused("sendInvoice", { ...message, reply_markup: other })).toBe("Bad Request: BUTTON_TYPE_INVALID");
    expect(await ok("sendInvoice", message)).toMatchObject({
      invoice: { title: "1 month", currency: "XTR", total_amount: 500, start_parameter: "" },
    });
    expect(ann.press("Pay ⭐500").kind).toBe("pay");
  });

  it("takes any period of 5 s or more when periods are free", async () => {
    const { refused } = await startWorld({ freePeriods: true });
    expect(await refused("createInvoiceLink", monthly({ subscription_period: 60 }))).toBe("");
    expect(await refused("createInvoiceLink", monthly({ subscription_period: 4 }))).toContain("PERIOD_INVALID");
  });
});

describe("paying in Stars", () => {
  it("asks the bot, charges, and tells it in the payer's chat", async () => {
    const { ann, bot, emulator, link, ok, transactions } = await shop();
    const outcome = await ann.payInvoice(await link());
    await emulator.settled();
    expect(outcome).toEqual({ kind: "paid", chargeId: expect.stringMatching(/^stx/), expiresAtMs: null });
    expect(bot.of("pre_checkout_query")).toMatchObject([
      { from: { id: ann.id }, currency: "XTR", total_amount: 500, invoice_payload: "ord_1" },
    ]);
    const chargeId = outcome.kind === "paid" ? outcome.chargeId : "";
    expect(bot.of("message").at(-1)).toMatchObject({
      from: { id: ann.id },
      chat: { id: ann.id, type: "private" },
      successful_payment: {
        currency: "XTR",
        total_amount: 500,
        invoice_payload: "ord_1",
        telegram_payment_charge_id: chargeId,
        provider_payment_charge_id: `${ann.id}_1`,
      },
    });
    expect(bot.of("message").at(-1)?.successful_payment).not.toHaveProperty("is_recurring");
    expect([ann.stars, emulator.botStars]).toEqual([100, 500]);
    expect(await ok("getMyStarBalance")).toEqual({ amount: 500 });
    expect(await transactions()).toMatchObject([
      { id: chargeId, amount: 500, source: { type: "user", user: { id: ann.id }, invoice_payload: "ord_1" } },
    ]);
  });

  it("is declined with the bot's words, and nothing is charged", async () => {
    const world = await shop();
    answerCheckouts(world, { ok: false, error_message: "The price has changed." });
    expect(await world.ann.payInvoice(await world.link())).toEqual({
      kind: "declined",
      errorMessage: "The price has changed.",
    });
    expect(world.ann.stars).toBe(600);
    expect(await world.transactions()).toEqual([]);
  });

  it("times out when the bot takes longer than 10 s; a late answer is too old", async () => {
    const { ann, bot, emulator, link, refused, advance } = await shop();
    bot.answer = () => ({});
    const paying = ann.payInvoice(await link());
    await emulator.settled();
    await advance(10_000);
    expect(await paying).toEqual({ kind: "timeout" });
    const id = bot.of("pre_checkout_query")[0]?.id;
    expect(await refused("answerPreCheckoutQuery", { pre_checkout_query_id: id, ok: true })).toContain("too old");
    expect(ann.stars).toBe(600);
  });

  it("times out by the clock alone, whatever the timers say", async () => {
    const { ann, bot, clock, emulator, link, refused } = await shop({ realTimers: true });
    bot.answer = () => ({});
    const paying = ann.payInvoice(await link());
    await emulator.settled();
    clock.ms += 10_001;
    const id = bot.of("pre_checkout_query")[0]?.id;
    expect(await refused("answerPreCheckoutQuery", { pre_checkout_query_id: id, ok: true })).toContain("too old");
    await emulator.runDue(clock.ms);
    expect(await paying).toEqual({ kind: "timeout" });
  });

  it("needs a reason for a refusal", async () => {
    const { refused } = await shop();
    expect(await refused("answerPreCheckoutQuery", { pre_checkout_query_id: "1", ok: false })).toBe(
      'Bad Request: parameter "error_message" is required',
    );
  });

  it("does not even ask the bot without enough Stars", async () => {
    const { ann, bot, link } = await shop();
    const expensive = await link(invoice({ prices: [{ label: "x", amount: 700 }] }));
    expect(await ann.payInvoice(expensive)).toEqual({ kind: "insufficientStars", missing: 100 });
    expect(bot.of("pre_checkout_query")).toEqual([]);
  });

  it("works for anybody, any number of times, with the same payload and other charge ids", async () => {
    const { ann, bot, emulator, link } = await shop();
    const stranger = emulator.people.add({ stars: 5000 });
    const url = await link();
    const paid = [await ann.payInvoice(url), await stranger.payInvoice(url), await stranger.payInvoice(url)];
    await emulator.settled();
    expect(new Set(paid.map((p) => p.kind === "paid" && p.chargeId)).size).toBe(3);
    const payloads = bot.of("message").flatMap((m) => m.successful_payment?.invoice_payload ?? []);
    expect(payloads).toEqual(["ord_1", "ord_1", "ord_1"]);
  });

  it("works on a forwarded invoice message, unless it has a start parameter", async () => {
    const { ann, emulator, ok } = await shop();
    const bob = emulator.people.add({ stars: 1000 });
    const send = (extra: object) =>
      ok<{ message_id: number }>("sendInvoice", { chat_id: ann.id, ...invoice(), ...extra });
    const open = await send({});
    const bound = await send({ start_parameter: "ord1" });
    expect((await bob.payInvoice({ messageId: open.message_id, chatOf: ann })).kind).toBe("paid");
    await expect(async () => bob.payInvoice({ messageId: bound.message_id, chatOf: ann })).rejects.toThrow("deep link");
  });
});

describe("a forged sale", () => {
  const forged = { payload: "somebody else's", currency: "XTR", totalAmount: 1 };

  it("is asked for like any other, or charged without asking", async () => {
    const world = await shop();
    const { ann, bot, emulator } = world;
    answerCheckouts(world, { ok: false, error_message: "no" });
    expect((await ann.payForged(forged)).kind).toBe("declined");
    expect((await ann.payForged({ ...forged, skipCheckout: true })).kind).toBe("paid");
    await emulator.settled();
    expect(bot.of("pre_checkout_query")).toMatchObject([{ invoice_payload: "somebody else's", total_amount: 1 }]);
    expect(bot.of("message").at(-1)?.successful_payment?.invoice_payload).toBe("somebody else's");
  });
});

describe("paying in money", () => {
  it("goes through a known provider and leaves the Stars alone", async () => {
    const { ann, bot, emulator, link, refused } = await shop({ providerTokens: ["prov:TEST:1"] });
    const euro = await link(
      invoice({ currency: "EUR", provider_token: "prov:TEST:1", prices: [{ label: "x", amount: 990 }] }),
    );
    const outcome = await ann.payInvoice(euro);
    await emulator.settled();
    const chargeId = outcome.kind === "paid" ? outcome.chargeId : "";
    expect(bot.of("message").at(-1)?.successful_payment).toMatchObject({
      currency: "EUR",
      total_amount: 990,
      provider_payment_charge_id: expect.stringMatching(/^ch_/),
    });
    expect([ann.stars, emulator.botStars]).toEqual([600, 0]);
    expect(await refused("refundStarPayment", { user_id: ann.id, telegram_payment_charge_id: chargeId })).toBe(
      "Bad Request: CHARGE_ID_INVALID",
    );
  });
});

describe("a Stars subscription", () => {
  it("begins with both flags and renews by itself with the same payload", async () => {
    const { ann, bot, advance, chargeId, transactions } = await subscribed();
    const until = T0 / 1000 + MONTH_S;
    expect(bot.of("message").at(-1)?.successful_payment).toMatchObject({
      is_recurring: true,
      is_first_recurring: true,
      subscription_expiration_date: until,
    });
    ann.topUp(1000);
    await advance(30 * DAY_MS);
    const renewal = bot.of("message").at(-1)?.successful_payment;
    expect(renewal).toMatchObject({
      invoice_payload: "ord_1",
      is_recurring: true,
      subscription_expiration_date: until + MONTH_S,
    });
    expect(renewal).not.toHaveProperty("is_first_recurring");
    expect(renewal?.telegram_payment_charge_id).not.toBe(chargeId);
    expect(bot.of("pre_checkout_query")).toHaveLength(1);
    expect((await transactions(1))[0]).toMatchObject({ source: { subscription_period: MONTH_S } });
  });

  it("fails without Stars, and is paid after a top-up within the slack", async () => {
    const { ann, bot, advance, emulator, clock } = await subscribed();
    await advance(30 * DAY_MS);
    expect(bot.of("subscription")).toEqual([{ user: ann.user, invoice_payload: "ord_1", state: "failed" }]);
    await advance(DAY_MS);
    ann.topUp(400);
    await emulator.settled();
    expect(bot.of("message").at(-1)?.successful_payment?.subscription_expiration_date).toBe(clock.ms / 1000 + MONTH_S);
    expect(bot.of("subscription")).toHaveLength(1);
  });

  it("is over when the slack is over", async () => {
    const { ann, bot, advance, emulator } = await subscribed();
    await advance(34 * DAY_MS);
    ann.topUp(1000);
    await emulator.settled();
    expect(ann.subscriptions()[0]?.state).toBe("ended");
    expect(bot.of("message").filter((m) => m.successful_payment)).toHaveLength(1);
    expect(emulator.nextDueAt()).toBeNull();
  });

  it("is cancelled and switched on again by the person", async () => {
    const { ann, bot, advance, emulator } = await subscribed();
    ann.topUp(1000);
    expect(ann.cancelSubscription("ord_1")).toBe(true);
    expect(ann.cancelSubscription("ord_1")).toBe(false);
    expect(ann.reenableSubscription("ord_1")).toBe(true);
    ann.cancelSubscription("ord_1");
    await emulator.settled();
    expect(bot.of("subscription").map((s) => s.state)).toEqual(["canceled", "active", "canceled"]);
    await advance(31 * DAY_MS);
    expect(ann.subscriptions()[0]?.state).toBe("ended");
    expect(ann.reenableSubscription("ord_1")).toBe(false);
  });

  it("cancelled by the bot stays off until the bot unlocks it", async () => {
    const { ann, bot, ok, refused, chargeId, emulator } = await subscribed();
    const edit = (is_canceled: boolean) => ({ user_id: ann.id, telegram_payment_charge_id: chargeId, is_canceled });
    await ok("editUserStarSubscription", edit(true));
    expect(ann.reenableSubscription("ord_1")).toBe(false);
    await ok("editUserStarSubscription", edit(false));
    expect(ann.subscriptions()[0]?.state).toBe("canceled");
    expect(ann.reenableSubscription("ord_1")).toBe(true);
    await emulator.settled();
    expect(bot.of("subscription").map((s) => s.state)).toEqual(["active"]);
    expect(await refused("editUserStarSubscription", { ...edit(true), telegram_payment_charge_id: "stxNO" })).toBe(
      "Bad Request: CHARGE_ID_INVALID",
    );
  });

  it("takes only the first charge id in editUserStarSubscription", async () => {
    const { ann, advance, bot, refused } = await subscribed();
    ann.topUp(1000);
    await advance(30 * DAY_MS);
    const renewal = bot.of("message").at(-1)?.successful_payment?.telegram_payment_charge_id;
    expect(
      await refused("editUserStarSubscription", {
        user_id: ann.id,
        telegram_payment_charge_id: renewal,
        is_canceled: true,
      }),
    ).toBe("Bad Request: CHARGE_ID_INVALID");
  });
});

describe("a refund", () => {
  it("gives the Stars back once, under the id of the payment", async () => {
    const { ann, bot, ok, refused, chargeId, emulator, transactions } = await subscribed();
    const refund = { user_id: ann.id, telegram_payment_charge_id: chargeId };
    expect(await refused("refundStarPayment", { ...refund, telegram_payment_charge_id: "stxNO" })).toContain(
      "CHARGE_ID_INVALID",
    );
    expect(await refused("refundStarPayment", { ...refund, telegram_payment_charge_id: "" })).toContain(
      "CHARGE_ID_EMPTY",
    );
    expect(await refused("refundStarPayment", { ...refund, user_id: 5 })).toBe("Bad Request: USER_ID_INVALID");
    await ok("refundStarPayment", refund);
    await emulator.settled();
    expect([ann.stars, emulator.botStars]).toEqual([600, 0]);
    expect(bot.of("message").at(-1)).toMatchObject({
      from: { is_bot: true },
      chat: { id: ann.id },
      refunded_payment: { currency: "XTR", total_amount: 500, telegram_payment_charge_id: chargeId },
    });
    expect(await refused("refundStarPayment", refund)).toBe("Bad Request: CHARGE_ALREADY_REFUNDED");
    const rows = await transactions();
    expect(rows.map((r) => [r.id, "receiver" in r])).toEqual([
      [chargeId, false],
      [chargeId, true],
    ]);
    expect(ann.subscriptions()[0]?.state).toBe("active");
  });

  it("fails when the bot has not enough Stars left", async () => {
    const { ann, emulator, refused, chargeId, transactions } = await subscribed();
    emulator.withdrawStars(100);
    expect(await refused("refundStarPayment", { user_id: ann.id, telegram_payment_charge_id: chargeId })).toBe(
      "Bad Request: BALANCE_TOO_LOW",
    );
    expect((await transactions()).at(-1)).toMatchObject({ amount: 100, receiver: { type: "fragment" } });
  });

  it("by Apple or Google is silent and shows only in the transactions", async () => {
    const { bot, chargeId, emulator, transactions } = await subscribed();
    const before = bot.updates.length;
    emulator.chargeback(chargeId);
    await emulator.settled();
    expect(bot.updates).toHaveLength(before);
    expect((await transactions()).at(-1)).toMatchObject({ id: chargeId, amount: 500, receiver: { type: "user" } });
    expect(emulator.botStars).toBe(0);
    expect(() => emulator.chargeback(chargeId)).toThrow("given back already");
  });
});

describe("the open questions", () => {
  it("can be answered the other way", async () => {
    const { ann, bot, ok, chargeId, emulator } = await subscribed({
      switches: {
        botCancelEmitsSubscription: true,
        refundedPaymentFrom: "user",
        refundStopsRenewal: true,
        starsProviderChargeId: "empty",
      },
    });
    expect(bot.of("message").at(-1)?.successful_payment?.provider_payment_charge_id).toBe("");
    await ok("editUserStarSubscription", { user_id: ann.id, telegram_payment_charge_id: chargeId, is_canceled: true });
    await ok("editUserStarSubscription", { user_id: ann.id, telegram_payment_charge_id: chargeId, is_canceled: false });
    ann.reenableSubscription("ord_1");
    await ok("refundStarPayment", { user_id: ann.id, telegram_payment_charge_id: chargeId });
    await emulator.settled();
    expect(bot.of("subscription").map((s) => s.state)).toEqual(["canceled", "active"]);
    expect(bot.of("message").at(-1)?.from?.id).toBe(ann.id);
    expect(ann.subscriptions()[0]?.state).toBe("canceled");
  });

  it("asks before a renewal when told to, and takes no for an answer", async () => {
    const world = await subscribed({ switches: { preCheckoutOnRenewal: true } });
    const { ann, advance, bot } = world;
    ann.topUp(5000);
    await advance(30 * DAY_MS);
    expect(bot.of("pre_checkout_query")).toHaveLength(2);
    expect(bot.of("message").filter((m) => m.successful_payment)).toHaveLength(2);
    answerCheckouts(world, { ok: false, error_message: "no" });
    await advance(30 * DAY_MS);
    expect(bot.of("subscription").map((s) => s.state)).toEqual(["failed"]);
  });
});
