import type { ChatInviteLink } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { startWorld } from "./support.ts";

async function club(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options);
  const owner = world.emulator.people.add({ firstName: "Olga" });
  const channel = world.emulator.channels.create({ title: "Club", owner });
  const ann = world.emulator.people.add({ firstName: "Ann" });
  ann.start();
  await world.emulator.settled();
  const chat_id = channel.id;
  const link = (settings: object = {}) => world.ok<ChatInviteLink>("createChatInviteLink", { chat_id, ...settings });
  const nowS = () => Math.floor(world.clock.ms / 1000);
  const memberOf = (user_id: number) => world.ok<{ status: string }>("getChatMember", { chat_id, user_id });
  return { ...world, owner, channel, ann, chat_id, link, nowS, memberOf };
}

describe("a channel with the bot as admin", () => {
  it("tells the bot that it was added, and shows itself", async () => {
    const { bot, chat_id, ok, owner } = await club();
    expect(bot.of("my_chat_member")).toMatchObject([
      {
        chat: { id: chat_id, title: "Club", type: "channel" },
        from: { id: owner.id },
        old_chat_member: { status: "left" },
        new_chat_member: { status: "administrator", can_invite_users: true, can_restrict_members: true },
      },
    ]);
    expect(chat_id).toBeLessThan(-1_000_000_000_000);
    expect(await ok("getChat", { chat_id })).toMatchObject({ id: chat_id, type: "channel", title: "Club" });
    expect(await ok("getChatMemberCount", { chat_id })).toBe(2);
    const admins = await ok<{ status: string }[]>("getChatAdministrators", { chat_id });
    expect(admins.map((a) => a.status)).toEqual(["creator", "administrator"]);
  });

  it("takes posts of the bot when it may post", async () => {
    const { channel, chat_id, ok, refused } = await club();
    const post = await ok("sendMessage", { chat_id, text: "news" });
    expect(post).toMatchObject({ sender_chat: { id: chat_id }, chat: { type: "channel" }, text: "news" });
    expect(post).not.toHaveProperty("from");
    channel.setBotRights({ can_post_messages: false });
    expect(await refused("sendMessage", { chat_id, text: "x" })).toBe(
      "Bad Request: need administrator rights in the channel chat",
    );
  });

  it("refuses work for which the bot has no rights, or where it is not", async () => {
    const { channel, chat_id, refused, ann, bot, emulator } = await club();
    const user_id = ann.id;
    channel.demoteBot();
    expect(await refused("createChatInviteLink", { chat_id })).toBe(
      "Bad Request: not enough rights to manage chat invite link",
    );
    expect(await refused("banChatMember", { chat_id, user_id })).toBe(
      "Bad Request: not enough rights to restrict/unrestrict chat member",
    );
    expect(await refused("approveChatJoinRequest", { chat_id, user_id })).toBe("Bad Request: CHAT_ADMIN_REQUIRED");
    channel.removeBot();
    expect(await refused("getChat", { chat_id })).toBe("Forbidden: bot is not a member of the channel chat");
    channel.setBotRights();
    expect(await refused("getChat", { chat_id })).toBe("");
    channel.removeBot({ ban: true });
    expect(await refused("getChatMember", { chat_id, user_id })).toBe(
      "Forbidden: bot was kicked from the channel chat",
    );
    await emulator.settled();
    expect(bot.of("my_chat_member").map((u) => u.new_chat_member.status)).toEqual([
      "administrator",
      "administrator",
      "left",
      "administrator",
      "kicked",
    ]);
    const other = emulator.channels.create({ bot: false });
    expect(await refused("getChat", { chat_id: other.id })).toBe("Bad Request: chat not found");
    expect(await refused("banChatMember", { chat_id: user_id, user_id })).toBe(
      "Bad Request: method is available only for supergroup and channel chats",
    );
  });
});

