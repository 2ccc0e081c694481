// Where a message goes, and whether the bot may write there.
import type { Chat, InlineKeyboardMarkup } from "@grammyjs/types";
import { badRequest } from "../errors.ts";
import type { Channel } from "../world/channel.ts";
import type { InvoiceRecord } from "../world/invoices.ts";
import type { MessageContent, StoredMessage } from "../world/messages.ts";
import type { UserRecord } from "../world/users.ts";
import type { World } from "../world/world.ts";
import type { AnyMarkup } from "./fields.ts";

export type Place =
  | { readonly kind: "private"; readonly user: UserRecord }
  | { readonly kind: "channel"; readonly channel: Channel };

/** @throws BotApiError 400 `chat not found`; 403 when the bot may not be there. */
export function placeOf(world: World, chatId: number | string): Place {
  const channel = world.channels.find(chatId);
  if (channel) {
    channel.requireBotInside();
    return { kind: "channel", channel };
  }
  const id = Number(chatId);
  if (!Number.isSafeInteger(id)) throw badRequest("chat not found");
  return { kind: "private", user: world.users.reachable(id) };
}

/** @throws BotApiError as `placeOf`, and 400 for anything but a channel. */
export function channelOf(world: World, chatId: number | string): Channel {
  const channel = world.channels.find(chatId);
  if (!channel) {
    if (Number(chatId) > 0 && world.users.find(Number(chatId))?.knownToBot)
      throw badRequest("method is available only for supergroup and channel chats");
    throw badRequest("chat not found");
  }
  channel.requireBotInside();
  return channel;
}

interface SendOptions {
  readonly reply_markup?: AnyMarkup;
  readonly protect_content?: boolean;
  readonly message_effect_id?: string;
  readonly reply_parameters?: {
    readonly message_id: number;
    readonly chat_id?: number | string;
    readonly allow_sending_without_reply?: boolean;
  };
}

/** Checks the destination and stores the message. @throws BotApiError */
export function send(
  world: World,
  chatId: number | string,
  content: MessageContent,
  options: SendOptions,
  invoice?: InvoiceRecord,
): StoredMessage {
  const place = placeOf(world, chatId);
  const full: MessageContent = {
    ...content,
    ...(options.protect_content ? { has_protected_content: true as const } : {}),
    ...(options.message_effect_id === undefined ? {} : { effect_id: options.message_effect_id }),
    ...repliedTo(world, place, options),
    ...inlineMarkup(options.reply_markup),
  };
  const extra = invoice ? { invoice } : {};
  if (place.kind === "channel") {
    place.channel.requireBotRight("can_post_messages", "need administrator rights in the channel chat");
    if (options.reply_markup && !("inline_keyboard" in options.reply_markup))
      throw badRequest("reply markup of this type is not allowed in channel chats");
    return world.messages.add({ chat: place.channel.view(), from: null, content: full, ...extra });
  }
  const stored = world.chats.fromBot(place.user, full, extra);
  const markup = options.reply_markup;
  if (markup && "keyboard" in markup) place.user.replyKeyboard = markup;
  if (markup && "remove_keyboard" in markup) place.user.replyKeyboard = null;
  return stored;
}

const inlineMarkup = (markup: AnyMarkup | undefined): { reply_markup?: InlineKeyboardMarkup } =>
  markup && "inline_keyboard" in markup && markup.inline_keyboard.length > 0 ? { reply_markup: markup } : {};

function repliedTo(world: World, place: Place, options: SendOptions): Pick<MessageContent, "reply_to_message"> {
  const reply = options.reply_parameters;
  if (!reply) return {};
  if (reply.chat_id !== undefined && Number(reply.chat_id) !== chatOf(world, place).id)
    throw badRequest("replies to other chats are not modelled by the emulator");
  const found = world.messages.find(chatOf(world, place).id, reply.message_id);
  if (!found) {
    if (reply.allow_sending_without_reply) return {};
    throw badRequest("message to be replied not found");
  }
  const { reply_to_message: _nested, ...plain } = found.message;
  return { reply_to_message: plain as NonNullable<MessageContent["reply_to_message"]> };
}

const chatOf = (world: World, place: Place): Chat =>
  place.kind === "channel" ? place.channel.view() : world.users.chatView(place.user);
