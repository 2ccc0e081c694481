import { describe, expect, it } from "vitest";
import { inviteDefinition } from "../../machines/invite/definition.ts";
import {
  FIRST_RETRY_MS,
  hasLinksLeft,
  isAnyEntitled,
  LIMIT_WINDOW_MS,
  RETRY_MS,
  TICKET_AFTER_MS,
} from "../../machines/invite/policy.ts";
import type { InviteContext, Membership } from "../../machines/invite/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { type Sample, walk } from "./support/paths.ts";

const T0 = 1_795_000_000_000;
const HOUR = 3_600_000;
const ANN = 7_012_345_678;
const BOB = 7_000_000_002;
const CHAT = "-1002123456789";
const SOURCE = `${ANN}:wb-analytics`;
const TTL = 24 * HOUR;

let version = 0;
const entitlement = (entitled: boolean, overrides: Record<string, unknown> = {}) => ({
  type: "entitlement.changed",
  source: SOURCE,
  entitled,
  version: ++version,
  access: "joinRequest",
  inviteTtlMs: TTL,
  invitesPerDay: 3,
  ...overrides,
});
const knock = (linkOwner: number | null = ANN) => ({ type: "join.requested", linkOwner, userChatId: ANN });
const joined = (linkOwner: number | null = ANN) => ({ type: "member.joined", linkOwner });
const seen = (membership: Membership) => ({ type: "membership.seen", membership });
const link = (n = 1, from = T0) => ({ result: "link", url: `https://t.me/+link${n}`, expiresAt: from + TTL });

const newcomer = () => new ActedActor(inviteDefinition, `${ANN}:${CHAT}`, T0);
const granting = (overrides = {}) => newcomer().send(entitlement(true, overrides));
const withLink = (overrides = {}) => granting(overrides).finish("createInvite", link());
const knocking = () => withLink().send(knock());
const member = () => knocking().finish("approveJoinRequest", { result: "approved" });
const removing = () => member().send(entitlement(false));
const removed = () => removing().finish("removeMember", { result: "removed" });

describe("somebody who becomes entitled", () => {
  it("is given a link of their own that ends", () => {
    const ann = granting();
    expect(ann.state).toBe("granting.creating");
    expect(ann.started("createInvite")).toEqual({
      chatId: CHAT,
      userId: ANN,
      access: "joinRequest",
      expiresAt: T0 + TTL,
    });
    ann.finish("createInvite", link());
    expect(ann.state).toBe("linkIssued");
    expect(ann.effects).toEqual([
      {
        kind: "notifyCustomer",
        userId: ANN,
        notice: "invite.ready",
        product: "wb-analytics",
        params: { chatId: CHAT, url: "https://t.me/+link1", expiresAt: T0 + TTL },
      },
    ]);
  });

  it("comes in by knocking, and the link is given up", () => {
    const ann = member();
    expect(ann.state).toBe("member");
    expect(ann.effects).toEqual([
      expect.objectContaining({ kind: "notifyCustomer", notice: "member.joined" }),
      { kind: "revokeInviteLink", chatId: CHAT, link: "https://t.me/+link1" },
    ]);
    expect(ann.context<InviteContext>().link).toBeNull();
  });

  it("needs no link when they are inside already", () => {
    const ann = granting().finish("createInvite", { result: "alreadyMember", untouchable: true });
    expect(ann.state).toBe("member");
    expect(ann.notices).toEqual(["member.joined"]);
    expect(ann.context<InviteContext>().untouchable).toBe(true);
  });

  it("gets a new link when they paid again while being removed", () => {
    const ann = removing().send(entitlement(true));
    expect(ann.state).toBe("removing.attempting");
    ann.finish("removeMember", { result: "removed" });
    expect(ann.state).toBe("granting.creating");
  });

  it("stays inside when the removal saw the renewal in time", () => {
    expect(removing().send(entitlement(true)).finish("removeMember", { result: "entitled" }).state).toBe("member");
  });

  it("is looked for when they paid again while the removal waited", () => {
    for (const result of ["held", "channelUnavailable"]) {
      const ann = removing().finish("removeMember", { result }).send(entitlement(true));
      expect(ann.state).toBe("unknown.checking");
      expect(ann.finish("checkMembership", { membership: "member" }).state).toBe("member");
    }
  });

  it("is not counted against the limit of links, but counts", () => {
    const ann = withLink({ invitesPerDay: 1 });
    ann.send(entitlement(false, { invitesPerDay: 1 })).finish("checkMembership", { membership: "left" });
    ann.send(entitlement(true, { invitesPerDay: 1 })).finish("createInvite", link(2));
    expect(ann.state).toBe("linkIssued");
    expect(ann.context<InviteContext>().recentLinks).toHaveLength(2);
  });

  it("whose right was over when it was read gets no link", () => {
    const ann = granting().finish("createInvite", { result: "notEntitled" });
    expect([ann.state, ann.effects]).toEqual(["none", []]);
    expect(ann.send(entitlement(true)).state, "as soon as it is told that there is one").toBe("granting.creating");
  });

  it("is told once, and people are told, when somebody else banned them", () => {
    const ann = granting().finish("createInvite", { result: "bannedByOther" });
    expect(ann.state).toBe("removed");
    expect(ann.notices).toEqual(["invite.delayed"]);
    expect(ann.tells).toEqual([{ to: `ticket/removedByOther:${ANN}:${CHAT}`, type: "ticket.opened" }]);
    expect(ann.send(seen("kicked")).outcome).toBe("ignored");
  });
});