describe("an invite link", () => {
  it("lets a person in and names itself in the update", async () => {
    const { ann, bot, emulator, link, channel } = await club();
    const made = await link({ name: "ord_1" });
    expect(ann.openLink(made.invite_link)).toEqual({ kind: "joined" });
    await emulator.settled();
    expect(bot.of("chat_member")).toMatchObject([
      {
        from: { id: ann.id },
        old_chat_member: { status: "left" },
        new_chat_member: { status: "member", user: { id: ann.id } },
        invite_link: { invite_link: made.invite_link, name: "ord_1", creates_join_request: false },
      },
    ]);
    expect(channel.isMember(ann)).toBe(true);
    expect(ann.openLink(made.invite_link)).toEqual({ kind: "refused", reason: "alreadyMember" });
    expect(ann.openLink("https://t.me/+nothing")).toEqual({ kind: "refused", reason: "unknownLink" });
  });

  it("counts simultaneous members: a place is free again when somebody leaves", async () => {
    const { ann, emulator, link, chat_id } = await club();
    const bob = emulator.people.add();
    const { invite_link } = await link({ member_limit: 1 });
    ann.openLink(invite_link);
    expect(bob.openLink(invite_link)).toEqual({ kind: "refused", reason: "memberLimitReached" });
    ann.leave(chat_id);
    expect(bob.openLink(invite_link)).toEqual({ kind: "joined" });
  });

  it("ends at its date", async () => {
    const { ann, emulator, link, nowS, clock, advance } = await club();
    const { invite_link, expire_date } = await link({ expire_date: nowS() + 60 });
    expect(emulator.nextDueAt()).toBe((expire_date ?? 0) * 1000);
    await advance(60_000);
    expect(ann.openLink(invite_link)).toEqual({ kind: "refused", reason: "expired" });
    expect([emulator.nextDueAt(), clock.ms]).toEqual([null, (expire_date ?? 0) * 1000]);
  });

  it("is revoked by the bot or by an admin, the bot not being told", async () => {
    const { ann, bot, chat_id, channel, link, ok, refused, emulator } = await club();
    const first = await link();
    expect(await ok("revokeChatInviteLink", { chat_id, invite_link: first.invite_link })).toMatchObject({
      is_revoked: true,
    });
    expect(ann.openLink(first.invite_link)).toEqual({ kind: "refused", reason: "revoked" });
    expect(await refused("revokeChatInviteLink", { chat_id, invite_link: first.invite_link })).toBe(
      "Bad Request: INVITE_HASH_EXPIRED",
    );
    const second = await link();
    const before = bot.updates.length;
    channel.revokeLink(second.invite_link);
    expect(ann.openLink(second.invite_link)).toEqual({ kind: "refused", reason: "revoked" });
    await emulator.settled();
    expect(bot.updates).toHaveLength(before);
  });

  it("is checked like Telegram's", async () => {
    const { chat_id, refused, nowS, channel, ok, link } = await club();
    const make = (settings: object) => refused("createChatInviteLink", { chat_id, ...settings });
    expect(await make({ expire_date: nowS() - 1 })).toBe("Bad Request: EXPIRE_DATE_INVALID");
    expect(await make({ member_limit: 100_000 })).toBe("Bad Request: USAGE_LIMIT_INVALID");
    expect(await make({ member_limit: 1, creates_join_request: true })).toContain("member limit can't be specified");
    expect(await make({ name: "x".repeat(33) })).toContain("name");
    const foreign = channel.adminCreatesLink({ name: "owner's" });
    expect(await refused("revokeChatInviteLink", { chat_id, invite_link: foreign })).toBe(
      "Bad Request: CHAT_ADMIN_REQUIRED",
    );
    expect(await refused("editChatInviteLink", { chat_id, invite_link: "https://t.me/+no" })).toBe(
      "Bad Request: INVITE_HASH_EXPIRED",
    );
    const own = await link({ member_limit: 1 });
    expect(
      await ok("editChatInviteLink", { chat_id, invite_link: own.invite_link, creates_join_request: true }),
    ).toMatchObject({ creates_join_request: true });
    expect(
      await refused("createChatSubscriptionInviteLink", {
        chat_id,
        subscription_period: 2_592_000,
        subscription_price: 1,
      }),
    ).toContain("not modelled");
  });

  it("of another admin is shown cut, and the exported one replaces its predecessor", async () => {
    const { ann, bot, channel, chat_id, emulator, ok } = await club();
    ann.openLink(channel.adminCreatesLink());
    await emulator.settled();
    expect(bot.of("chat_member").at(-1)?.invite_link?.invite_link).toMatch(/^https:\/\/t\.me\/\+.{8}\.\.\.$/);
    const first = await ok<string>("exportChatInviteLink", { chat_id });
    const second = await ok<string>("exportChatInviteLink", { chat_id });
    const bob = emulator.people.add();
    expect(bob.openLink(first)).toEqual({ kind: "refused", reason: "revoked" });
    expect(bob.openLink(second)).toEqual({ kind: "joined" });
    expect(await ok("getChat", { chat_id })).toMatchObject({ invite_link: second });
  });
});

