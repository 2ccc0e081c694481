// Who came into and left our chats, who asks to come in, and what the bot may do there. Nothing is ever written into a channel.
import { Composer } from "grammy";
import { addressOf } from "../../../machines/address.ts";
import type { ChannelRights } from "../../../machines/channel/types.ts";
import type { Membership } from "../../../machines/invite/types.ts";
import type { ActorEvent } from "../../runtime/ports.ts";
import { type BotContext, byUpdate } from "../context.ts";
import type { BotDeps } from "../ports.ts";
import type { InviteLink, Member, MemberChange, Parsed } from "../updates.ts";

const isInside = (member: Member): boolean =>
  member.status === "creator" ||
  member.status === "administrator" ||
  member.status === "member" ||
  (member.status === "restricted" && member.is_member);

const MEMBERSHIP: Readonly<Record<Exclude<Member["status"], "restricted">, Membership>> = {
  creator: "owner",
  administrator: "administrator",
  member: "member",
  left: "left",
  kicked: "kicked",
};

const membershipOf = (member: Member): Membership =>
  member.status === "restricted" ? (member.is_member ? "member" : "left") : MEMBERSHIP[member.status];

/** Links of this service are named after the person they were made for. */
export function linkOwnerOf(link: InviteLink | undefined, botId: number): number | null {
  if (link === undefined || link.creator.id !== botId) return null;
  const match = /^u([1-9]\d{0,15})$/.exec(link.name ?? "");
  return match ? Number(match[1]) : null;
}

/** What a change of membership means to the invite; null when it tells it nothing new. */
export function memberEvent(change: MemberChange, botId: number): ActorEvent | null {
  const before = change.old_chat_member;
  const after = change.new_chat_member;
  if (!isInside(before) && isInside(after))
    return { type: "member.joined", linkOwner: linkOwnerOf(change.invite_link, botId) };
  if (isInside(before) && isInside(after)) return { type: "membership.seen", membership: membershipOf(after) }; // rank changed
  // A ban that was lifted; our own removals lift theirs themselves.
  if (before.status === "kicked" && after.status !== "kicked" && change.from.id !== botId)
    return { type: "membership.seen", membership: membershipOf(after) };
  if (!isInside(before)) return null;
  if (change.from.id === after.user.id) return { type: "member.left" };
  // Our own removals are verified by the executor that makes them; the update may come after the person was let in again.
  if (change.from.id === botId) return null;
  return { type: "member.removed", by: change.from.id };
}

export function rightsOf(change: MemberChange): ChannelRights {
  const me = change.new_chat_member;
  const title = change.chat.title?.slice(0, 256) ?? null;
  if (me.status === "creator") return { present: true, canInvite: true, canRestrict: true, title, members: null };
  const admin = me.status === "administrator" ? me : null;
  return {
    present: isInside(me),
    canInvite: admin?.can_invite_users ?? false,
    canRestrict: admin?.can_restrict_members ?? false,
    title,
    members: null,
  };
}

export function members(
  deps: Pick<BotDeps, "actors" | "catalog" | "botInfo" | "count" | "strangerJoined">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const botId = deps.botInfo.id;
  /** A chat of the plans, or one that was: who bought access to it keeps it, and only such chats have an actor. */
  const isOurs = async (chatId: string): Promise<boolean> => {
    const isSold = [...deps.catalog.current().products.values()].some((product) => product.chats.includes(chatId));
    const ours = isSold || (await deps.actors.read(addressOf.channel(chatId))) !== null;
    if (!ours) deps.count("update.foreignChat");
    return ours;
  };

  composer.on("chat_member", async (ctx) => {
    const { updateId, data } = ctx.parsed as Parsed<"chat_member">;
    if (data.new_chat_member.user.is_bot || !(await isOurs(data.chat.id))) return;
    const event = memberEvent(data, botId);
    if (event === null) return;
    const userId = data.new_chat_member.user.id;
    const { view, rev, outcome } = await deps.actors.send(
      addressOf.invite(userId, data.chat.id),
      event,
      byUpdate(updateId),
    );
    const isPutOut = view?.states.some((state) => state.startsWith("removing")) ?? false;
    if (event.type === "member.joined" && outcome === "applied" && isPutOut)
      await deps.strangerJoined?.({ userId, chatId: data.chat.id, seq: rev });
  });

  composer.on("chat_join_request", async (ctx) => {
    const { updateId, data } = ctx.parsed as Parsed<"chat_join_request">;
    if (!(await isOurs(data.chat.id))) return;
    await deps.actors.send(
      addressOf.invite(data.from.id, data.chat.id),
      { type: "join.requested", linkOwner: linkOwnerOf(data.invite_link, botId), userChatId: data.user_chat_id },
      byUpdate(updateId),
    );
  });

  composer.on("my_chat_member", async (ctx) => {
    const { updateId, data } = ctx.parsed as Parsed<"my_chat_member">;
    if (data.chat.type === "private") {
      const type = isInside(data.new_chat_member) ? "contact.unblocked" : "contact.blocked";
      await deps.actors.send(addressOf.customer(data.from.id), { type }, byUpdate(updateId));
      return;
    }
    if (!(await isOurs(data.chat.id))) return;
    await deps.actors.send(
      addressOf.channel(data.chat.id),
      { type: "rights.seen", rights: rightsOf(data) },
      byUpdate(updateId),
    );
  });

  return composer;
}