describe("announcements of a subscription", () => {
  it("change nothing when a later one overtook them", () => {
    const late = entitlement(true);
    const ann = newcomer().send(entitlement(false));
    expect(ann.send(late).outcome).toBe("ignored");
    expect(ann.state).toBe("none");
  });

  it("change nothing when they are repeated", () => {
    const first = entitlement(true);
    const ann = newcomer().send(first);
    expect(ann.send(first).outcome).toBe("ignored");
  });

  it("leave a member alone who stays entitled", () => {
    const ann = member().send(entitlement(true));
    expect(ann.state).toBe("member");
    expect(ann.effects).toEqual([]);
  });

  it("are counted per source: one of two keeps the access", () => {
    const other = { source: `${ANN}:other` };
    const ann = member().send(entitlement(true, other)).send(entitlement(false));
    expect(ann.state).toBe("member");
    expect(ann.send(entitlement(false, other)).state).toBe("removing.attempting");
  });

  it("take a link back that nobody used", () => {
    const ann = withLink().send(entitlement(false));
    expect(ann.state).toBe("unknown.checking");
    expect(ann.effects).toEqual([{ kind: "revokeInviteLink", chatId: CHAT, link: "https://t.me/+link1" }]);
    ann.finish("checkMembership", { membership: "left" });
    expect(ann.state).toBe("none");
    expect(ann.effects).toEqual([]);
  });

  it("take back a link that was being made when access ended", () => {
    const ann = granting().send(entitlement(false)).finish("createInvite", link(7));
    expect(ann.state).toBe("none");
    expect(ann.effects).toEqual([{ kind: "revokeInviteLink", chatId: CHAT, link: "https://t.me/+link7" }]);
    expect(ann.notices).toEqual([]);
  });
});

