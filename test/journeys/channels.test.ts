// A channel in which the bot cannot work, and too many removals at once: nobody pays for that, and people decide.
import { afterEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CHATS } from "./support/plans.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene({ plans: { policies: "{ removalBreaker: { perHour: 2, percent: 10 } }" } });

const fragile = () => scene.current.telegram.channels.get(CHATS.fragile);
const health = async (chatId: number = CHATS.fragile) => {
  const states = (await scene.current.channel(chatId))?.states ?? [];
  return states.find((state) => state.startsWith("health."))?.slice("health.".length) ?? "";
};
const bansOf = (someone: Subscriber) =>
  scene.current.telegram.calls({ method: "banChatMember", userId: someone.id }).length;

async function losesRights() {
  fragile().setBotRights({ can_restrict_members: false });
  await scene.current.stage.settle();
  expect(await health()).toMatch(/^degraded/);
}

async function recovers() {
  fragile().setBotRights({ can_restrict_members: true, can_invite_users: true });
  await scene.current.stage.settle();
  expect(await health()).toMatch(/^healthy/);
}

// A test that fails half way must not leave the next one without a channel.
afterEach(async () => {
  if (!(await health()).startsWith("healthy")) await recovers();
});

describe("a channel in which the bot lost a right", () => {
  it("puts nobody out, stops the clocks, and gives the time back when it recovers", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-quarter");
    const end = await anna.paidUntil("fragile");
    await scene.current.stage.advanceTo(end - HOUR_MS);
    await losesRights();
    await scene.current.stage.advance(4 * HOUR_MS);
    expect(await anna.billing("fragile"), "the clock stands still").toMatch(/^active/);
    expect(anna.isIn("fragile")).toBe(true);
    await recovers();
    const left = (await anna.paidUntil("fragile")) - scene.current.now();
    expect(left).toBeGreaterThan(HOUR_MS - 60_000);
    expect(left).toBeLessThanOrEqual(HOUR_MS + 60_000);
    expect(anna.isIn("fragile")).toBe(true);
    await scene.current.stage.advance(3 * DAY_MS + 2 * HOUR_MS);
    expect(anna.isIn("fragile"), "and then the end comes as always").toBe(false);
    expect(await anna.billing("fragile")).toBe("pastDue.hold");
  });

  it("lets nobody fall out of a grace that ran into the outage", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-quarter");
    await scene.current.stage.advanceTo((await anna.paidUntil("fragile")) + 3 * DAY_MS - HOUR_MS);
    expect(await anna.billing("fragile")).toMatch(/^pastDue\.grace/);
    await losesRights();
    await scene.current.stage.advance(3 * HOUR_MS);
    expect(anna.isIn("fragile")).toBe(true);
    expect(bansOf(anna)).toBe(0);
    await recovers();
    expect(await anna.billing("fragile")).toMatch(/^pastDue\.grace/);
    await scene.current.stage.advance(HOUR_MS + 60_000);
    expect(await anna.billing("fragile")).toBe("pastDue.hold");
    expect(anna.isIn("fragile")).toBe(false);
  });

  it("opens one ticket and closes it by itself", async () => {
    await losesRights();
    const id = addressOf.channel(String(CHATS.fragile));
    const tickets = async () => {
      const found = [];
      for await (const address of scene.current.stage.app.core.actors.inState("ticket", "")) {
        const view = await scene.current.stage.read(address);
        if (view?.context.about === id) found.push(view.states[0]);
      }
      return found;
    };
    expect(await tickets(), "an earlier outage's one is opened again").toEqual([
      expect.stringMatching(/^(open|reopened)$/),
    ]);
    await recovers();
    expect(await tickets()).toEqual(["closed"]);
  });

  it("drains what was waiting: who should be out goes out, who paid gets in", async () => {
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await boris.buysAndJoins("fragile-month");
    const anna = await scene.current.newcomer();
    await anna.chooses("fragile-quarter");
    // Approved while all was well; that it was paid is heard of when it is not.
    const late = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "delay" },
    });
    // Her checkout was approved just before, so the charge comes all the same.
    const { orderId } = await anna.subscription("fragile");
    await anna.person.payForged({ payload: orderId ?? "", currency: "XTR", totalAmount: 400, skipCheckout: true });
    await scene.current.stage.settle();
    fragile().setBotRights({ can_restrict_members: false, can_invite_users: false });
    await scene.current.stage.settle();
    late.release();
    await scene.current.stage.settle();
    await scene.current.staff(boris.subscriptionAt("fragile"), {
      type: "access.revoked",
      by: "-",
      reason: "sold the records",
    });
    expect(await anna.billing("fragile"), "the money counts").toMatch(/^active/);
    expect(anna.chat()).toMatch(/invitation is being prepared[\s\S]*No need to pay again/);
    expect(boris.isIn("fragile")).toBe(true);
    expect(bansOf(boris)).toBe(0);
    await recovers();
    await scene.current.settleRetries();
    expect(boris.isIn("fragile")).toBe(false);
    await anna.joins();
    expect(anna.isIn("fragile")).toBe(true);
  });

  it("is found out by a refused call when the update about it was lost", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-month");
    scene.current.telegram.faults.onDelivery({
      updateType: "my_chat_member",
      chatId: CHATS.fragile,
      times: 1,
      fault: { kind: "drop" },
    });
    fragile().setBotRights({ can_restrict_members: false });
    await scene.current.stage.settle();
    expect(await health(), "nobody said a word").toMatch(/^healthy/);
    await scene.current.staff(anna.subscriptionAt("fragile"), {
      type: "access.revoked",
      by: "-",
      reason: "to see a refused call",
    });
    expect(await health()).toMatch(/^degraded/);
    expect(anna.isIn("fragile")).toBe(true);
    // Rights come back without a word as well: the channel looks for itself.
    scene.current.telegram.faults.onDelivery({
      updateType: "my_chat_member",
      chatId: CHATS.fragile,
      times: 1,
      fault: { kind: "drop" },
    });
    fragile().setBotRights({ can_restrict_members: true });
    await scene.current.stage.advance(HOUR_MS);
    await scene.current.settleRetries();
    expect(await health()).toMatch(/^healthy/);
    expect(anna.isIn("fragile")).toBe(false);
  });
});

