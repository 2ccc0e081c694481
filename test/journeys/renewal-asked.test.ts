// A Telegram that sends a pre-checkout query before it renews: nothing documents that it does, and nothing that it does not.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene({ telegram: { switches: { preCheckoutOnRenewal: true } } });

describe("a renewal that Telegram asks about", () => {
  const fails = (someone: Subscriber) =>
    someone.person.subscriptions().filter(({ state }) => state === "failed" || state === "ended");

  it("is let through, month after month, and nothing is said but that it renewed", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const accepted = JSON.stringify((await scene.current.stage.read(addressOf.customer(anna.id)))?.context);
    for (const charges of [2, 3]) {
      await scene.current.stage.advanceTo((await anna.paidUntil()) + HOUR_MS);
      expect(await anna.subscription()).toMatchObject({ charges });
      expect(await anna.intent()).toBe("autoRenew");
      expect(anna.isIn()).toBe(true);
    }
    expect(fails(anna)).toEqual([]);
    expect(anna.chat().match(/Renewed until/g)).toHaveLength(2);
    expect(anna.chat()).not.toMatch(/could not charge/);
    const after = JSON.stringify((await scene.current.stage.read(addressOf.customer(anna.id)))?.context);
    expect(after, "a renewal accepts no terms anew").toBe(accepted);
  });

  it("is let through at the old price, after trial days that Telegram does not know of", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/start plans");
    await anna.presses("v1:trial:club-month");
    await anna.buysAndJoins("club-month");
    const { paidUntil, renewsAt } = await anna.subscription();
    expect(renewsAt).toBeLessThan(paidUntil ?? 0);
    await scene.current.changePlans({ clubMonthStars: 900 });
    await scene.current.stage.advanceTo((renewsAt ?? 0) + HOUR_MS);
    await scene.current.changePlans({});
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect(fails(anna)).toEqual([]);
  });

  it("after a failed one is let through as soon as the Stars are there", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    anna.person.spendElsewhere(anna.person.stars);
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 2 * DAY_MS);
    expect(await anna.billing()).toMatch(/^pastDue\.grace/);
    anna.person.topUp(1_000);
    await scene.current.stage.settle();
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
  });

  it("is refused to who pays the same invoice again in the middle of the month", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await scene.current.stage.advance(10 * DAY_MS);
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    expect(await anna.person.payForged({ payload, currency: "XTR", totalAmount: 500 })).toMatchObject({
      kind: "declined",
      errorMessage: expect.stringContaining("already paid"),
    });
  });
});

itStaysWhole(scene);