describe("U3: paid, and the link cannot be made", () => {
  const OPENED = { to: `ticket/inviteFailed:${ANN}:${CHAT}`, type: "ticket.opened" };
  const CLOSED = { to: `ticket/inviteFailed:${ANN}:${CHAT}`, type: "ticket.closed" };

  it("tells the customer once, opens a ticket on the second failure, goes on trying and closes it when it succeeds", () => {
    const ann = granting().fail("createInvite");
    expect(ann.state).toBe("granting.waiting");
    expect(ann.notices).toEqual(["invite.delayed"]);
    expect(ann.tells).toEqual([]);

    ann.elapse(FIRST_RETRY_MS);
    expect(ann.state).toBe("granting.creating");
    ann.fail("createInvite");
    expect(ann.notices).toEqual([]);
    expect(ann.tells).toEqual([OPENED]);

    ann.elapse(RETRY_MS).fail("createInvite");
    expect(ann.effects).toEqual([]);
    ann.elapse(RETRY_MS).finish("createInvite", link(1, ann.now));
    expect(ann.notices).toEqual(["invite.ready"]);
    expect(ann.tells).toEqual([CLOSED]);
  });

  it("tries again soon, and then at distances no longer than the trouble lasted", () => {
    const ann = granting();
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const failedAt = ann.fail("createInvite").now;
      while (ann.state === "granting.waiting") ann.elapse(1_000);
      waits.push((ann.now - failedAt) / 1_000);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
  });

  it.each([
    ["nothing was heard of the work", (): ActedActor => granting(), ["invite.delayed"]],
    ["the first round failed", () => granting().elapse(40_000).fail("createInvite"), []],
    ["the answer to a knock cannot be given", () => knocking(), ["invite.delayed"]],
  ])("has a ticket before the promised minute is over where %s", (_, begin, notices) => {
    const ann = begin();
    ann.elapse(T0 + TICKET_AFTER_MS - ann.now);
    expect(ann.tells).toEqual([OPENED]);
    expect(ann.notices).toEqual(notices);
    expect(ann.state).toMatch(/^(granting|joinRequested)\./);
    const work = ann.state.startsWith("granting") ? "createInvite" : "approveJoinRequest";
    if (ann.running.length === 0) ann.elapse(FIRST_RETRY_MS);
    ann.fail(work);
    expect([ann.tells, ann.notices]).toEqual([[], []]);
    expect(ann.send(joined()).tells).toEqual([CLOSED]);
  });

  it("has a ticket in time also when it has to be looked first where they are", () => {
    const ann = removing().send(entitlement(true)).fail("removeMember");
    expect(ann.state).toBe("unknown.checking");
    expect(ann.elapse(TICKET_AFTER_MS).tells).toEqual([OPENED]);
  });

  it("leaves no ticket when the right ends meanwhile", () => {
    const ann = granting().fail("createInvite", "effect.rejected", true).send(entitlement(false));
    expect(ann.finish("checkMembership", { membership: "left" }).tells).toEqual([CLOSED]);
  });

  it("opens the ticket at once when the failure cannot heal by itself", () => {
    expect(granting().fail("createInvite", "effect.rejected", true).tells).toHaveLength(1);
  });

  it("tries again at once when the channel recovers, or the customer asks", () => {
    const recovered = { type: "channel.recovered", chatId: CHAT, since: T0 };
    expect(granting().fail("createInvite").send(recovered).state).toBe("granting.creating");
    expect(granting().fail("createInvite").send({ type: "invite.requested" }).state).toBe("granting.creating");
  });
});