describe("a channel from which the bot was removed", () => {
  it("is not sold: neither offered nor approved at the checkout, and both say why", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("fragile-month");
    const link = anna.invoice();
    fragile().removeBot();
    await scene.current.stage.settle();
    expect(await health()).toMatch(/^lost/);
    expect(await anna.person.payInvoice(link)).toMatchObject({
      kind: "declined",
      errorMessage: expect.stringMatching(/channel is not available now.*Nothing was charged/),
    });
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await boris.chooses("fragile-month");
    expect(boris.person.screen()?.text).toMatch(/Sales are paused.*Nothing was charged/);
    expect(await boris.billing("fragile")).toBe("");
    await recovers();
    await boris.presses("v1:home:");
    await boris.buysAndJoins("fragile-month");
    expect(boris.isIn("fragile")).toBe(true);
  });

  it("keeps the time of those who paid for it", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-quarter");
    const end = await anna.paidUntil("fragile");
    fragile().removeBot({ ban: true });
    await scene.current.stage.settle();
    await scene.current.stage.advance(5 * HOUR_MS);
    await recovers();
    const given = (await anna.paidUntil("fragile")) - end;
    expect(given).toBeGreaterThan(5 * HOUR_MS - 60_000);
    expect(given).toBeLessThan(5 * HOUR_MS + 60_000);
  });
});

describe("a channel that will not come back", () => {
  it("is given up by staff: time runs for its subscribers again, and it is left alone", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-quarter");
    const end = await anna.paidUntil("fragile");
    fragile().removeBot({ ban: true });
    await scene.current.stage.settle();
    await scene.current.stage.advance(5 * HOUR_MS);
    const at = addressOf.channel(String(CHATS.fragile));
    const before = (await scene.current.channel(CHATS.fragile))?.rev ?? 0;
    await scene.current.staff(at, { type: "channel.givenUp" });
    expect(await health()).toBe("givenUp.settled");
    expect((await anna.subscription("fragile")).stoppedFor).toEqual([]);
    expect((await anna.paidUntil("fragile")) - end, "what was lost is given back").toBeGreaterThan(
      5 * HOUR_MS - 60_000,
    );
    await scene.current.stage.advanceTo((await anna.paidUntil("fragile")) + 4 * DAY_MS);
    expect(await anna.billing("fragile")).toMatch(/^pastDue\.hold|^expired/);
    // The word of staff and a removal that was asked for: no looks.
    expect(((await scene.current.channel(CHATS.fragile))?.rev ?? 0) - before).toBeLessThan(5);
    await recovers();
    expect(await health()).toMatch(/^healthy/);
  });
});

describe("more removals within an hour than the breaker allows", () => {
  it("wait for staff, who release them", async () => {
    const people: Subscriber[] = [];
    for (let i = 0; i < 4; i += 1) {
      const someone = await scene.current.newcomer();
      await someone.buysAndJoins("club-quarter");
      people.push(someone);
    }
    await scene.current.stage.advanceTo((await (people.at(-1) as Subscriber).paidUntil()) + 3 * DAY_MS + 60_000);
    const inside = () => people.filter((someone) => someone.isIn()).length;
    expect(inside(), "two an hour").toBe(2);
    const channel = await scene.current.channel(CHATS.club);
    expect(channel?.states).toContain("removals.held");
    await scene.current.stage.advance(3 * HOUR_MS);
    expect(inside(), "nobody more, however long it takes").toBe(2);

    await scene.current.staff(addressOf.channel(String(CHATS.club)), {
      type: "removals.released",
      by: "-",
      reason: "a price went up, these are real",
    });
    await scene.current.settleRetries();
    expect(inside()).toBe(0);
    expect((await scene.current.channel(CHATS.club))?.states).toContain("removals.flowing");
  });
});

itStaysWhole(scene);
