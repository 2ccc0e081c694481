// What happens to a subscription that runs: renewals, failures, cancelling, pausing, reminders.
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, itStaysWhole, MONTH_MS, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();

const statusOf = async (someone: Subscriber) => {
  await someone.says("/status");
  return someone.person.screen()?.text ?? "";
};

const switchesOff = async (someone: Subscriber) => {
  await statusOf(someone);
  await someone.presses("v1:cancelask:club");
  const question = someone.person.screen()?.text ?? "";
  await someone.presses("v1:cancel:club");
  return question;
};

/** Telegram's side of the newest subscription. */
const atTelegram = (someone: Subscriber) => someone.person.subscriptions().at(-1);

/** A month after which Telegram finds no Stars. */
async function failsToRenew(someone: Subscriber) {
  someone.person.spendElsewhere(someone.person.stars);
  await scene.current.stage.advanceTo((await someone.paidUntil()) + 60_000);
}

describe("switching the renewal off", () => {
  it("takes two taps, names the date, stops Telegram, and access stays until then", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await statusOf(anna);
    await anna.presses("v1:cancelask:club");
    expect(anna.person.screen()?.text).toMatch(/Switch renewal off\? Access stays until \d+ \w+ \d{4}/);
    expect(await anna.intent(), "one tap changes nothing").toBe("autoRenew");
    expect(atTelegram(anna)?.state).toBe("active");

    await anna.presses("v1:cancel:club");
    expect(anna.person.screen()?.text).toMatch(/Renewal is off, access until \d+ \w+ \d{4}/);
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(atTelegram(anna)).toMatchObject({ state: "canceled", lockedByBot: true });
    expect(anna.isIn()).toBe(true);

    const stars = anna.person.stars;
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 60_000);
    expect(await anna.billing()).toMatch(/^expired/);
    expect(anna.isIn()).toBe(false);
    expect(anna.person.stars).toBe(stars);
    expect(anna.chat()).toMatch(/subscription to “The club” has ended/);
  });

  it("can be undone: the bot allows it, the person switches it on at Telegram", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const chargeId = anna.person.subscriptions()[0]?.firstChargeId ?? "";
    await switchesOff(anna);
    expect(anna.person.reenableSubscription(chargeId), "locked by the bot").toBe(false);
    await anna.presses("v1:undo:club");
    expect(anna.person.screen()?.text).toMatch(/allowed again[\s\S]*Turn it on in Telegram/);
    expect(await anna.intent(), "allowed is not switched on").toBe("endsAtPeriodEnd.allowed");
    expect(anna.person.reenableSubscription(chargeId)).toBe(true);
    await scene.current.stage.settle();
    expect(await anna.intent()).toBe("autoRenew");
    expect(anna.person.screen()?.text).toMatch(/Renewal is on\. Next charge: 500 ⭐/);
    const before = await anna.paidUntil();
    await scene.current.stage.advanceTo(before + HOUR_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
  });

  it("at Telegram is told, and undone there as well", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    expect(anna.person.cancelSubscription(chargeId)).toBe(true);
    await scene.current.stage.settle();
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(anna.chat()).toMatch(/Renewal is off, access until/);
    expect(anna.isIn()).toBe(true);
    expect(anna.person.reenableSubscription(chargeId)).toBe(true);
    await scene.current.stage.settle();
    expect(await anna.intent()).toBe("autoRenew");
  });

  it("survives a Telegram that does it and does not say so", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const rule = scene.current.telegram.faults.onCall({
      method: "editUserStarSubscription",
      userId: anna.id,
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    await switchesOff(anna);
    await scene.current.settleRetries();
    expect(rule.hits).toBe(1);
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(atTelegram(anna)?.state).toBe("canceled");
    expect(await scene.current.ticketsOf(anna)).toEqual([]);
  });
});

describe("news about the renewal", () => {
  const changed = (someone: Subscriber, payload: string, state: "canceled" | "active" | "failed") =>
    scene.current.receives({ subscription: { user: someone.person.user, invoice_payload: payload, state } });

  it("in an odd order, twice or without a change does no harm", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    for (const state of ["active", "failed", "active", "canceled", "canceled"] as const)
      await changed(anna, payload, state);
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(anna.isIn()).toBe(true);
    for (const state of ["active", "failed", "active"] as const) await changed(anna, payload, state);
    expect(await anna.intent()).toBe("autoRenew");
    expect(await anna.billing()).toMatch(/^active/);
  });

  it("about somebody else's order, or none, changes nothing", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await anna.buysAndJoins("club-month");
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    const before = await anna.facts();
    await changed(boris, payload, "canceled");
    await changed(anna, "ord_nowhere", "canceled");
    expect(await anna.facts()).toEqual(before);
    expect(await boris.billing()).toBe("");
  });
});

