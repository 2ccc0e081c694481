import { describe, expect, it } from "vitest";
import { makeRemoveMember } from "../../../src/effects/telegram/remove-member.ts";
import { type Access, codeOf, retryInMs, run, startAccess } from "./support.ts";

async function inside(): Promise<Access & { remove: (attempt?: number) => Promise<{ result: string }> }> {
  const access = await startAccess();
  access.ours.entitled = false;
  access.desk.adminAdds(access.ann);
  const execute = makeRemoveMember(access.deps);
  return { ...access, remove: (attempt) => execute({ ...access.member, link: null }, run(attempt)) };
}

describe("rule 8: removing a person", () => {
  it("puts them out, makes sure, and leaves no ban behind", async () => {
    const { remove, ann, desk, calls } = await inside();
    expect(await remove()).toEqual({ result: "removed" });
    expect(desk.isMember(ann)).toBe(false);
    expect(desk.member(ann).status).toBe("left");
    expect(calls()).toEqual(["getChatMember", "banChatMember", "unbanChatMember", "getChatMember"]);
  });

  it("is not done while Telegram shows them inside, whatever it answered: it is tried again", async () => {
    const { remove, deps, ann, desk } = await inside();
    const { unbanChatMember } = deps.api;
    deps.api.unbanChatMember = async (...args) => {
      const lifted = await unbanChatMember.apply(deps.api, args);
      desk.adminAdds(ann);
      return lifted;
    };
    expect(await codeOf(remove())).toBe("effect.unavailable");
    deps.api.unbanChatMember = unbanChatMember;
    expect(await remove(2)).toEqual({ result: "removed" });
    expect(desk.isMember(ann)).toBe(false);
  });

  it("can be undone: they come back by a link at once", async () => {
    const { remove, ann, desk } = await inside();
    await remove();
    expect(ann.openLink(desk.adminCreatesLink())).toEqual({ kind: "joined" });
  });

  it("does nothing to somebody who is outside", async () => {
    const { remove, ann, desk, calls } = await inside();
    ann.leave(desk.id);
    expect(await remove()).toEqual({ result: "notMember" });
    expect(calls()).toEqual(["getChatMember"]);
  });

  it("never touches the owner or an administrator", async () => {
    const access = await inside();
    const execute = makeRemoveMember(access.deps);
    access.desk.adminPromotes(access.ann);
    expect(await access.remove()).toEqual({ result: "untouchable" });
    expect(await execute({ ...access.member, userId: access.owner.id, link: null }, run())).toEqual({
      result: "untouchable",
    });
    expect(access.calls()).toEqual(["getChatMember", "getChatMember"]);
  });

  it("believes Telegram when somebody was promoted in between", async () => {
    const { remove, ann, desk, ours } = await inside();
    ours.onEntitledAsked = () => desk.adminPromotes(ann);
    expect(await remove()).toEqual({ result: "untouchable" });
  });

  it("lets somebody be who is entitled at the moment of the call", async () => {
    const { remove, ann, desk, ours } = await inside();
    ours.entitled = true;
    expect(await remove()).toEqual({ result: "entitled" });
    expect(desk.isMember(ann)).toBe(true);
  });

  it("leaves a ban of somebody else alone", async () => {
    const { remove, ann, desk, calls } = await inside();
    desk.adminBans(ann);
    expect(await remove()).toEqual({ result: "notMember" });
    expect(desk.member(ann)).toMatchObject({ status: "kicked", until_date: 0 });
    expect(calls()).toEqual(["getChatMember"]);
  });

  it("ends the link by which they would be back", async () => {
    const access = await inside();
    const link = await access.deps.api.createChatInviteLink(access.desk.id, { member_limit: 1 });
    await makeRemoveMember(access.deps)({ ...access.member, link: link.invite_link }, run());
    expect(access.ann.openLink(link.invite_link)).toEqual({ kind: "refused", reason: "revoked" });
  });

  it("does not wait for an account that Telegram does not know", async () => {
    const access = await startAccess();
    expect(await makeRemoveMember(access.deps)({ chatId: access.chatId, userId: 999_999, link: null }, run())).toEqual({
      result: "notMember",
    });
  });
});

