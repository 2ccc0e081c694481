// Who gets into a channel, who is kept out, and who is put out: by the person, never by the link.
import { describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CHATS } from "./support/plans.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene();

const desk = (product: keyof typeof CHATS = "club") => scene.current.telegram.channels.get(CHATS[product]);
const callsTo = (method: string, userId: number) => scene.current.telegram.calls({ method, userId });

describe("a join request", () => {
  it("of somebody whose payment comes after it is declined with a way to buy, and the invitation follows the payment", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const late = scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "delay" },
    });
    await anna.pays();
    const anyLink = desk().adminCreatesLink({ createsJoinRequest: true });
    expect(await anna.opens(anyLink)).toEqual({ kind: "requested" });
    expect(anna.isIn()).toBe(false);
    expect(desk().pendingRequestIds()).not.toContain(anna.id);
    late.remove();
    await scene.current.stage.settle();
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("that waits while the person pays is approved without another step", async () => {
    const anna = await scene.current.newcomer();
    // Nobody heard of the request: its update is lost.
    scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "chat_join_request",
      times: 1,
      fault: { kind: "drop" },
    });
    await anna.opens(desk().adminCreatesLink({ createsJoinRequest: true }));
    expect(desk().pendingRequestIds()).toContain(anna.id);
    await anna.buys("club-month");
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
    expect(anna.chat()).toMatch(/You are in “The club”|are in “The club” already/);
  });

  it("of a stranger with somebody's link is declined; both are told, and the owner gets a new link", async () => {
    const anna = await scene.current.newcomer();
    const boris = scene.current.stranger({ firstName: "Boris" });
    await anna.buys("club-month");
    const first = anna.invitation();
    expect(await boris.opens(first)).toEqual({ kind: "requested" });
    expect(boris.isIn()).toBe(false);
    expect(desk().pendingRequestIds()).not.toContain(boris.id);
    expect(boris.chat()).toMatch(/belongs to someone else\. Get yours with \/start/);
    expect(anna.chat()).toMatch(/Someone tried your link\.[^\n]*made (you )?a new one/);
    expect(anna.invitation()).not.toBe(first);
    expect(await anna.opens(first), "the old one is dead").toMatchObject({ kind: "refused", reason: "revoked" });
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await anna.risk(), "a knock that was declined is no crime of the owner's").toBe("clear");
  });

  it("approved by a human admin for somebody who did not pay ends with that person outside", async () => {
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    scene.current.telegram.faults.onDelivery({
      userId: boris.id,
      updateType: "chat_join_request",
      times: 1,
      fault: { kind: "drop" },
    });
    await boris.opens(desk().adminCreatesLink({ createsJoinRequest: true }));
    desk().adminApproves(boris.person);
    await scene.current.stage.settle();
    expect(boris.isIn()).toBe(false);
    expect(desk().member(boris.person).status, "and can come back by paying").toBe("left");
  });

  it("of somebody in too many chats is answered when there is room again", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    const link = anna.invitation();
    anna.person.setInTooManyChannels(true);
    await anna.opens(link);
    expect(anna.isIn()).toBe(false);
    expect(anna.chat()).toMatch(/you are in too many channels[^\n]*Leave one/);
    anna.person.setInTooManyChannels(false);
    expect(await anna.opens(link), "the request waits at Telegram: the link does nothing now").toMatchObject({
      kind: "refused",
      reason: "alreadyRequested",
    });
    await anna.presses("v1:invite:club");
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
  });
});

describe("a one-use link", () => {
  it("lets its owner in without a request and is worth nothing afterwards", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("once-month");
    const link = anna.invitation();
    expect(await anna.opens(link)).toEqual({ kind: "joined" });
    expect(await anna.inviteState("once")).toBe("member");
    const boris = scene.current.stranger({ firstName: "Boris" });
    expect(await boris.opens(link)).toMatchObject({ kind: "refused" });
    await anna.leaves("once");
    expect(await boris.opens(link), "the place that became free is not his").toMatchObject({
      kind: "refused",
      reason: "revoked",
    });
  });

  it("that was passed on puts the intruder out, watches the owner, and the owner still gets in", async () => {
    const anna = await scene.current.newcomer();
    const boris = scene.current.stranger({ firstName: "Boris" });
    await anna.buys("once-month");
    const link = anna.invitation();
    expect(await boris.opens(link)).toEqual({ kind: "joined" });
    expect(boris.isIn("once")).toBe(false);
    expect(await boris.inviteState("once")).toBe("removed");
    expect(await anna.risk()).toBe("watched");
    expect(anna.chat()).toMatch(/Someone came in by your link\. We are removing them/);
    expect(anna.invitation()).not.toBe(link);
    expect(await boris.opens(link)).toMatchObject({ kind: "refused" });
    await anna.joins();
    expect(anna.isIn("once")).toBe(true);
  });
});