describe("a renewal that fails", () => {
  it("is told at once, takes nothing away, and goes through when the Stars are there", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await failsToRenew(anna);
    expect(await anna.billing()).toBe("renewalSlack");
    expect(anna.chat()).toMatch(/could not charge 500 ⭐: not enough Stars/);
    expect(anna.isIn()).toBe(true);
    anna.person.topUp(1_000);
    await scene.current.stage.settle();
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect(anna.isIn()).toBe(true);
    expect(anna.person.stars).toBe(500);
    expect(anna.chat()).toMatch(/Renewed until/);
  });

  it("leads through grace to hold on time, and a new payment restores everything", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await failsToRenew(anna);
    const end = await anna.paidUntil();
    await scene.current.stage.advanceTo(end + DAY_MS + 60_000);
    expect(await anna.billing()).toMatch(/^pastDue\.grace/);
    expect(anna.isIn()).toBe(true);
    await scene.current.stage.advanceTo(end + 8 * DAY_MS - 60_000);
    expect(anna.isIn(), "until the last minute of the grace").toBe(true);
    await scene.current.stage.advanceTo(end + 8 * DAY_MS + 60_000);
    expect(await anna.billing()).toBe("pastDue.hold");
    expect(anna.isIn(), "and not a minute longer").toBe(false);
    expect(
      anna.chat().match(/renewal was not paid/g)?.length,
      "a first notice and at most three more",
    ).toBeLessThanOrEqual(4);

    anna.person.topUp(1_000);
    await scene.current.stage.settle();
    await anna.presses("v1:plan:club-month");
    await anna.pays();
    expect(await anna.billing()).toMatch(/^active/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(
      anna.person.subscriptions().filter(({ state }) => state === "active"),
      "one subscription renews, not two",
    ).toHaveLength(1);
  });

  it.each([
    ["hold", 10 * DAY_MS, /^pastDue\.hold/],
    ["expired", 35 * DAY_MS, /^expired/],
  ])("and is charged by Telegram only in %s restores access", async (_, afterMs, state) => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await failsToRenew(anna);
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    await scene.current.stage.advanceTo((await anna.paidUntil()) + afterMs);
    expect(await anna.billing()).toMatch(state);
    expect(anna.isIn()).toBe(false);
    const nowS = Math.floor(scene.current.now() / 1_000);
    const from = anna.person.user;
    await scene.current.receives({
      message: {
        message_id: 800_001,
        from,
        chat: { id: anna.id, type: "private", first_name: from.first_name },
        date: nowS,
        successful_payment: {
          ...{ currency: "XTR", total_amount: 500, invoice_payload: payload, provider_payment_charge_id: "" },
          ...{
            telegram_payment_charge_id: `late-${anna.id}`,
            is_recurring: true,
            subscription_expiration_date: nowS + 2_592_000,
          },
        },
      },
    });
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.paidUntil()).toBeGreaterThanOrEqual((nowS + 2_592_000) * 1_000);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("is not confused with a second payment by hand, which is declined", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const { renewingOrderId } = await anna.subscription();
    expect(renewingOrderId).not.toBeNull();
    const answer = await anna.person.payForged({ payload: renewingOrderId ?? "", currency: "XTR", totalAmount: 500 });
    expect(answer).toMatchObject({ kind: "declined" });
  });
});

describe("a pause", () => {
  it("begins where the paid time ends, stops Telegram, and a payment ends it", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await statusOf(anna);
    await anna.presses("v1:pauseask:club");
    expect(anna.person.screen()?.text).toMatch(/Pause\? Access stays until/);
    await anna.presses("v1:pause:club");
    expect(await anna.intent()).toBe("pauseAtPeriodEnd.stopped");
    expect(atTelegram(anna)?.state).toBe("canceled");
    expect(anna.isIn()).toBe(true);
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 60_000);
    expect(await anna.billing()).toBe("paused");
    expect(anna.isIn()).toBe(false);
    expect(await statusOf(anna)).toMatch(/paused until/);
    await anna.presses("v1:plan:club-month");
    await anna.pays();
    expect(await anna.billing()).toMatch(/^active/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("keeps time that was given in it, and resuming uses it without a payment", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await statusOf(anna);
    await anna.presses("v1:pauseask:club");
    await anna.presses("v1:pause:club");
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 60_000);
    await scene.current.staff(anna.subscriptionAt(), { type: "term.extended", by: "-", reason: "-", ms: 10 * DAY_MS });
    expect(await anna.billing()).toBe("paused");
    const stars = anna.person.stars;
    await statusOf(anna);
    await anna.presses("v1:resume:club");
    expect(await anna.billing()).toMatch(/^active/);
    expect((await anna.paidUntil()) - scene.current.now()).toBeGreaterThan(10 * DAY_MS - HOUR_MS);
    expect(anna.person.stars).toBe(stars);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("can be given up before it begins", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    await statusOf(anna);
    await anna.presses("v1:pauseask:club");
    await anna.presses("v1:pause:club");
    await anna.presses("v1:resume:club");
    expect(await anna.intent()).toBe("endsAtPeriodEnd.allowed");
    expect(anna.person.reenableSubscription(chargeId)).toBe(true);
    await scene.current.stage.settle();
    expect(await anna.intent()).toBe("autoRenew");
    expect(anna.isIn()).toBe(true);
  });
});

