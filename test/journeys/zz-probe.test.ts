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
    const late = scene.current.telegram.faults.onDelivery({ userId: anna.id, updateType: "successful_payment", times: 1, fault: { kind: "delay" } });
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
    scene.current.telegram.faults.onDelivery({ userId: anna.id, updateType: "chat_join_request", times: 1, fault: { kind: "drop" } });
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
    expect(anna.chat()).toMatch(/Someone tried your link\. We declined and made a new one/);
    expect(anna.invitation()).not.toBe(first);
    expect(await anna.opens(first), "the old one is dead").toMatchObject({ kind: "refused", reason: "revoked" });
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(await anna.risk(), "a knock that was declined is no crime of the owner's").toBe("clear");
  });

  it("approved by a human admin for somebody who did not pay ends with that person outside", async () => {
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    scene.current.telegram.faults.onDelivery({ userId: boris.id, updateType: "chat_join_request", times: 1, fault: { kind: "drop" } });
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
    expect(anna.chat()).toMatch(/you are in too many channels\. Leave one/);
    anna.person.setInTooManyChannels(false);
    expect(await anna.opens(link), "the request waits at Telegram: the link does nothing now").toMatchObject({ kind: "refused", reason: "alreadyRequested" });
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
    expect(await boris.opens(link), "the place that became free is not his").toMatchObject({ kind: "refused", reason: "revoked" });
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
    expect(anna.chat()).toMatch(/Someone tried your link/);
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
    expect(anna.person.screen()?.text).toMatch(/You left the channel\. Your subscription runs until .*come back any time/);
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
    const ask = anna.person.screen()?.buttons.flat().find((button) => button.kind === "callback" && button.data === "v1:invite:club");
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
      const ask = anna.person.screen()?.buttons.flat().some((button) => button.kind === "callback" && button.data === "v1:invite:club");
      if (!ask) break;
      await anna.presses("v1:invite:club");
      if (!anna.hasInvitation()) break;
    }
    expect(anna.chat()).toMatch(/No more invitations today\. The next one can be asked for after: \d+ \w+/);
    expect(callsTo("createChatInviteLink", anna.id).length).toBeLessThanOrEqual(5);
    await scene.current.stage.advance(DAY_MS + HOUR_MS);
    await anna.says("/status");
    await anna.presses("v1:invite:club");
    await anna.joins();
    expect(anna.isIn()).toBe(true);
  });
});


it("probe", async () => {
  const { stage, telegram } = scene.current;
  const driver = stage.app.clockDriver!;
  for (let n = 0; n < 25; n += 1) {
    const due = await driver.nextDueAt();
    if (due === null) break;
    const what = telegram.nextDueAt() === due ? telegram.nextDueWhat() : "timer";
    const timers = [];
    if (what === "timer") for (const p of stage.app.core.timers.partitions) for (const t of await stage.app.core.timers.due(p, due, 5)) timers.push(`${t.address} ${t.timerId} ${(await stage.read(t.address))?.states} ${JSON.stringify((await stage.app.core.actors.history(t.address, {limit: 3})).map((e) => [e.event, e.outcome]))}`);
    const t = performance.now();
    await driver.advance(due + 1 - stage.app.now());
    console.log(n, new Date(due).toISOString(), what, timers.join(), (performance.now() - t).toFixed(0));
  }
}, 100_000);