describe("the way in", () => {
  it("stays open to somebody who left: told until when, back with one button", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await anna.leaves();
    expect(anna.person.screen()?.text).toMatch(
      /You left the channel\. Your subscription runs until .*come back any time/,
    );
    await anna.presses("v1:invite:club");
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
  });

  it("is made anew when another admin revoked the link, and when it ran out", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    desk().revokeLink(anna.invitation());
    expect(await anna.joins()).toMatchObject({ kind: "refused", reason: "revoked" });
    await scene.current.stage.advance(HOUR_MS + 60_000);
    expect(await anna.inviteState()).toBe("none");
    await anna.says("/status");
    await anna.presses("v1:invite:club");
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("is made anew at once on request when another admin revoked the link", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    const dead = anna.invitation();
    desk().revokeLink(dead);
    await anna.says("/status");
    const ask = anna.person
      .screen()
      ?.buttons.flat()
      .find((button) => button.kind === "callback" && button.data === "v1:invite:club");
    expect(ask, "a person whose link does not work can ask for another one").toBeDefined();
    await anna.presses("v1:invite:club");
    expect(anna.invitation()).not.toBe(dead);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("has a limit a day, named with its end, which a payment never meets", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    for (let i = 0; i < 8; i += 1) {
      await anna.joins();
      await anna.leaves();
      const ask = anna.person
        .screen()
        ?.buttons.flat()
        .some((button) => button.kind === "callback" && button.data === "v1:invite:club");
      if (!ask) break;
      await anna.presses("v1:invite:club");
      if (!anna.hasInvitation()) break;
    }
    expect(anna.chat()).toMatch(/No more invitations today\.[^\n]* \d{1,2} \w+/);
    expect(callsTo("createChatInviteLink", anna.id).length).toBeLessThanOrEqual(5);
    await scene.current.stage.advance(DAY_MS + HOUR_MS);
    await anna.says("/status");
    await anna.presses("v1:invite:club");
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });
});

describe("the owner and administrators", () => {
  it("are never put out, whatever their subscription says", async () => {
    const admin = await scene.current.newcomer({ firstName: "Admin" });
    await admin.buysAndJoins("club-quarter");
    desk().adminPromotes(admin.person);
    await scene.current.stage.settle();
    const bans = callsTo("banChatMember", admin.id).length;
    await scene.current.stage.advanceTo((await admin.paidUntil()) + 4 * DAY_MS);
    expect(await admin.billing()).toBe("pastDue.hold");
    expect(admin.isIn()).toBe(true);
    expect(callsTo("banChatMember", admin.id).length).toBe(bans);
  });

  it("become ordinary people when they are demoted", async () => {
    const admin = await scene.current.newcomer({ firstName: "Admin" });
    await admin.buysAndJoins("club-quarter");
    desk().adminPromotes(admin.person);
    await scene.current.stage.advanceTo((await admin.paidUntil()) + 4 * DAY_MS);
    expect(admin.isIn()).toBe(true);
    desk().adminAdds(admin.person); // back to a plain member
    await scene.current.stage.settle();
    expect(admin.isIn()).toBe(false);
  });
});

describe("another admin", () => {
  it("who bans a paying member makes work for support, and a lifted ban opens the way in again", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    desk().adminBans(anna.person);
    await scene.current.stage.settle();
    expect(await anna.inviteState()).toBe("removed");
    expect(await scene.current.ticketsOf(anna)).toMatchObject([{ subject: "removedByOther" }]);
    await anna.says("/status");
    expect(anna.texts().at(-1)).toMatch(/An administrator of the channel has removed you[^\n]*We are looking into it/);
    const shown = anna.person.screen()?.buttons.flat() ?? [];
    expect(shown.map(({ text }) => text)).not.toContain("Get an invitation");
    await anna.pressesForged("v1:invite:club");
    expect(desk().member(anna.person).status, "a human's ban is not lifted by the bot").toBe("kicked");
    desk().adminUnbans(anna.person);
    await scene.current.stage.settle();
    expect(anna.hasInvitation(), "a new way in comes by itself").toBe(true);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });

  it("who adds somebody without a subscription finds them outside again", async () => {
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    desk().adminAdds(boris.person);
    await scene.current.stage.settle();
    expect(boris.isIn()).toBe(false);
    expect(desk().member(boris.person).status).toBe("left");
  });
});