describe("U4: a stranger uses the link", () => {
  it("declines the stranger's request and tells the owner's invite", () => {
    const bob = new ActedActor(inviteDefinition, `${BOB}:${CHAT}`, T0).send({
      type: "join.requested",
      linkOwner: ANN,
      userChatId: BOB,
    });
    expect(bob.state).toBe("none");
    expect(bob.effects).toEqual([
      { kind: "declineJoinRequest", chatId: CHAT, userId: BOB, userChatId: BOB },
      { kind: "tell", to: `invite/${ANN}:${CHAT}`, event: { type: "link.misused", by: BOB, joined: false } },
    ]);
  });

  it("replaces the owner's link and says so", () => {
    const ann = withLink().send({ type: "link.misused", by: BOB, joined: false });
    expect(ann.state).toBe("granting.creating");
    expect(ann.effects).toEqual([{ kind: "revokeInviteLink", chatId: CHAT, link: "https://t.me/+link1" }]);
    ann.finish("createInvite", link(2));
    expect(ann.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "link.misused", params: { url: "https://t.me/+link2", replaced: true } },
    ]);
  });

  it("has the owner watched when the stranger got in", () => {
    const ann = withLink().send({ type: "link.misused", by: BOB, joined: true });
    expect(ann.tells).toContainEqual({ to: `customer/${ANN}`, type: "risk.raised" });
    expect(member().send({ type: "link.misused", by: BOB, joined: true }).tells).toEqual([
      { to: `customer/${ANN}`, type: "risk.raised" },
    ]);
  });

  it("leaves a join request link to its owner when no links are left today: it lets nobody else in", () => {
    const ann = withLink({ invitesPerDay: 1 }).send({ type: "link.misused", by: BOB, joined: false });
    expect(ann.state).toBe("linkIssued");
    expect(ann.effects).toEqual([]);
  });

  it("tells the owner whether the stranger came in, also with a new link", () => {
    for (const joined of [true, false]) {
      const ann = withLink({ access: "oneUseLink" }).send({ type: "link.misused", by: BOB, joined });
      ann.finish("createInvite", link(2));
      expect(ann.effectsOf("notifyCustomer")).toMatchObject([{ params: { replaced: true, joined } }]);
      const spent = withLink({ access: "oneUseLink", invitesPerDay: 1 });
      spent.send({ type: "link.misused", by: BOB, joined });
      expect(spent.effectsOf("notifyCustomer")).toMatchObject([{ params: { replaced: false, joined } }]);
    }
  });

  it("takes a one-use link away when no links are left today", () => {
    const ann = withLink({ invitesPerDay: 1, access: "oneUseLink" }).send({
      type: "link.misused",
      by: BOB,
      joined: true,
    });
    expect(ann.state).toBe("none");
    expect(ann.effectsOf("notifyCustomer")).toMatchObject([{ notice: "link.misused", params: { replaced: false } }]);
  });
});

describe("U13: the customer left the channel", () => {
  it("tells them that they can come back, and makes a link when they ask", () => {
    const ann = member().send({ type: "member.left" });
    expect(ann.state).toBe("none");
    expect(ann.notices).toEqual(["member.left"]);
    ann.send({ type: "invite.requested" }).finish("createInvite", link(2));
    expect(ann.notices).toEqual(["invite.ready"]);
  });

  it("finds out by a sweep when the update was lost", () => {
    const ann = member().send(seen("left"));
    expect(ann.state).toBe("none");
    expect(ann.notices).toEqual(["member.left"]);
  });

  it("opens a ticket instead when somebody else put them out", () => {
    const ann = member().send({ type: "member.removed", by: 5_000_000_009 });
    expect(ann.state).toBe("removed");
    expect(ann.notices).toEqual([]);
    expect(ann.tells).toEqual([{ to: `ticket/removedByOther:${ANN}:${CHAT}`, type: "ticket.opened" }]);
  });
});

describe("a ban by somebody else that is lifted", () => {
  const banned = () => member().send({ type: "member.removed", by: 5_000_000_009 });

  it("opens the way in again by itself", () => {
    const ann = banned().send(seen("left"));
    expect(ann.state).toBe("granting.creating");
    expect(ann.finish("createInvite", link(2)).notices).toEqual(["invite.ready"]);
  });
  it("opens nothing to somebody whose access ended meanwhile", () => {
    const ann = banned().send(entitlement(false)).send(seen("left"));
    expect(ann.state).toBe("removed");
    expect(ann.effects).toEqual([]);
  });
  it("is no news about somebody whom we removed ourselves", () => {
    expect(removed().send(seen("left")).outcome).toBe("ignored");
  });
});