describe("reminders", () => {
  it("come between 10 and 20 o'clock in Moscow, whenever somebody bought", async () => {
    const people: Subscriber[] = [];
    for (let hour = 0; hour < 24; hour += 4) {
      const someone = await scene.current.newcomer();
      await someone.buys("club-quarter");
      people.push(someone);
      await scene.current.stage.advance(4 * HOUR_MS);
    }
    await scene.current.stage.advance(90 * DAY_MS);
    const hours = people.flatMap((someone) =>
      someone.person
        .messages()
        .filter((bubble) => bubble.from === "bot" && /ends in/.test(bubble.text))
        .map((bubble) => new Date(bubble.sentAtMs + 3 * HOUR_MS).getUTCHours()),
    );
    expect(hours.length, "two for each").toBe(2 * people.length);
    expect(hours.filter((hour) => hour < 10 || hour >= 20)).toEqual([]);
  });

  it("are switched off with one tap, and money is still told", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    await anna.waitsFor("nextReminder");
    expect(anna.chat()).toMatch(/ends in 3 days/);
    await anna.presses("v1:mute:");
    expect(anna.person.screen()?.text).toMatch(/No more reminders/);
    const heard = anna.texts().length;
    await scene.current.stage.advanceTo((await anna.paidUntil()) - 60_000);
    expect(anna.texts().length).toBe(heard);
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 3 * DAY_MS + HOUR_MS);
    expect(anna.chat()).toMatch(/The channel “The club” is closed/);
    expect(anna.isIn()).toBe(false);
  });

  it("are not sent to somebody who paid in the meantime", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    const first = await anna.paidUntil();
    await anna.waitsFor("nextReminder");
    await anna.presses("v1:plan:club-quarter");
    await anna.pays();
    const heard = anna.chat().match(/ends in/g)?.length;
    await scene.current.stage.advanceTo(first + DAY_MS);
    expect(anna.chat().match(/ends in/g)?.length).toBe(heard);
    expect(anna.isIn()).toBe(true);
  });

  it("name the months to come, not the ones that are over, after a year of renewals", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    for (let month = 0; month < 3; month += 1) await scene.current.stage.advanceTo((await anna.paidUntil()) + HOUR_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 4 });
    expect((await anna.paidUntil()) - scene.current.now()).toBeLessThanOrEqual(MONTH_MS + HOUR_MS);
    expect(await statusOf(anna)).toMatch(/active until/);
  });
});

describe("a renewal that fails while time paid in advance is left", () => {
  it("is shown without a date of a charge, and the end is reminded of", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    await anna.buys("club-month");
    expect(await statusOf(anna)).toContain("Next charge: 500 ⭐");
    const { renewsAt } = await anna.subscription();
    anna.person.spendElsewhere(anna.person.stars);
    await scene.current.stage.advanceTo((renewsAt ?? 0) + 60_000);
    expect(anna.texts().at(-1)).toMatch(/could not charge 500 ⭐/);
    expect(await statusOf(anna)).toMatch(/active until [^\n]*The renewal was not paid/);
    expect(await statusOf(anna)).not.toContain("Next charge");

    const until = await anna.paidUntil();
    expect(until).toBeGreaterThan(scene.current.now() + 2 * MONTH_MS);
    const before = anna.texts().length;
    await scene.current.stage.advanceTo(until - HOUR_MS);
    const reminders = anna.texts().slice(before);
    expect(reminders.length).toBeGreaterThan(0);
    for (const reminder of reminders) expect(reminder).toMatch(/^Your subscription to “The club” ends in/);
    expect(anna.isIn()).toBe(true);
  });
});

itStaysWhole(scene);

describe("nobody who holds access for life is charged for a renewal", () => {
  it("a gift for life switches the renewal off at Telegram, is told once, and nothing is charged or ends", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const { terms } = await anna.subscription();
    const stars = anna.person.stars;
    const event = { type: "term.granted", terms, ms: null };
    await scene.current.staff(anna.subscriptionAt(), event, "a gift of the house");
    expect(await anna.billing()).toBe("active.lifetime");
    expect(atTelegram(anna)).toMatchObject({ state: "canceled" });
    expect(anna.texts().filter((text) => text.includes("renewal is off"))).toHaveLength(1);
    await scene.current.stage.advance(2 * MONTH_MS);
    expect(anna.person.stars).toBe(stars);
    expect(await anna.billing()).toBe("active.lifetime");
    expect(anna.isIn()).toBe(true);
    expect(anna.chat()).not.toMatch(/Renewed/);
  });
});
