// Sending: text, pictures, documents, copies, forwards, "typing".
import type { Message } from "@grammyjs/types";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import { captionText, messageText } from "../text/formatted-text.ts";
import { unixSeconds } from "../world/context.ts";
import type { StoredMessage } from "../world/messages.ts";
import { type Place, placeOf, send } from "./addressing.ts";
import { type CallContext, defineMethod, type MethodDefinition, type UploadedFile } from "./define.ts";
import {
  anyMarkup,
  chatId,
  entities,
  ephemeral,
  flag,
  linkPreviewOptions,
  messageEffect,
  messageId,
  notModelled,
  optionalText,
  parseMode,
  sending,
  text,
} from "./fields.ts";

const isUpload = (value: unknown): value is UploadedFile =>
  typeof value === "object" && value !== null && "fileName" in value && "sizeBytes" in value;

const upload = z.custom<UploadedFile>(isUpload, "expected an uploaded file");

/** An upload, a file id or an HTTP address. */
const file = z.union([upload, z.string().min(1)]);

const caption = {
  caption: optionalText,
  parse_mode: parseMode,
  caption_entities: entities,
};

const withCaption = (params: {
  readonly caption?: string;
  readonly parse_mode?: string;
  readonly caption_entities?: readonly NonNullable<z.output<typeof entities>>[number][];
}): Pick<Message, "caption" | "caption_entities"> => {
  const formatted = captionText({
    text: params.caption ?? "",
    parseMode: params.parse_mode,
    entities: params.caption_entities ? [...params.caption_entities] : undefined,
  });
  return {
    ...(formatted.text === "" ? {} : { caption: formatted.text }),
    ...(formatted.entities.length > 0 ? { caption_entities: formatted.entities } : {}),
  };
};

const sendMessage = defineMethod(
  "sendMessage",
  {
    business_connection_id: notModelled(),
    chat_id: chatId,
    ...sending,
    ...ephemeral,
    text,
    parse_mode: parseMode,
    entities,
    link_preview_options: linkPreviewOptions,
    reply_markup: anyMarkup.exactOptional(),
  },
  (params, { world }) => {
    const formatted = messageText({ text: params.text, parseMode: params.parse_mode, entities: params.entities });
    const content = {
      text: formatted.text,
      ...(formatted.entities.length > 0 ? { entities: formatted.entities } : {}),
      ...(params.link_preview_options ? { link_preview_options: params.link_preview_options } : {}),
    };
    return send(world, params.chat_id, content, params).message as Message.TextMessage;
  },
);

const sendPhoto = defineMethod(
  "sendPhoto",
  {
    business_connection_id: notModelled(),
    chat_id: chatId,
    ...sending,
    ...ephemeral,
    photo: file,
    ...caption,
    show_caption_above_media: flag,
    has_spoiler: flag,
    reply_markup: anyMarkup.exactOptional(),
  },
  (params, { world }) => {
    const fileId = world.context.ids.fileId();
    const content = {
      photo: [{ file_id: fileId, file_unique_id: fileId.slice(-16), width: 1280, height: 720 }],
      ...withCaption(params),
      ...(params.show_caption_above_media ? { show_caption_above_media: true as const } : {}),
      ...(params.has_spoiler ? { has_media_spoiler: true as const } : {}),
    };
    return send(world, params.chat_id, content, params).message as Message.PhotoMessage;
  },
);

const sendDocument = defineMethod(
  "sendDocument",
  {
    business_connection_id: notModelled(),
    chat_id: chatId,
    ...sending,
    ...ephemeral,
    document: file,
    thumbnail: upload.exactOptional(),
    ...caption,
    disable_content_type_detection: flag,
    reply_markup: anyMarkup.exactOptional(),
  },
  (params, { world }) => {
    const fileId = world.context.ids.fileId();
    const uploaded = isUpload(params.document) ? params.document : null;
    const document = {
      file_id: fileId,
      file_unique_id: fileId.slice(-16),
      ...(uploaded ? { file_name: uploaded.fileName, file_size: uploaded.sizeBytes } : {}),
    };
    const content = { document, ...withCaption(params) };
    return send(world, params.chat_id, content, params).message as Message.DocumentMessage;
  },
);