describe("rule 8: removal from a chat", () => {
  it("is work whose outcome is awaited", () => {
    expect(removing().started("removeMember")).toEqual({ chatId: CHAT, userId: ANN, link: null });
    expect(removed().state).toBe("removed");
    expect(removing().finish("removeMember", { result: "notMember" }).state).toBe("removed");
  });

  it("never touches an administrator or the owner, and remembers that", () => {
    const ann = removing().finish("removeMember", { result: "untouchable" });
    expect(ann.state).toBe("member");
    expect(ann.send(seen("administrator")).outcome).toBe("ignored");
    expect(ann.send(entitlement(true)).send(entitlement(false)).state).toBe("member");
    expect(ann.send(seen("member")).state).toBe("removing.attempting");
  });

  it("waits while the channel cannot be managed", () => {
    const ann = removing().finish("removeMember", { result: "channelUnavailable" });
    expect(ann.state).toBe("removing.waiting");
    expect(ann.elapse(RETRY_MS).state).toBe("removing.attempting");
  });

  it("opens one ticket when it fails, and goes on", () => {
    const ann = removing().fail("removeMember");
    expect(ann.tells).toEqual([{ to: `ticket/removalFailed:${ANN}:${CHAT}`, type: "ticket.opened" }]);
    ann.elapse(RETRY_MS).fail("removeMember");
    expect(ann.tells).toEqual([]);
    expect(ann.elapse(RETRY_MS).finish("removeMember", { result: "removed" }).state).toBe("removed");
  });

  it("leaves a way back: who pays again gets a link", () => {
    expect(removed().send(entitlement(true)).state).toBe("granting.creating");
  });
});

describe("rule 9: joining", () => {
  it("lets an entitled person in by anybody's link", () => {
    const ann = withLink().send(knock(BOB));
    expect(ann.state).toBe("joinRequested.approving");
    expect(ann.tells).toEqual([]);
  });

  it("removes somebody who came in without being entitled, and tells the link's owner", () => {
    const bob = new ActedActor(inviteDefinition, `${BOB}:${CHAT}`, T0).send(joined(ANN));
    expect(bob.state).toBe("removing.attempting");
    expect(bob.effects).toEqual([
      { kind: "tell", to: `invite/${ANN}:${CHAT}`, event: { type: "link.misused", by: BOB, joined: true } },
    ]);
  });

  it("removes an intruder by a foreign link without blaming anybody", () => {
    expect(removed().send(joined(null)).effects).toEqual([]);
    expect(removed().send(joined(null)).state).toBe("removing.attempting");
  });

  it("declines when access ended at the moment of the approval", () => {
    const ann = knocking().finish("approveJoinRequest", { result: "notEntitled" });
    expect(ann.state).toBe("none");
    expect(ann.effectsOf("declineJoinRequest")).toHaveLength(1);
    expect(ann.effectsOf("revokeInviteLink")).toHaveLength(1);
  });

  it("puts somebody out who was approved just as access ended", () => {
    expect(knocking().send(entitlement(false)).finish("approveJoinRequest", { result: "approved" }).state).toBe(
      "removing.attempting",
    );
  });

  it("tells who is in too many chats, and keeps their link", () => {
    const ann = knocking().finish("approveJoinRequest", { result: "tooManyChats" });
    expect(ann.state).toBe("linkIssued");
    expect(ann.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "invite.delayed", params: { code: "tooManyChats" } },
    ]);
  });

  it("goes back to the link when the request is gone, and says nothing twice", () => {
    const ann = knocking().finish("approveJoinRequest", { result: "gone" });
    expect(ann.state).toBe("linkIssued");
    expect(ann.effects).toEqual([]);
  });

  it("comes back to a request that could not be approved: nothing there is left to press", () => {
    const ann = knocking().fail("approveJoinRequest");
    expect(ann.state).toBe("joinRequested.waiting");
    expect(ann.notices).toEqual(["invite.delayed"]);
    expect(ann.elapse(RETRY_MS).state).toBe("joinRequested.approving");
  });
});