describe("a join request", () => {
  it("waits for the bot, which lets the payer in", async () => {
    const { ann, bot, chat_id, emulator, link, ok, channel, refused } = await club();
    const { invite_link } = await link({ creates_join_request: true, name: "ord_1" });
    expect(ann.openLink(invite_link)).toEqual({ kind: "requested" });
    expect(ann.openLink(invite_link)).toEqual({ kind: "refused", reason: "alreadyRequested" });
    await emulator.settled();
    expect(bot.of("chat_join_request")).toMatchObject([
      {
        chat: { id: chat_id },
        from: { id: ann.id },
        user_chat_id: ann.id,
        invite_link: { name: "ord_1", creates_join_request: true, pending_join_request_count: 1 },
      },
    ]);
    const request = { chat_id, user_id: ann.id };
    await ok("approveChatJoinRequest", request);
    await emulator.settled();
    expect(channel.isMember(ann)).toBe(true);
    expect(bot.of("chat_member").at(-1)).toMatchObject({
      from: { is_bot: true },
      new_chat_member: { status: "member" },
      invite_link: { invite_link },
    });
    expect(await refused("approveChatJoinRequest", request)).toBe("Bad Request: USER_ALREADY_PARTICIPANT");
  });

  it("is declined, or gone, or impossible to approve", async () => {
    const { ann, chat_id, link, ok, refused, channel, emulator } = await club();
    const { invite_link } = await link({ creates_join_request: true });
    const request = { chat_id, user_id: ann.id };
    ann.openLink(invite_link);
    await ok("declineChatJoinRequest", request);
    expect(await refused("approveChatJoinRequest", request)).toBe("Bad Request: HIDE_REQUESTER_MISSING");
    ann.openLink(invite_link);
    ann.setInTooManyChannels(true);
    expect(await refused("approveChatJoinRequest", request)).toBe("Bad Request: USER_CHANNELS_TOO_MUCH");
    ann.deactivate();
    expect(await refused("approveChatJoinRequest", request)).toBe("Bad Request: INPUT_USER_DEACTIVATED");
    const bob = emulator.people.add();
    bob.openLink(invite_link);
    channel.adminApproves(bob);
    expect(await refused("approveChatJoinRequest", { chat_id, user_id: bob.id })).toContain("ALREADY_PARTICIPANT");
  });

  it("is over when an admin adds or bans the person", async () => {
    const { ann, emulator, link, channel } = await club();
    const bob = emulator.people.add();
    const { invite_link } = await link({ creates_join_request: true });
    for (const person of [ann, bob]) person.openLink(invite_link);
    expect(channel.pendingRequestIds()).toEqual([ann.id, bob.id]);
    channel.adminAdds(ann);
    channel.adminBans(bob);
    expect(channel.pendingRequestIds()).toEqual([]);
  });

  it("lets the bot write to a stranger for five minutes while it is open", async () => {
    const { emulator, link, refused, clock, ok, chat_id } = await club();
    const [bob, eve] = [emulator.people.add(), emulator.people.add()];
    const { invite_link } = await link({ creates_join_request: true });
    for (const person of [bob, eve]) person.openLink(invite_link);
    const to = (id: number) => refused("sendMessage", { chat_id: id, text: "hi" });
    const never = "Forbidden: bot can't initiate conversation with a user";
    expect(await to(bob.id)).toBe("");
    await ok("declineChatJoinRequest", { chat_id, user_id: bob.id });
    expect(await to(bob.id)).toBe(never);
    expect(await to(eve.id)).toBe("");
    clock.ms += 5 * 60_000 + 1;
    expect(await to(eve.id)).toBe(never);
  });
});