describe("rule 11: a removal at the breaker", () => {
  it("is not done, and the breaker hears only of people who would really be removed", async () => {
    const { remove, ann, desk, ours, told } = await inside();
    ours.removal = "held";
    expect(await remove()).toEqual({ result: "held" });
    expect(desk.isMember(ann)).toBe(true);
    expect(told.removals).toEqual([ann.id]);
    ours.entitled = true;
    await remove();
    expect(told.removals).toEqual([ann.id]);
  });

  it("is not asked for while the channel cannot be managed", async () => {
    const { remove, ours, told } = await inside();
    ours.manageable = false;
    expect(await remove()).toEqual({ result: "channelUnavailable" });
    expect(told.removals).toEqual([]);
  });
});

describe("a removal that is interrupted", () => {
  it.each(["banChatMember", "unbanChatMember"])(
    "is finished by the next attempt when the answer of %s was lost",
    async (method) => {
      const { remove, ann, desk, emulator } = await inside();
      emulator.faults.onCall({ method, times: 1, fault: { kind: "reset", when: "after" } });
      expect(await codeOf(remove())).toBe("effect.unavailable");
      const again = await remove(2);
      expect(["removed", "notMember"]).toContain(again.result);
      expect(desk.member(ann).status).toBe("left");
    },
  );

  it("finishes although the person became entitled, so that no ban stays", async () => {
    const { remove, ann, desk, emulator, ours } = await inside();
    emulator.faults.onCall({ method: "banChatMember", times: 1, fault: { kind: "reset", when: "after" } });
    await codeOf(remove());
    expect(desk.member(ann).status).toBe("kicked");
    ours.entitled = true;
    expect(await remove(2)).toEqual({ result: "removed" });
    expect(desk.member(ann).status).toBe("left");
  });

  it("leaves a ban that ends by itself when nobody comes back to it", async () => {
    const { remove, ann, desk, emulator, advance } = await inside();
    emulator.faults.onCall({ method: "unbanChatMember", fault: { kind: "reset", when: "before" } });
    await codeOf(remove());
    await advance(91_000);
    expect(desk.member(ann).status).toBe("left");
  });

  it("waits as long as Telegram asks, without counting it as a failure", async () => {
    const { remove, emulator, told, chatId } = await inside();
    emulator.faults.onCall({ method: "banChatMember", times: 1, fault: { kind: "error", status: 429, retryAfter: 7 } });
    expect(await retryInMs(remove())).toBe(7_000);
    expect(told.slowDowns).toEqual([{ chatId, retryAfterMs: 7_000 }]);
    expect(await remove()).toEqual({ result: "removed" });
  });

  it("waits its turn before the first call", async () => {
    const { remove, ours, calls } = await inside();
    ours.permit = { ok: false, retryInMs: 1_234 };
    expect(await retryInMs(remove())).toBe(1_234);
    expect(calls()).toEqual([]);
  });

  it.each([
    ["a proxy's page", { kind: "garbage" }],
    ["half an answer", { kind: "truncate" }],
    ["a server in trouble", { kind: "error", status: 500 }],
    ["no answer at all", { kind: "hang" }],
  ] as const)("does not take %s for an answer", async (_, fault) => {
    const { remove, emulator } = await inside();
    emulator.faults.onCall({ method: "banChatMember", times: 1, fault });
    expect(await codeOf(remove())).toBe("effect.unavailable");
    expect((await remove(2)).result).toBe("removed");
  });
});

describe("a bot without the right to remove", () => {
  it("makes the channel look for itself, and tries again later", async () => {
    const { remove, desk, told } = await inside();
    desk.setBotRights({ can_restrict_members: false });
    expect(await codeOf(remove())).toBe("effect.unavailable");
    expect(told.refusals).toEqual(["Bad Request: not enough rights to restrict/unrestrict chat member"]);
  });
});
