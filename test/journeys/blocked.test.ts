// A person whom staff block, money that comes from them all the same, and a charge that is said to be somebody else's.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, MONTH_MS, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();

const block = (someone: Subscriber) => scene.current.staff(addressOf.customer(someone.id), { type: "risk.blocked" });
const clear = (someone: Subscriber) => scene.current.staff(addressOf.customer(someone.id), { type: "risk.cleared" });

describe("a blocked person", () => {
  it("is put out, told so, and charged no more", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await block(anna);
    expect(anna.isIn()).toBe(false);
    expect(anna.person.screen()?.text).toMatch(/Access to “The club” is closed.*\/paysupport/s);
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(anna.person.subscriptions().at(-1)).toMatchObject({ state: "canceled", lockedByBot: true });

    const stars = anna.person.stars;
    const words = anna.texts().length;
    await scene.current.stage.advanceTo((await anna.paidUntil()) + MONTH_MS);
    expect(anna.person.stars).toBe(stars);
    expect(anna.texts().slice(words), "nothing is offered to somebody who may not buy").toEqual([]);
  });

  it("is let in again when the block is lifted, with the time that was paid", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    const until = await anna.paidUntil();
    await block(anna);
    await scene.current.stage.advance(DAY_MS);
    await clear(anna);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await anna.paidUntil()).toBe(until);
  });

  it("who is charged all the same is not thanked: the money is booked, the time kept, and people look", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const until = await anna.paidUntil();
    const rule = scene.current.telegram.faults.onCall({
      method: "editUserStarSubscription",
      userId: anna.id,
      fault: { kind: "error", status: 400, description: "Bad Request: SUBSCRIPTION_NOT_MODIFIED_YET" },
    });
    await block(anna);
    await scene.current.settleRetries();
    expect(await anna.intent()).toBe("endsAtPeriodEnd.stopFailed");
    rule.remove();
    const words = anna.texts().length;
    await scene.current.stage.advanceTo(until + HOUR_MS);

    const [charge] = (await scene.current.ledgerOf(anna)).slice(-1);
    expect(await scene.current.ledgerOf(anna)).toHaveLength(2);
    expect(await anna.paidUntil()).toBeGreaterThan(until);
    expect((await anna.payment(charge?.chargeId ?? "")).state).toBe("applied");
    expect(anna.isIn()).toBe(false);
    expect(await scene.current.ticketsOf(anna)).toContainEqual(
      expect.objectContaining({ subject: "payment", detail: "riskBlocked" }),
    );
    const said = anna.texts().slice(words).join("\n");
    expect(said).toMatch(/money is not lost/);
    expect(said).not.toMatch(/Thank you|Payment received|Renewed/);
    expect(await anna.intent(), "the next charge is stopped").toBe("endsAtPeriodEnd.stopped");
    expect(anna.person.subscriptions().at(-1)?.state).toBe("canceled");
  });
});

describe("somebody whose joining nobody heard of", () => {
  const joinsUnheard = async (): Promise<Subscriber> => {
    const anna = await scene.current.newcomer();
    await anna.buys("once-month");
    const rule = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "chat_member",
      times: 1,
      fault: { kind: "drop" },
    });
    expect(await anna.joins()).toEqual({ kind: "joined" });
    expect(rule.hits).toBe(1);
    expect(await anna.inviteState("once")).toBe("linkIssued");
    return anna;
  };

  it("is known to be inside when the link ends, and leaves with the right", async () => {
    const anna = await joinsUnheard();
    await scene.current.stage.advance(2 * HOUR_MS);
    expect(await anna.inviteState("once")).toBe("member");
    expect(anna.isIn("once")).toBe(true);
    await block(anna);
    expect(anna.isIn("once")).toBe(false);
  });

  it("is put out when the right ends before the link", async () => {
    const anna = await joinsUnheard();
    await block(anna);
    expect(anna.isIn("once")).toBe(false);
    expect(await anna.inviteState("once")).toBe("removed");
  });
});

itStaysWhole(scene);
