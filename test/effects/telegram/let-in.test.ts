import { describe, expect, it } from "vitest";
import type { ActorDoor } from "../../../src/effects/ports.ts";
import { makeEffectRunner } from "../../../src/effects/run-effect.ts";
import { type EffectTable, type InvocationTable, makeExecutors } from "../../../src/effects/table.ts";
import { makeApproveJoinRequest } from "../../../src/effects/telegram/approve-join-request.ts";
import { makeCreateInvite } from "../../../src/effects/telegram/create-invite.ts";
import { makeDeclineJoinRequest } from "../../../src/effects/telegram/decline-join-request.ts";
import { makeRevokeInviteLink } from "../../../src/effects/telegram/revoke-invite-link.ts";
import { type Access, codeOf, run, startAccess, T0 } from "./support.ts";

const HOUR = 3_600_000;
const create = (access: Access, how: "joinRequest" | "oneUseLink" = "joinRequest") =>
  makeCreateInvite(access.deps)({ ...access.member, access: how, expiresAt: T0 + HOUR }, run());
const approve = (access: Access, attempt = 1) => makeApproveJoinRequest(access.deps)(access.member, run(attempt));
const knock = ({ ann, desk }: Access) => ann.openLink(desk.adminCreatesLink({ createsJoinRequest: true }));