describe("rule 10: invite limits", () => {
  it("refuses another link until one of the last day is a day old", () => {
    const ann = withLink({ invitesPerDay: 2 });
    ann.send({ type: "invite.requested" }).finish("createInvite", link(2));
    ann.send({ type: "invite.requested" });
    expect(ann.state).toBe("linkIssued");
    expect(ann.effectsOf("notifyCustomer")).toMatchObject([
      { notice: "invite.limit", params: { until: T0 + LIMIT_WINDOW_MS, url: "https://t.me/+link2" } },
    ]);
    ann.elapse(LIMIT_WINDOW_MS).finish("checkMembership", { membership: "left" });
    expect(ann.send({ type: "invite.requested" }).state).toBe("granting.creating");
  });

  it("gives the former link up only when the new one is there", () => {
    const ann = withLink().send({ type: "invite.requested" });
    expect(ann.effects).toEqual([]);
    ann.finish("createInvite", link(2));
    expect(ann.effectsOf("revokeInviteLink")).toEqual([
      { kind: "revokeInviteLink", chatId: CHAT, link: "https://t.me/+link1" },
    ]);
  });

  it("says nothing to somebody who is not entitled", () => {
    expect(removed().send({ type: "invite.requested" }).outcome).toBe("ignored");
  });

  it("looks first when a member asks: the record may be wrong", () => {
    const ann = member().send({ type: "invite.requested" });
    expect(ann.state).toBe("unknown.checking");
    expect(ann.finish("checkMembership", { membership: "left" }).state).toBe("granting.creating");
    const inside = member().send({ type: "invite.requested" }).finish("checkMembership", { membership: "member" });
    expect(inside.state).toBe("member");
    expect(inside.notices).toEqual(["member.joined"]);
  });
});

describe("rule 11: removals at the breaker", () => {
  it("wait for staff, and look again every hour", () => {
    const ann = removing().finish("removeMember", { result: "held" });
    expect(ann.state).toBe("removing.held");
    expect(ann.elapse(HOUR).state).toBe("removing.attempting");
    ann.finish("removeMember", { result: "held" });
    expect(ann.send({ type: "removals.released" }).state).toBe("removing.attempting");
  });

  it("are not needed any more when the person goes, or becomes an administrator", () => {
    expect(removing().finish("removeMember", { result: "held" }).send({ type: "member.left" }).state).toBe("removed");
    expect(removing().finish("removeMember", { result: "held" }).send(seen("administrator")).state).toBe("member");
  });
});

describe("a sweep that looks", () => {
  it("believes Telegram: inside and entitled is a member", () => {
    for (const ann of [withLink(), granting().fail("createInvite")]) {
      expect(ann.send(seen("member")).state).toBe("member");
    }
  });

  it("has somebody removed who is inside without being entitled", () => {
    expect(removed().send(seen("member")).state).toBe("removing.attempting");
  });

  it("looks again before it repairs a ban of somebody who is entitled", () => {
    const ann = member().send(seen("kicked"));
    expect(ann.state).toBe("unknown.checking");
    expect(ann.finish("checkMembership", { membership: "kicked" }).state).toBe("granting.creating");
  });

  it("changes nothing when all is as it should be", () => {
    expect(member().send(seen("member")).outcome).toBe("ignored");
    expect(removed().send(seen("left")).outcome).toBe("ignored");
    expect(withLink().send(seen("left")).outcome).toBe("ignored");
  });
});

describe("a link", () => {
  it("ends by itself, and leaves a customer who can ask again", () => {
    const ann = withLink().elapse(TTL);
    expect(ann.effectsOf("revokeInviteLink")).toHaveLength(1);
    ann.finish("checkMembership", { membership: "left" });
    expect(ann.state).toBe("none");
    expect(ann.effects).toEqual([]);
    expect(ann.send({ type: "invite.requested" }).state).toBe("granting.creating");
  });
});