describe("the end of access", () => {
  it("loses the race against a renewal", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 3 * DAY_MS - HOUR_MS);
    await anna.says("/status");
    await anna.presses("v1:plan:club-quarter");
    const invoice = anna.invoice();
    // The removal has begun and hangs in its first look; meanwhile the person pays.
    const hanging = scene.current.telegram.faults.onCall({
      method: "getChatMember",
      userId: anna.id,
      times: 1,
      fault: { kind: "hang" },
    });
    const moving = scene.current.stage.advance(2 * HOUR_MS);
    await vi.waitFor(() => expect(hanging.hits).toBe(1), { timeout: 20_000 });
    expect(await anna.inviteState()).toBe("removing.attempting");
    expect(await anna.person.payInvoice(invoice)).toMatchObject({ kind: "paid" });
    await vi.waitFor(async () => expect(await anna.billing()).toMatch(/^active/), { timeout: 20_000 });
    hanging.remove();
    await moving;
    await scene.current.settleRetries();
    expect(anna.isIn(), "never out, not even for a moment").toBe(true);
    expect(callsTo("banChatMember", anna.id)).toEqual([]);
    expect(await anna.inviteState()).toBe("member");
  });

  it("by a refund is at once, and the person can buy again", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    await scene.current.staff(addressOf.payment(chargeId), {
      type: "refund.requested",
      by: "-",
      reason: "-",
      access: "policy",
    });
    expect((await anna.payment(chargeId)).state).toBe("refunded");
    expect(await anna.billing()).toBe("refunded");
    expect(anna.isIn()).toBe(false);
    expect(anna.person.stars).toBe(20_000);
    expect(anna.chat()).toMatch(/Refunded 500 ⭐ for payment/);
    expect((await scene.current.ledgerOf(anna)).reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    expect(anna.person.subscriptions().every(({ state }) => state !== "active")).toBe(true);
    await anna.buysAndJoins("club-month");
    expect(anna.isIn()).toBe(true);
  });

  it("by a refund that was asked for ends the conversation about it", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-quarter");
    await anna.says("/paysupport");
    const ask = anna.person
      .screen()
      ?.buttons.flat()
      .find(({ text }) => text.startsWith("Refund "));
    await anna.presses(ask?.text ?? "");
    await anna.presses("Ask for a refund");
    const at = addressOf.ticket(`refund:${chargeId}`);
    expect((await scene.current.stage.read(at))?.states).toEqual(["open"]);
    await scene.current.staff(addressOf.payment(chargeId), { type: "refund.requested", access: "policy" });
    expect((await anna.payment(chargeId)).state).toBe("refunded");
    expect((await scene.current.stage.read(at))?.states).toEqual(["closed"]);
  });

  it("by a refund of an older period changes nothing for the current one", async () => {
    const anna = await scene.current.newcomer();
    const first = await anna.buysAndJoins("club-month");
    await scene.current.stage.advanceTo((await anna.paidUntil()) + HOUR_MS);
    const until = await anna.paidUntil();
    await scene.current.staff(addressOf.payment(first), {
      type: "refund.requested",
      by: "-",
      reason: "-",
      access: "policy",
    });
    expect(await anna.billing()).toMatch(/^active/);
    expect(await anna.paidUntil()).toBe(until);
    expect(anna.isIn()).toBe(true);
  });

  it("by staff is deaf to everything automatic, keeps money from getting lost, and is undone by staff only", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await scene.current.staff(
      anna.subscriptionAt(),
      { type: "access.revoked", by: "-", reason: "shares recordings" },
      "shares recordings",
    );
    expect(await anna.billing()).toBe("revoked");
    expect(anna.isIn()).toBe(false);
    expect(anna.chat()).toMatch(/Access to “The club” is closed[\s\S]*Reason: shares recordings/);
    expect(
      anna.person.subscriptions().every(({ state }) => state === "canceled"),
      "nobody is charged for nothing",
    ).toBe(true);

    const { renewingOrderId } = await anna.subscription();
    const forced = await anna.person.payForged({
      payload: renewingOrderId ?? "",
      currency: "XTR",
      totalAmount: 500,
      skipCheckout: true,
    });
    await scene.current.stage.settle();
    expect(forced.kind).toBe("paid");
    expect(await anna.billing()).toBe("revoked");
    expect(anna.isIn()).toBe(false);
    expect((await scene.current.ticketsOf(anna)).map(({ subject }) => subject)).toContain("payment");
    await anna.opens(desk().adminCreatesLink({ createsJoinRequest: true }));
    expect(anna.isIn()).toBe(false);
    await scene.current.stage.advance(2 * DAY_MS);
    expect(await anna.billing()).toBe("revoked");

    await scene.current.staff(anna.subscriptionAt(), { type: "access.reinstated", by: "-", reason: "it was not her" });
    expect(await anna.billing()).toMatch(/^active/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });
});