describe("removing a member", () => {
  it("by a timed ban and unban leaves him out, but free to return", async () => {
    const { ann, bot, chat_id, emulator, link, memberOf, nowS, ok } = await club();
    const { invite_link } = await link();
    ann.openLink(invite_link);
    const user = { chat_id, user_id: ann.id };
    await ok("banChatMember", { ...user, until_date: nowS() + 60 });
    expect(await memberOf(ann.id)).toMatchObject({ status: "kicked", until_date: nowS() + 60 });
    expect(ann.openLink(invite_link)).toEqual({ kind: "refused", reason: "banned" });
    await ok("unbanChatMember", { ...user, only_if_banned: true });
    await ok("unbanChatMember", { ...user, only_if_banned: true });
    expect(await memberOf(ann.id)).toMatchObject({ status: "left" });
    await emulator.settled();
    expect(bot.of("chat_member").map((u) => [u.old_chat_member.status, u.new_chat_member.status])).toEqual([
      ["left", "member"],
      ["member", "kicked"],
      ["kicked", "left"],
    ]);
    expect(ann.openLink(invite_link)).toEqual({ kind: "joined" });
  });

  it("by a plain unban works too; with only_if_banned it does nothing", async () => {
    const { ann, channel, chat_id, ok, bot, emulator } = await club();
    channel.adminAdds(ann);
    await ok("unbanChatMember", { chat_id, user_id: ann.id, only_if_banned: true });
    expect(channel.isMember(ann)).toBe(true);
    await ok("unbanChatMember", { chat_id, user_id: ann.id });
    expect(channel.isMember(ann)).toBe(false);
    await emulator.settled();
    expect(bot.of("chat_member").map((u) => u.new_chat_member.status)).toEqual(["member", "kicked", "left"]);
  });

  it.each([
    ["29 s", 29],
    ["367 days", 367 * 86_400],
    ["no time", 0],
  ])("for %s means for ever", async (_what, seconds) => {
    const { ann, chat_id, channel, memberOf, nowS, ok, emulator } = await club();
    channel.adminAdds(ann);
    const until = seconds === 0 ? {} : { until_date: nowS() + seconds };
    await ok("banChatMember", { chat_id, user_id: ann.id, ...until });
    expect(await memberOf(ann.id)).toMatchObject({ status: "kicked", until_date: 0 });
    expect(emulator.nextDueAt()).toBeNull();
  });

  it("ends by itself when the time is over, without an update unless switched on", async () => {
    for (const banExpiryEmitsUpdate of [false, true]) {
      const { ann, bot, channel, chat_id, advance, nowS, ok, memberOf } = await club({
        switches: { banExpiryEmitsUpdate },
      });
      channel.adminAdds(ann);
      await ok("banChatMember", { chat_id, user_id: ann.id, until_date: nowS() + 60 });
      await advance(60_000);
      expect(await memberOf(ann.id)).toMatchObject({ status: "left" });
      const statuses = bot.of("chat_member").map((u) => u.new_chat_member.status);
      expect(statuses).toEqual(banExpiryEmitsUpdate ? ["member", "kicked", "left"] : ["member", "kicked"]);
    }
  });

  it("is refused for the owner, admins, itself and unknown ids", async () => {
    const { ann, channel, chat_id, owner, refused, emulator } = await club();
    channel.adminPromotes(ann);
    const ban = (user_id: number) => refused("banChatMember", { chat_id, user_id });
    expect(await ban(owner.id)).toBe("Bad Request: can't remove chat owner");
    expect(await ban(ann.id)).toBe("Bad Request: user is an administrator of the chat");
    expect(await ban(emulator.bot.id)).toBe("Bad Request: can't restrict self");
    expect(await ban(99)).toBe("Bad Request: PARTICIPANT_ID_INVALID");
    expect(await refused("getChatMember", { chat_id, user_id: 99 })).toBe("Bad Request: user not found");
    expect(await refused("unbanChatMember", { chat_id, user_id: owner.id })).toBe(
      "Bad Request: can't remove chat owner",
    );
  });
});

describe("other admins", () => {
  it("add, ban and unban people; the update names who did it", async () => {
    const { ann, bot, channel, emulator, owner } = await club();
    const helper = emulator.people.add({ firstName: "Hans" });
    channel.adminPromotes(helper);
    channel.adminAdds(ann, { by: helper });
    channel.adminBans(ann, { by: helper });
    channel.adminUnbans(ann);
    await emulator.settled();
    expect(bot.of("chat_member").map((u) => [u.from.id, u.new_chat_member.status])).toEqual([
      [owner.id, "administrator"],
      [helper.id, "member"],
      [helper.id, "kicked"],
      [owner.id, "left"],
    ]);
    expect(() => channel.adminBans(ann, { by: ann })).toThrow("is no admin");
  });

  it("act unseen while the bot is no admin", async () => {
    const { ann, bot, channel, emulator } = await club();
    channel.removeBot();
    channel.adminAdds(ann);
    await emulator.settled();
    expect(bot.of("chat_member")).toEqual([]);
  });
});