describe.each(["oneUseLink", "joinRequest"])(
  "somebody who came in by a link (%s), and whose update was lost",
  (access) => {
    const lost = () => entitlement(false, { access });
    const ended = [
      ["when the link ends by time", () => withLink({ access }).elapse(TTL)],
      ["when the right to it ends", () => withLink({ access }).send(lost())],
    ] as const;

    it("is a member when the link ends by time, without a word", () => {
      const ann = withLink({ access }).elapse(TTL).finish("checkMembership", { membership: "member" });
      expect(ann.state).toBe("member");
      expect(ann.notices).toEqual([]);
      expect(ann.send(lost()).state).toBe("removing.attempting");
    });
    it("is put out when the right ends", () => {
      const ann = withLink({ access }).send(lost()).finish("checkMembership", { membership: "member" });
      expect(ann.state).toBe("removing.attempting");
      expect(ann.notices).toEqual([]);
    });
    it("is looked for once more when the right ends after the link did", () => {
      const ann = withLink({ access }).elapse(TTL).finish("checkMembership", { membership: "left" });
      expect(ann.send(lost()).state).toBe("unknown.checking");
      expect(ann.finish("checkMembership", { membership: "member" }).state).toBe("removing.attempting");
    });
    it("is looked for when the right ends while the next link cannot be made", () => {
      const ann = withLink({ access }).send({ type: "invite.requested" }).fail("createInvite").send(lost());
      expect(ann.state).toBe("unknown.checking");
      expect(ann.context<InviteContext>().link).toBeNull();
      const failed = withLink({ access }).send({ type: "invite.requested" }).send(lost()).fail("createInvite");
      expect(failed.state).toBe("unknown.checking");
    });
    it.each(ended)("%s, is looked for once: then the matter rests", (_, end) => {
      const ann = end().finish("checkMembership", { membership: "left" });
      expect(ann.state).toBe("none");
      expect(ann.effects).toEqual([]);
      expect(ann.timers).toEqual([]);
      if (isAnyEntitled(ann.context<InviteContext>().sources))
        ann.send(lost()).finish("checkMembership", { membership: "left" });
      expect(ann.send(lost()).running).toEqual([]);
      expect(ann.state).toBe("none");
    });
    it.each(ended)("%s, is left to the sweep after two looks that failed, without a ticket or a word", (_, end) => {
      const ann = end().fail("checkMembership", "effect.rejected", true);
      expect(ann.state).toBe("unknown.waiting");
      expect(ann.effects).toEqual([]);
      ann.elapse(RETRY_MS).fail("checkMembership", "effect.rejected", true);
      expect(ann.state).toBe("none");
      expect(ann.effects).toEqual([]);
      expect(ann.timers).toEqual([]);
    });
  },
);

describe("a look at whether a link was used", () => {
  const looking = () => withLink().elapse(TTL);
  it("becomes a new link when the customer asks meanwhile, or pays", () => {
    for (const wish of [() => ({ type: "invite.requested" }), () => entitlement(true)]) {
      const ann = looking();
      ann.send(wish());
      expect(ann.state).toBe("unknown.checking");
      expect(ann.finish("checkMembership", { membership: "left" }).state).toBe("granting.creating");
      const waiting = looking().fail("checkMembership");
      waiting.send(wish()).elapse(RETRY_MS);
      expect(waiting.finish("checkMembership", { membership: "left" }).state).toBe("granting.creating");
    }
  });
  it("answers who asked and is inside already", () => {
    const ann = looking().send({ type: "invite.requested" }).send(entitlement(true));
    expect(ann.finish("checkMembership", { membership: "member" }).notices).toEqual(["member.joined"]);
  });
  it("refuses who has asked too often, and does not make another link for it", () => {
    const oneADay = { invitesPerDay: 1 };
    const ann = withLink(oneADay).send(entitlement(false, oneADay)).send(entitlement(true, oneADay));
    expect(ann.state).toBe("unknown.checking");
    expect(ann.send({ type: "invite.requested" }).notices).toEqual(["invite.limit"]);
    expect(ann.fail("checkMembership").send({ type: "invite.requested" }).notices).toEqual(["invite.limit"]);
    expect(ann.state).toBe("unknown.waiting");
    const notEntitled = withLink().send(entitlement(false)).send({ type: "invite.requested" });
    expect(notEntitled.notices).toEqual([]);
  });
});

