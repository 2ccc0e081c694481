// Who is in a channel: bans, removals, and what can be asked.
import type { ChatFullInfo } from "@grammyjs/types";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import type { UserRecord } from "../world/users.ts";
import type { World } from "../world/world.ts";
import { channelOf, placeOf } from "./addressing.ts";
import { defineMethod, type MethodDefinition } from "./define.ts";
import { chatId, flag, userId } from "./fields.ts";

const NO_RIGHT = "not enough rights to restrict/unrestrict chat member";

/** @throws BotApiError for the bot itself and for ids that do not exist. */
function personToRemove(world: World, id: number): UserRecord {
  if (id === world.context.bot.id) throw badRequest("can't restrict self");
  const user = world.users.find(id);
  if (!user) throw badRequest("PARTICIPANT_ID_INVALID");
  return user;
}

const banChatMember = defineMethod(
  "banChatMember",
  {
    chat_id: chatId,
    user_id: userId,
    until_date: z.int().nonnegative().exactOptional(),
    revoke_messages: flag,
  },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    const user = personToRemove(world, params.user_id);
    channel.requireBotRight("can_restrict_members", NO_RIGHT);
    channel.ban(user, params.until_date || undefined, channel.botUser());
    return true;
  },
);

const unbanChatMember = defineMethod(
  "unbanChatMember",
  { chat_id: chatId, user_id: userId, only_if_banned: flag },
  (params, { world }) => {
    const channel = channelOf(world, params.chat_id);
    const user = personToRemove(world, params.user_id);
    channel.requireBotRight("can_restrict_members", NO_RIGHT);
    channel.unban(user, params.only_if_banned ?? false, channel.botUser());
    return true;
  },
);

/** Required of every chat, and the same for all of them here. */
const COMMON_INFO = {
  accent_color_id: 0,
  max_reaction_count: 11,
  accepted_gift_types: {
    unlimited_gifts: true,
    limited_gifts: true,
    unique_gifts: true,
    premium_subscription: true,
    gifts_from_channels: true,
  },
};

const getChat = defineMethod("getChat", { chat_id: chatId }, (params, { world }): ChatFullInfo => {
  const channel = world.channels.find(params.chat_id);
  if (!channel) {
    const user = world.users.find(Number(params.chat_id));
    if (!user?.knownToBot) throw badRequest("chat not found");
    return {
      ...world.users.chatView(user),
      ...(user.bio === undefined ? {} : { bio: user.bio }),
      ...COMMON_INFO,
    };
  }
  channel.requireBotInside();
  const primary = [...channel.links.values()].find(
    (link) => link.isPrimary && !link.isRevoked && link.creatorId === world.context.bot.id,
  );
  return {
    ...channel.view(),
    ...(channel.hasProtectedContent ? { has_protected_content: true as const } : {}),
    ...(primary && channel.botRights?.can_invite_users ? { invite_link: primary.url } : {}),
    ...COMMON_INFO,
  };
});

const getChatMember = defineMethod("getChatMember", { chat_id: chatId, user_id: userId }, (params, { world }) => {
  const place = placeOf(world, params.chat_id);
  if (place.kind === "private") throw badRequest("chat member status is available only in channels here");
  if (params.user_id === world.context.bot.id) return place.channel.memberViewOfBot();
  const user = world.users.find(params.user_id);
  if (!user) throw badRequest("user not found");
  if (!place.channel.botRights) throw badRequest("CHAT_ADMIN_REQUIRED");
  return place.channel.viewOf(user);
});

const getChatMemberCount = defineMethod(
  "getChatMemberCount",
  { chat_id: chatId },
  (params, { world }) => channelOf(world, params.chat_id).memberCount,
);

const getChatAdministrators = defineMethod(
  "getChatAdministrators",
  { chat_id: chatId, return_bots: flag },
  (params, { world }) => channelOf(world, params.chat_id).administrators(),
);

export const memberMethods: readonly MethodDefinition[] = [
  banChatMember,
  unbanChatMember,
  getChat,
  getChatMember,
  getChatMemberCount,
  getChatAdministrators,
];