describe("making a way in", () => {
  it("makes a link of one's own that ends and asks at the door", async () => {
    const access = await startAccess();
    const made = await create(access);
    if (made.result !== "link") return expect.fail(made.result);
    expect(made.expiresAt).toBe(T0 + HOUR);
    expect(access.desk.links().find((link) => link.invite_link === made.url)).toMatchObject({
      name: `u${access.ann.id}`,
      expire_date: (T0 + HOUR) / 1_000,
      creates_join_request: true,
    });
    expect(access.ann.openLink(made.url)).toEqual({ kind: "requested" });
  });

  it("makes a link for one person where the operator chose that", async () => {
    const access = await startAccess();
    const made = await create(access, "oneUseLink");
    if (made.result !== "link") return expect.fail(made.result);
    expect(access.desk.links().at(-1)).toMatchObject({ member_limit: 1, creates_join_request: false });
  });

  it("never makes a link that has ended already", async () => {
    const access = await startAccess();
    access.clock.ms += 2 * HOUR;
    const made = await create(access);
    expect(made.result === "link" && made.expiresAt).toBe(access.clock.ms + 60_000);
  });

  it("needs none for somebody who is inside", async () => {
    const access = await startAccess();
    access.desk.adminAdds(access.ann);
    expect(await create(access)).toEqual({ result: "alreadyMember", untouchable: false });
    access.desk.adminPromotes(access.ann);
    expect(await create(access)).toEqual({ result: "alreadyMember", untouchable: true });
  });

  it("lets in whoever waits at the door, also when the update about it was lost", async () => {
    const access = await startAccess();
    knock(access);
    expect(await create(access)).toEqual({ result: "alreadyMember", untouchable: false });
    expect(access.desk.isMember(access.ann)).toBe(true);
  });

  it("lets nobody in who is not entitled at that moment", async () => {
    const access = await startAccess();
    access.ours.entitled = false;
    knock(access);
    expect(await create(access)).toEqual({ result: "notEntitled" });
    expect(await create(access, "oneUseLink"), "a link that would ask nobody").toEqual({ result: "notEntitled" });
    expect(access.desk.isMember(access.ann)).toBe(false);
  });

  it("lifts the ban that an interrupted removal left, so that the link works", async () => {
    const access = await startAccess();
    await access.deps.api.banChatMember(access.desk.id, access.ann.id, { until_date: T0 / 1_000 + 90 });
    const made = await create(access);
    if (made.result !== "link") return expect.fail(made.result);
    expect(access.ann.openLink(made.url)).toEqual({ kind: "requested" });
  });

  it("does not undo a ban that somebody else made", async () => {
    const access = await startAccess();
    access.desk.adminBans(access.ann);
    expect(await create(access)).toEqual({ result: "bannedByOther" });
    access.desk.adminBans(access.ann, { untilDate: T0 / 1_000 + 86_400 });
    expect(await create(access)).toEqual({ result: "bannedByOther" });
    expect(access.desk.member(access.ann).status).toBe("kicked");
  });

  it("makes another when the answer was lost; the orphan ends by itself", async () => {
    const access = await startAccess();
    access.emulator.faults.onCall({
      method: "createChatInviteLink",
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    expect(await codeOf(create(access))).toBe("effect.unavailable");
    expect((await create(access)).result).toBe("link");
    const links = access.desk.links().filter((link) => link.name === `u${access.ann.id}`);
    expect(links).toHaveLength(2);
    expect(links.every((link) => (link.expire_date ?? 0) > 0)).toBe(true);
  });

  it("makes the channel look for itself when the right is missing", async () => {
    const access = await startAccess();
    access.desk.setBotRights({ can_invite_users: false });
    expect(await codeOf(create(access))).toBe("effect.unavailable");
    expect(access.told.refusals).toHaveLength(1);
  });

  it("waits, and does not give up, while the bot is out of the channel", async () => {
    const access = await startAccess();
    access.desk.removeBot({ ban: true });
    expect(await codeOf(create(access))).toBe("effect.unavailable");
    expect(access.told.refusals).toEqual(["Forbidden: bot was kicked from the channel chat"]);
  });
});

describe("rule 9: approving a request", () => {
  it("lets an entitled person in", async () => {
    const access = await startAccess();
    knock(access);
    expect(await approve(access)).toEqual({ result: "approved" });
    expect(access.desk.isMember(access.ann)).toBe(true);
  });

  it("asks for entitlement at the moment of the call", async () => {
    const access = await startAccess();
    knock(access);
    access.ours.entitled = false;
    expect(await approve(access)).toEqual({ result: "notEntitled" });
    expect(access.calls()).toEqual([]);
  });

  it("knows an approval whose answer was lost", async () => {
    const access = await startAccess();
    knock(access);
    access.emulator.faults.onCall({
      method: "approveChatJoinRequest",
      times: 1,
      fault: { kind: "reset", when: "after" },
    });
    expect(await codeOf(approve(access))).toBe("effect.unavailable");
    expect(await approve(access, 2)).toEqual({ result: "alreadyMember" });
  });

  it("says that the request is gone when nobody waits and nobody is inside", async () => {
    expect(await approve(await startAccess())).toEqual({ result: "gone" });
  });

  it("looks whether an administrator approved by hand when Telegram only says that the request is gone", async () => {
    const access = await startAccess();
    access.desk.adminAdds(access.ann);
    const refusal = { kind: "error", status: 400, description: "Bad Request: HIDE_REQUESTER_MISSING" } as const;
    access.emulator.faults.onCall({ method: "approveChatJoinRequest", times: 1, fault: refusal });
    expect(await approve(access)).toEqual({ result: "alreadyMember" });
  });

  it("says that the person is in too many chats", async () => {
    const access = await startAccess();
    access.ann.setInTooManyChannels(true);
    knock(access);
    expect(await approve(access)).toEqual({ result: "tooManyChats" });
  });

  it("takes the request of a deleted account for gone", async () => {
    const access = await startAccess();
    knock(access);
    access.ann.deactivate();
    expect(await approve(access)).toEqual({ result: "gone" });
  });
});

describe("rule 9: declining a request", () => {
  const decline = (access: Access, attempt = 1) =>
    makeDeclineJoinRequest(access.deps)(
      { kind: "declineJoinRequest", ...access.member, userChatId: access.ann.id },
      run(attempt),
    );

  it("tells how to buy while Telegram still lets us write, then declines", async () => {
    const access = await startAccess();
    access.ours.entitled = false;
    knock(access);
    const deps = {
      ...access.deps,
      offerToBuy: async () => void access.told.offers.push(access.desk.pendingRequestIds().length),
    };
    await makeDeclineJoinRequest(deps)(
      { kind: "declineJoinRequest", ...access.member, userChatId: access.ann.id },
      run(),
    );
    expect(access.told.offers).toEqual([1]);
    expect(access.desk.pendingRequestIds()).toEqual([]);
  });

  it("is done when there is no request any more, and says nothing twice", async () => {
    const access = await startAccess();
    access.ours.entitled = false;
    await decline(access, 2);
    expect(access.told.offers).toEqual([]);
  });

  it("says it once also when it is told to wait after that", async () => {
    const access = await startAccess();
    access.ours.entitled = false;
    knock(access);
    const fault = { kind: "error", status: 429, retryAfter: 3 } as const;
    access.emulator.faults.onCall({ method: "declineChatJoinRequest", times: 2, fault });
    const executors = makeExecutors(
      { declineJoinRequest: makeDeclineJoinRequest(access.deps) } as unknown as EffectTable,
      {} as InvocationTable,
    );
    const body = JSON.stringify({
      kind: "effect",
      effect: { kind: "declineJoinRequest", ...access.member, userChatId: access.ann.id },
    });
    let left: string | null = body;
    const attend = makeEffectRunner({
      door: {} as ActorDoor,
      outbox: {
        read: async () => left,
        remove: async () => {
          left = null;
        },
      },
      executors,
      failed: { add: async () => expect.fail("given up"), list: async () => [] },
      clock: access.clock,
      random: () => 0.5,
    });
    // As the effect workers count: only what was not told to come later uses an attempt up.
    for (let attempt = 1, turns = 0; left !== null && turns < 4; turns += 1)
      if ((await attend("invite/7:-100|3|0", attempt)).next === "retry") attempt += 1;
    expect(left).toBeNull();
    expect(access.told.offers).toEqual([access.ann.id]);
    expect(access.told.slowDowns).toHaveLength(2);
    expect(access.desk.pendingRequestIds()).toEqual([]);
  });

  it("declines although nobody could be told", async () => {
    const access = await startAccess();
    access.ours.entitled = false;
    knock(access);
    const deps = { ...access.deps, offerToBuy: () => Promise.reject(new Error("blocked")) };
    await makeDeclineJoinRequest(deps)(
      { kind: "declineJoinRequest", ...access.member, userChatId: access.ann.id },
      run(),
    );
    expect(access.desk.pendingRequestIds()).toEqual([]);
  });

  it("turns nobody away who became entitled meanwhile", async () => {
    const access = await startAccess();
    knock(access);
    await decline(access);
    expect(access.desk.pendingRequestIds()).toEqual([access.ann.id]);
    expect(access.told.offers).toEqual([]);
  });
});

describe("ending a link", () => {
  it("ends it, once and again", async () => {
    const access = await startAccess();
    const made = await create(access);
    if (made.result !== "link") return expect.fail(made.result);
    const revoke = () =>
      makeRevokeInviteLink(access.deps)({ kind: "revokeInviteLink", chatId: access.chatId, link: made.url }, run());
    await revoke();
    await revoke();
    expect(access.ann.openLink(made.url)).toEqual({ kind: "refused", reason: "revoked" });
  });

  it("is done for a link that is not there", async () => {
    const access = await startAccess();
    await makeRevokeInviteLink(access.deps)(
      { kind: "revokeInviteLink", chatId: access.chatId, link: "https://t.me/+none" },
      run(),
    );
    expect(access.calls()).toEqual(["revokeChatInviteLink"]);
  });
});