describe("everything that can happen to an invite", () => {
  const BUSY = /^(granting|joinRequested|removing|unknown|linkIssued)/;
  const memberships: Membership[] = ["owner", "administrator", "member", "left", "kicked", "unknownUser"];
  const samples = (context: Partial<InviteContext>, now: number): Sample[] => {
    const known = context.sources?.[SOURCE]?.version ?? 0;
    const change = (entitled: boolean, access: string) =>
      entitlement(entitled, { version: known + 1, access, invitesPerDay: 2 });
    return [
      change(true, "joinRequest"),
      change(true, "oneUseLink"),
      change(false, "joinRequest"),
      { ...change(true, "joinRequest"), version: known },
      { type: "invite.requested" },
      knock(ANN),
      knock(BOB),
      { type: "link.misused", by: BOB, joined: true },
      { type: "link.misused", by: BOB, joined: false },
      joined(BOB),
      { type: "member.left" },
      { type: "member.removed", by: 1 },
      ...memberships.map(seen),
      { type: "channel.recovered", chatId: CHAT, since: now },
      { type: "removals.released" },
    ];
  };
  const walked = walk<InviteContext>({
    definition: inviteDefinition,
    id: `${ANN}:${CHAT}`,
    startAt: T0,
    samples,
    outputs: {
      createInvite: [
        { result: "link", url: "https://t.me/+x", expiresAt: T0 + 365 * TTL },
        { result: "link", url: "https://t.me/+y", expiresAt: 0 },
        { result: "alreadyMember", untouchable: false },
        { result: "alreadyMember", untouchable: true },
        { result: "bannedByOther" },
        { result: "notEntitled" },
      ],
      approveJoinRequest: ["approved", "alreadyMember", "gone", "notEntitled", "tooManyChats"].map((result) => ({
        result,
      })),
      removeMember: ["removed", "notMember", "untouchable", "entitled", "held", "channelUnavailable"].map((result) => ({
        result,
      })),
      checkMembership: memberships.map((membership) => ({ membership })),
    },
    limit: 30_000,
    facets: (context, now) => [
      isAnyEntitled(context.sources),
      context.access,
      context.link === null ? null : context.link.expiresAt > now,
      context.untouchable,
      hasLinksLeft(context, now),
      Math.min(context.failures, 2),
      context.grantReason === null,
    ],
    check({ before, event, after, step }) {
      const state = after.states[0] ?? "";
      const invoked = step.effects.flatMap((stored) => (stored.kind === "invoke" ? [stored.src] : []));
      // I4: nobody who is entitled is ever asked to be removed; the executor asks once more.
      if (isAnyEntitled(after.context.sources)) expect(invoked).not.toContain("removeMember");
      // Rule 8.
      if (before?.context.untouchable && before.states[0] === "member" && state.startsWith("removing")) {
        expect(after.context.untouchable).toBe(false);
      }
      // Whatever waits has something that wakes it.
      const { timers, invocations } = step.next.envelope;
      if (BUSY.test(state)) expect(Object.keys({ ...timers, ...invocations })).not.toEqual([]);
      // A look makes no link for anybody who did not ask for one.
      if (
        before?.states[0]?.startsWith("unknown") &&
        before.context.grantReason === null &&
        event.type.startsWith("xstate.")
      )
        expect(state).not.toMatch(/^granting/);
      // No link outlives the states in which somebody may use it.
      if (["none", "member", "removed"].includes(state)) expect(after.context.link).toBeNull();
    },
  });

  it("takes every transition", () => {
    expect(walked.untaken).toEqual([]);
  });

  it("reaches every state", () => {
    expect([...walked.states].sort()).toEqual(Object.keys(waysOut(inviteDefinition.machine)).sort());
  });

  it("has a way out of every state, by time or by the end of work wherever somebody waits (rule 12)", () => {
    for (const [state, ways] of Object.entries(waysOut(inviteDefinition.machine))) {
      expect({ state, ways: BUSY.test(state) ? ways.timed : ways.explicit }).not.toEqual({ state, ways: [] });
    }
  });
});