/** @throws BotApiError `message to copy not found` and the like. */
function source(
  { world }: CallContext,
  fromChatId: number | string,
  id: number,
  verb: "copy" | "forward",
): StoredMessage {
  const place: Place = placeOf(world, fromChatId);
  const chat = place.kind === "channel" ? place.channel.id : place.user.id;
  const found = world.messages.find(chat, id);
  if (!found) throw badRequest(`message to ${verb} not found`);
  if (found.isService || (verb === "copy" && found.invoice))
    throw badRequest(`the message can't be ${verb === "copy" ? "copied" : "forwarded"}`);
  const isProtected = place.kind === "channel" && place.channel.hasProtectedContent;
  if (isProtected || found.message.has_protected_content)
    throw badRequest(`the message can't be ${verb === "copy" ? "copied" : "forwarded"}`);
  return found;
}

const contentOf = ({ message }: StoredMessage) => ({
  ...(message.text === undefined ? {} : { text: message.text }),
  ...(message.entities ? { entities: message.entities } : {}),
  ...(message.photo ? { photo: message.photo } : {}),
  ...(message.document ? { document: message.document } : {}),
  ...(message.caption === undefined ? {} : { caption: message.caption }),
  ...(message.caption_entities ? { caption_entities: message.caption_entities } : {}),
});

const copyMessage = defineMethod(
  "copyMessage",
  {
    chat_id: chatId,
    ...sending,
    from_chat_id: chatId,
    message_id: messageId,
    video_start_timestamp: notModelled(),
    ...caption,
    show_caption_above_media: flag,
    reply_markup: anyMarkup.exactOptional(),
  },
  (params, context) => {
    const content = contentOf(source(context, params.from_chat_id, params.message_id, "copy"));
    const captioned = params.caption === undefined ? content : { ...content, ...withCaption(params) };
    return { message_id: send(context.world, params.chat_id, captioned, params).message.message_id };
  },
);

const forwardMessage = defineMethod(
  "forwardMessage",
  {
    chat_id: chatId,
    from_chat_id: chatId,
    message_id: messageId,
    message_thread_id: notModelled(),
    direct_messages_topic_id: notModelled(),
    video_start_timestamp: notModelled(),
    suggested_post_parameters: notModelled(),
    disable_notification: flag,
    protect_content: flag,
    message_effect_id: messageEffect,
  },
  (params, context) => {
    const found = source(context, params.from_chat_id, params.message_id, "forward");
    const { from, chat, date, message_id } = found.message;
    const origin = from
      ? { type: "user" as const, date, sender_user: from }
      : { type: "channel" as const, date, chat: chat as Extract<typeof chat, { type: "channel" }>, message_id };
    const content = {
      ...contentOf(found),
      ...(found.message.invoice ? { invoice: found.message.invoice } : {}),
      forward_origin: origin,
    };
    return send(context.world, params.chat_id, content, params, found.invoice ?? undefined).message;
  },
);

const sendChatAction = defineMethod(
  "sendChatAction",
  {
    business_connection_id: notModelled(),
    chat_id: chatId,
    message_thread_id: notModelled(),
    action: z.enum([
      "typing",
      "upload_photo",
      "record_video",
      "upload_video",
      "record_voice",
      "upload_voice",
      "upload_document",
      "choose_sticker",
      "find_location",
      "record_video_note",
      "upload_video_note",
    ]),
  },
  (params, { world }) => {
    const place = placeOf(world, params.chat_id);
    if (place.kind === "private")
      place.user.chatActions.push({ action: params.action, at: unixSeconds(world.context.clock) });
    return true;
  },
);

export const messageMethods: readonly MethodDefinition[] = [
  sendMessage,
  sendPhoto,
  sendDocument,
  copyMessage,
  forwardMessage,
  sendChatAction,
];