describe("a call whose answer is lost after its effect", () => {
  it.each([
    ["reset", { kind: "reset" as const, when: "after" as const }],
    ["cut in the middle", { kind: "truncate" as const }],
    ["replaced by a proxy's page", { kind: "garbage" as const, execute: true }],
    ["a 500", { kind: "error" as const, status: 500, execute: true }],
  ])("(%s) still leads to one working invitation", async (_, fault) => {
    const anna = await scene.current.newcomer();
    const rule = scene.current.telegram.faults.onCall({
      method: "createChatInviteLink",
      chatId: CHATS.club,
      times: 1,
      fault,
    });
    await anna.buys("club-month");
    await scene.current.settleRetries();
    expect(rule.hits).toBe(1);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
    const orphans = desk()
      .links()
      .filter((link) => link.name === `u${anna.id}` && link.expire_date === undefined);
    expect(orphans, "an orphan ends by itself").toEqual([]);
  });

  it("puts a person out once, and leaves no ban behind", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    const rule = scene.current.telegram.faults.onCall({
      method: "banChatMember",
      userId: anna.id,
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 3 * DAY_MS + 60_000);
    await scene.current.settleRetries();
    expect(rule.hits).toBe(1);
    expect(await anna.inviteState()).toBe("removed");
    expect(desk().member(anna.person).status).toBe("left");
    expect(callsTo("banChatMember", anna.id)).toHaveLength(1);
  });

  it("refunds once", async () => {
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buys("club-quarter");
    const rule = scene.current.telegram.faults.onCall({
      method: "refundStarPayment",
      userId: anna.id,
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    await scene.current.staff(addressOf.payment(chargeId), {
      type: "refund.requested",
      by: "-",
      reason: "-",
      access: "policy",
    });
    await scene.current.settleRetries();
    expect(rule.hits).toBe(1);
    expect((await anna.payment(chargeId)).state).toBe("refunded");
    expect(anna.person.stars).toBe(20_000);
    expect((await scene.current.ledgerOf(anna)).filter(({ entry }) => entry === "refund")).toHaveLength(1);
    expect(anna.chat().match(/Refunded/g)).toHaveLength(1);
  });

  it("lets a person in once", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    scene.current.telegram.faults.onCall({
      method: "approveChatJoinRequest",
      userId: anna.id,
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    await anna.joins();
    await scene.current.settleRetries();
    expect(anna.isIn()).toBe(true);
    expect(await anna.inviteState()).toBe("member");
  });
});

describe("Telegram asking for patience", () => {
  it("is obeyed: nothing is asked again before the time it named, and nothing is lost", async () => {
    const anna = await scene.current.newcomer();
    scene.current.telegram.faults.onCall({
      method: "createChatInviteLink",
      chatId: CHATS.club,
      times: 1,
      fault: { kind: "error", status: 429, retryAfter: 1 },
    });
    const before = scene.current.telegram.calls().at(-1)?.seq ?? 0;
    await anna.buys("club-month");
    await scene.current.settleRetries();
    const tries = scene.current.telegram
      .calls({ method: "createChatInviteLink", afterSeq: before })
      .filter(({ params }) => params.name === `u${anna.id}`);
    expect(tries).toHaveLength(2);
    expect((tries[1]?.wireAt ?? 0) - (tries[0]?.wireAt ?? 0)).toBeGreaterThanOrEqual(1_000);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });
});

itStaysWhole(scene);
