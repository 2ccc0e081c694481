// Editing, deleting, and answering button presses.
import type { InlineKeyboardMarkup, Message, Update } from "@grammyjs/types";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import { captionText, characters, messageText } from "../text/formatted-text.ts";
import type { MessageContent, StoredMessage } from "../world/messages.ts";
import type { World } from "../world/world.ts";
import { placeOf } from "./addressing.ts";
import { type CallContext, defineMethod, type MethodDefinition } from "./define.ts";
import {
  chatId,
  entities,
  flag,
  inlineKeyboard,
  linkPreviewOptions,
  messageId,
  notModelled,
  optionalText,
  parseMode,
  text,
} from "./fields.ts";

const target = {
  business_connection_id: notModelled(),
  chat_id: chatId.exactOptional(),
  message_id: messageId.exactOptional(),
  inline_message_id: notModelled(),
};
const replyMarkup = inlineKeyboard.exactOptional();

type Edited = Message & Update.Edited;

/** @throws BotApiError when it is not found or not the bot's to edit. */
function editable(
  world: World,
  params: { readonly chat_id?: number | string; readonly message_id?: number },
): StoredMessage {
  if (params.chat_id === undefined) throw badRequest("chat_id is empty");
  if (params.message_id === undefined) throw badRequest("message identifier is not specified");
  const place = placeOf(world, params.chat_id);
  const chat = place.kind === "channel" ? place.channel.id : place.user.id;
  const stored = world.messages.find(chat, params.message_id);
  if (!stored) throw badRequest("message to edit not found");
  if (!stored.outgoing || stored.isService || stored.message.forward_origin)
    throw badRequest("message can't be edited");
  if (place.kind === "channel") place.channel.requireBotRight("can_post_messages", "message can't be edited");
  return stored;
}

const editMessageText = defineMethod(
  "editMessageText",
  {
    ...target,
    text: optionalText,
    parse_mode: parseMode,
    entities,
    link_preview_options: linkPreviewOptions,
    rich_message: notModelled(),
    reply_markup: replyMarkup,
  },
  (params, { world }) => {
    const stored = editable(world, params);
    const formatted = messageText({ text: params.text ?? "", parseMode: params.parse_mode, entities: params.entities });
    if (stored.message.text === undefined) throw badRequest("there is no text in the message to edit");
    const { entities: _dropped, link_preview_options: _preview, ...kept } = stored.message;
    const change = {
      text: formatted.text,
      ...(formatted.entities.length > 0 ? { entities: formatted.entities } : {}),
      ...(params.link_preview_options ? { link_preview_options: params.link_preview_options } : {}),
    };
    return applyEdit(world, stored, kept, change, params.reply_markup) as Edited & Message.TextMessage;
  },
);

const editMessageCaption = defineMethod(
  "editMessageCaption",
  {
    ...target,
    caption: optionalText,
    parse_mode: parseMode,
    caption_entities: entities,
    show_caption_above_media: flag,
    reply_markup: replyMarkup,
  },
  (params, { world }) => {
    const stored = editable(world, params);
    if (!stored.message.photo && !stored.message.document)
      throw badRequest("there is no caption in the message to edit");
    const formatted = captionText({
      text: params.caption ?? "",
      parseMode: params.parse_mode,
      entities: params.caption_entities,
    });
    const { caption: _caption, caption_entities: _entities, ...kept } = stored.message;
    const change = {
      ...(formatted.text === "" ? {} : { caption: formatted.text }),
      ...(formatted.entities.length > 0 ? { caption_entities: formatted.entities } : {}),
    };
    return applyEdit(world, stored, kept, change, params.reply_markup) as Edited & Message.CaptionableMessage;
  },
);

const editMessageReplyMarkup = defineMethod(
  "editMessageReplyMarkup",
  { ...target, reply_markup: replyMarkup },
  (params, { world }) => {
    const stored = editable(world, params);
    return applyEdit(world, stored, stored.message, {}, params.reply_markup) as Edited;
  },
);

/** `kept` is the message without the parts that the edit replaces. */
function applyEdit(
  world: World,
  stored: StoredMessage,
  kept: Message,
  change: MessageContent,
  markup: InlineKeyboardMarkup | undefined,
): Message {
  if (stored.invoice && markup) {
    const first = markup.inline_keyboard[0]?.[0];
    if (!first || !("pay" in first)) throw badRequest("MESSAGE_ID_INVALID");
  }
  return world.messages.edit(stored, kept, change, markup);
}

const deleteMessage = defineMethod("deleteMessage", { chat_id: chatId, message_id: messageId }, (params, context) => {
  deleteOne(context, params.chat_id, params.message_id);
  return true;
});

function deleteOne({ world }: CallContext, chat: number | string, id: number): void {
  const place = placeOf(world, chat);
  if (place.kind === "private") {
    world.messages.delete(place.user.id, id);
    return;
  }
  const rights = place.channel.botRights;
  if (!rights?.can_delete_messages && !rights?.can_post_messages) throw badRequest("message can't be deleted");
  world.messages.delete(place.channel.id, id);
}

const deleteMessages = defineMethod(
  "deleteMessages",
  { chat_id: chatId, message_ids: z.array(messageId).min(1).max(100) },
  (params, context) => {
    const place = placeOf(context.world, params.chat_id);
    const chat = place.kind === "channel" ? place.channel.id : place.user.id;
    // Messages that are not there are skipped, as documented.
    for (const id of params.message_ids) if (context.world.messages.find(chat, id)) deleteOne(context, chat, id);
    return true;
  },
);

const answerCallbackQuery = defineMethod(
  "answerCallbackQuery",
  {
    callback_query_id: text,
    text: z
      .string()
      .refine((t) => characters(t) <= 200, { error: "MESSAGE_TOO_LONG" })
      .exactOptional(),
    show_alert: flag,
    url: z
      .string()
      .refine((url) => /^(?:https:\/\/)?t\.me\/\w+\?start=/.test(url) || url === "", { error: "URL_INVALID" })
      .exactOptional(),
    cache_time: z.int().nonnegative().exactOptional(),
  },
  (params, { world }) => {
    world.chats.answerCallback(params.callback_query_id, {
      text: params.text ?? "",
      showAlert: params.show_alert ?? false,
      url: params.url ?? null,
    });
    return true;
  },
);

export const messageEditMethods: readonly MethodDefinition[] = [
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
  answerCallbackQuery,
];
