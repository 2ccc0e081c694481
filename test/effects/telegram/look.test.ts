import { describe, expect, it } from "vitest";
import { makeCheckMembership } from "../../../src/effects/telegram/check-membership.ts";
import { makeInspectChannel } from "../../../src/effects/telegram/inspect-channel.ts";
import { standingOf } from "../../../src/effects/telegram/membership.ts";
import { type Access, codeOf, retryInMs, run, startAccess, T0 } from "./support.ts";

const inspect = (access: Access) => makeInspectChannel(access.deps)({ chatId: access.chatId }, run());
const check = (access: Access, userId = access.ann.id) =>
  makeCheckMembership(access.deps)({ chatId: access.chatId, userId }, run());

describe("looking at a channel", () => {
  it("sees rights, title and size", async () => {
    const access = await startAccess();
    access.desk.adminAdds(access.ann);
    expect(await inspect(access)).toEqual({
      rights: { present: true, canInvite: true, canRestrict: true, title: "Club", members: 3 },
    });
  });

  it("sees which right is missing", async () => {
    const access = await startAccess();
    access.desk.setBotRights({ can_invite_users: false });
    expect((await inspect(access)).rights).toMatchObject({ present: true, canInvite: false, canRestrict: true });
    access.desk.demoteBot();
    expect((await inspect(access)).rights).toMatchObject({ present: true, canInvite: false, canRestrict: false });
  });

  it.each([true, false])("takes being outside for an answer (banned: %s)", async (ban) => {
    const access = await startAccess();
    access.desk.removeBot({ ban });
    expect(await inspect(access)).toEqual({
      rights: { present: false, canInvite: false, canRestrict: false, title: null, members: null },
    });
  });

  it("takes a chat that does not exist for one without the bot", async () => {
    const access = await startAccess();
    expect((await makeInspectChannel(access.deps)({ chatId: "-1009999999999" }, run())).rights.present).toBe(false);
  });

  it("takes a refusal to look for a missing right, not for absence", async () => {
    const access = await startAccess();
    const refusal = { kind: "error", status: 400, description: "Bad Request: member list is inaccessible" } as const;
    access.emulator.faults.onCall({ method: "getChatMember", times: 1, fault: refusal });
    expect((await inspect(access)).rights).toMatchObject({ present: true, canInvite: false, canRestrict: false });
  });

  it("does not take silence for an answer", async () => {
    const access = await startAccess();
    access.emulator.faults.onCall({ method: "getChatMember", fault: { kind: "reset", when: "before" } });
    expect(await codeOf(inspect(access))).toBe("effect.unavailable");
  });

  it("does without title and size when only they are refused", async () => {
    const access = await startAccess();
    const refusal = { kind: "error", status: 400, description: "Bad Request: something new" } as const;
    access.emulator.faults.onCall({ method: "getChat", fault: refusal });
    expect((await inspect(access)).rights).toMatchObject({ present: true, canInvite: true, title: null, members: 2 });
  });
});

describe("looking for a person", () => {
  it("says what Telegram says", async () => {
    const access = await startAccess();
    expect(await check(access)).toEqual({ membership: "left" });
    access.desk.adminAdds(access.ann);
    expect(await check(access)).toEqual({ membership: "member" });
    access.desk.adminPromotes(access.ann);
    expect(await check(access)).toEqual({ membership: "administrator" });
    expect(await check(access, access.owner.id)).toEqual({ membership: "owner" });
    expect(await check(access, 999_999)).toEqual({ membership: "unknownUser" });
  });

  it("waits when the bot may not look", async () => {
    const access = await startAccess();
    access.desk.removeBot();
    expect(await codeOf(check(access))).toBe("effect.unavailable");
    expect(access.told.refusals).toHaveLength(1);
  });

  it("waits as long as Telegram asks", async () => {
    const access = await startAccess();
    access.emulator.faults.onCall({ method: "getChatMember", fault: { kind: "error", status: 429, retryAfter: 3 } });
    expect(await retryInMs(check(access))).toBe(3_000);
  });

  it("stops at a wrong token: no other call would fare better", async () => {
    const access = await startAccess();
    access.emulator.faults.onCall({
      method: "getChatMember",
      fault: { kind: "error", status: 401, description: "Unauthorized" },
    });
    expect(await codeOf(check(access))).toBe("telegram.unauthorized");
  });
});

describe("what getChatMember tells", () => {
  const user = { id: 7, is_bot: false, first_name: "Ann" };
  it("of somebody restricted is whether they are inside", () => {
    const restricted = (is_member: boolean) => ({ status: "restricted", user, is_member, until_date: 0 }) as never;
    expect(standingOf(restricted(true), T0).membership).toBe("member");
    expect(standingOf(restricted(false), T0).membership).toBe("left");
  });

  it.each([
    [0, "foreign"],
    [90, "ours"],
    [-1_000, "ours"],
    [3_600, "foreign"],
  ] as const)("of a ban that ends in %i s (0: never) is that it is %s", (seconds, whose) => {
    const until_date = seconds === 0 ? 0 : T0 / 1_000 + seconds;
    expect(standingOf({ status: "kicked", user, until_date }, T0).ban).toBe(whose);
  });
});
