// Invite links and join requests.
import { z } from "zod";
import { badRequest } from "../errors.ts";
import type { Channel } from "../world/channel.ts";
import type { InviteLinkRecord } from "../world/channel-types.ts";
import { unixSeconds } from "../world/context.ts";
import type { World } from "../world/world.ts";
import { channelOf } from "./addressing.ts";
import { defineMethod, type MethodDefinition } from "./define.ts";
import { chatId, flag, text, userId } from "./fields.ts";

const NO_RIGHT = "not enough rights to manage chat invite link";

const linkFields = {
  name: z.string().max(32, "at most 32 characters").exactOptional(),
  expire_date: z.int().nonnegative().exactOptional(),
  member_limit: z.int().exactOptional(),
  creates_join_request: flag,
};
type LinkParams = z.output<z.ZodObject<typeof linkFields>>;

/** @throws BotApiError EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID, or both limit and approval. */
function linkSettings(world: World, params: LinkParams) {
  // 0 means "no limit" for both, as an absent value does.
  const expireDate = params.expire_date || undefined;
  const memberLimit = params.member_limit || undefined;
  if (params.creates_join_request && memberLimit !== undefined)
    throw badRequest("member limit can't be specified for links requiring administrator approval");
  if (expireDate !== undefined && expireDate <= unixSeconds(world.context.clock))
    throw badRequest("EXPIRE_DATE_INVALID");
  if (memberLimit !== undefined && (memberLimit < 1 || memberLimit > 99_999)) throw badRequest("USAGE_LIMIT_INVALID");
  return {
    name: params.name || undefined,
    expireDate,
    memberLimit,
    createsJoinRequest: params.creates_join_request ?? false,
  };
}

/** @throws BotApiError for links that do not exist or belong to another admin. */
function ownLink(world: World, channel: Channel, url: string): InviteLinkRecord {
  const link = channel.links.get(url);
  if (!link) throw badRequest("INVITE_HASH_EXPIRED");
  if (link.creatorId !== world.context.bot.id) throw badRequest("CHAT_ADMIN_REQUIRED");
  return link;
}

const createChatInviteLink = defineMethod(
  "createChatInviteLink",
  { chat_id: chatId, ...linkFields },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    channel.requireBotRight("can_invite_users", NO_RIGHT);
    const link = world.channels.createLink(channel, world.context.bot.id, linkSettings(world, params));
    return world.channels.linkView(channel, link);
  },
);

const editChatInviteLink = defineMethod(
  "editChatInviteLink",
  { chat_id: chatId, invite_link: text, ...linkFields },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    channel.requireBotRight("can_invite_users", NO_RIGHT);
    const link = ownLink(world, channel, params.invite_link);
    if (link.isRevoked) throw badRequest("INVITE_HASH_EXPIRED");
    if (link.isPrimary) throw badRequest("CHAT_INVITE_PERMANENT");
    Object.assign(link, linkSettings(world, params));
    return world.channels.linkView(channel, link);
  },
);

const revokeChatInviteLink = defineMethod(
  "revokeChatInviteLink",
  { chat_id: chatId, invite_link: text },
  (params, { world, options }) => {
    const channel = channelOf(world, params.chat_id);
    channel.requireBotRight("can_invite_users", NO_RIGHT);
    const link = ownLink(world, channel, params.invite_link);
    if (link.isRevoked && options.switches.revokeTwice === "error") throw badRequest("INVITE_HASH_EXPIRED");
    revoke(world, channel, link);
    return world.channels.linkView(channel, link);
  },
);

/** A revoked primary link is replaced at once. */
function revoke(world: World, channel: Channel, link: InviteLinkRecord): void {
  if (link.isRevoked) return;
  link.isRevoked = true;
  if (link.isPrimary) world.channels.createLink(channel, link.creatorId, { isPrimary: true });
}

const exportChatInviteLink = defineMethod("exportChatInviteLink", { chat_id: chatId }, (params, { world }) => {
  const channel = channelOf(world, params.chat_id);
  channel.requireBotRight("can_invite_users", NO_RIGHT);
  const botId = world.context.bot.id;
  for (const link of channel.links.values())
    if (link.isPrimary && link.creatorId === botId && !link.isRevoked) link.isRevoked = true;
  return world.channels.createLink(channel, botId, { isPrimary: true }).url;
});

const createChatSubscriptionInviteLink = defineMethod(
  "createChatSubscriptionInviteLink",
  {
    chat_id: chatId,
    name: z.string().max(32).exactOptional(),
    subscription_period: z.int(),
    subscription_price: z.int(),
  },
  (params, { world }) => {
    channelOf(world, params.chat_id).requireBotRight("can_invite_users", NO_RIGHT);
    throw badRequest("subscriptions sold by the channel itself are not modelled by the emulator");
  },
);

const approveChatJoinRequest = defineMethod(
  "approveChatJoinRequest",
  { chat_id: chatId, user_id: userId },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    channel.requireBotRight("can_invite_users", "CHAT_ADMIN_REQUIRED");
    world.channels.approve(channel, params.user_id, channel.botUser());
    return true;
  },
);

const declineChatJoinRequest = defineMethod(
  "declineChatJoinRequest",
  { chat_id: chatId, user_id: userId },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    channel.requireBotRight("can_invite_users", "CHAT_ADMIN_REQUIRED");
    world.channels.decline(channel, params.user_id);
    return true;
  },
);

export const inviteLinkMethods: readonly MethodDefinition[] = [
  createChatInviteLink,
  editChatInviteLink,
  revokeChatInviteLink,
  exportChatInviteLink,
  createChatSubscriptionInviteLink,
  approveChatJoinRequest,
  declineChatJoinRequest,
];
