// Parameters that many methods share.
import type {
  ForceReply,
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  MessageEntity,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
} from "@grammyjs/types";
import { z } from "zod";
import { NOT_MODELLED } from "./define.ts";

/** Telegram's own words as the description. */
const says = (message: string) => ({ error: message });

/** UTF-8 length. */
export const bytes = (text: string): number => Buffer.byteLength(text, "utf8");

/** Documented, but outside of what this emulator models: refused, never ignored. */
export const notModelled = () => z.custom<never>(() => false, says(NOT_MODELLED)).exactOptional();

export const chatId = z.union([z.int(), z.string().regex(/^(?:@\w+|-?\d+)$/, "expected an id or @username")]);
export const messageId = z.int();
export const userId = z.int().refine((id) => id > 0, says("invalid user_id specified"));
export const flag = z.boolean().exactOptional();
export const integer = z.int().exactOptional();
export const text = z.string();
export const optionalText = z.string().exactOptional();
export const parseMode = z.enum(["Markdown", "MarkdownV2", "HTML"]).exactOptional();
export const messageEffect = z.string().exactOptional();

const offsets = { offset: z.int().nonnegative(), length: z.int().positive() };
export const entities = z
  .array(
    z.union([
      z.strictObject({
        type: z.enum([
          "mention",
          "hashtag",
          "cashtag",
          "bot_command",
          "url",
          "email",
          "phone_number",
          "bold",
          "italic",
          "underline",
          "strikethrough",
          "spoiler",
          "blockquote",
          "expandable_blockquote",
          "code",
        ]),
        ...offsets,
      }),
      z.strictObject({ type: z.literal("pre"), ...offsets, language: z.string().exactOptional() }),
      z.strictObject({ type: z.literal("text_link"), ...offsets, url: z.string() }),
      z.strictObject({ type: z.literal("custom_emoji"), ...offsets, custom_emoji_id: z.string() }),
      z.strictObject({
        type: z.literal("date_time"),
        ...offsets,
        unix_time: z.int(),
        date_time_format: z.custom<MessageEntity.DateTimeMessageEntity["date_time_format"]>(
          (value) => typeof value === "string" && /^(?:r|w?[dD]?[tT]?)$/.test(value),
          "expected r|w?[dD]?[tT]?",
        ),
      }),
    ]),
  )
  .exactOptional();

export const linkPreviewOptions = z
  .strictObject({
    is_disabled: z.boolean().exactOptional(),
    url: z.string().exactOptional(),
    prefer_small_media: z.boolean().exactOptional(),
    prefer_large_media: z.boolean().exactOptional(),
    show_above_text: z.boolean().exactOptional(),
  })
  .exactOptional();

export const replyParameters = z
  .strictObject({
    message_id: z.int(),
    chat_id: chatId.exactOptional(),
    allow_sending_without_reply: z.boolean().exactOptional(),
    quote: z.string().exactOptional(),
    quote_parse_mode: parseMode,
    quote_entities: entities,
    quote_position: z.int().exactOptional(),
  })
  .exactOptional();

const BUTTON_ACTIONS = [
  "url",
  "callback_data",
  "pay",
  "copy_text",
  "web_app",
  "switch_inline_query",
  "switch_inline_query_current_chat",
] as const;

const buttonLook = {
  text: z.string().refine((t) => t.trim() !== "", says("can't parse inline keyboard button: Text must be non-empty")),
  icon_custom_emoji_id: z.string().exactOptional(),
  style: z.enum(["danger", "success", "primary"]).exactOptional(),
};

const isButtonUrl = (url: string): boolean => {
  const parsed = URL.canParse(url) ? new URL(url) : URL.canParse(`https://${url}`) ? new URL(`https://${url}`) : null;
  return parsed !== null && ["http:", "https:", "tg:", "ton:", "tonsite:"].includes(parsed.protocol) && !/\s/.test(url);
};

const InlineButton = z
  .strictObject({
    ...buttonLook,
    url: z.string().refine(isButtonUrl, says("BUTTON_URL_INVALID")).exactOptional(),
    callback_data: z
      .string()
      .refine((data) => bytes(data) >= 1 && bytes(data) <= 64, says("BUTTON_DATA_INVALID"))
      .exactOptional(),
    pay: z.boolean().exactOptional(),
    copy_text: z
      .strictObject({
        text: z.string().refine((t) => t.length >= 1 && t.length <= 256, says("BUTTON_COPY_TEXT_INVALID")),
      })
      .exactOptional(),
    web_app: z
      .strictObject({ url: z.string().refine((url) => url.startsWith("https://"), says("BUTTON_URL_INVALID")) })
      .exactOptional(),
    switch_inline_query: z.string().exactOptional(),
    switch_inline_query_current_chat: z.string().exactOptional(),
  })
  .refine(
    (button) => BUTTON_ACTIONS.filter((action) => button[action] !== undefined).length === 1,
    says("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
  );

/** One action per button is checked above; the union of the types cannot see that. */
const asButton = InlineButton as unknown as z.ZodType<InlineKeyboardButton>;

export const inlineKeyboard: z.ZodType<InlineKeyboardMarkup> = z
  .strictObject({ inline_keyboard: z.array(z.array(asButton)) })
  .refine((markup) => markup.inline_keyboard.flat().length <= 100, says("REPLY_MARKUP_TOO_LONG"))
  .refine((markup) => {
    const [first, ...rest] = markup.inline_keyboard.flat();
    return !rest.some((button) => "pay" in button) || (first !== undefined && "pay" in first);
  }, says("BUTTON_TYPE_INVALID"));

const replyKeyboard: z.ZodType<ReplyKeyboardMarkup> = z.strictObject({
  keyboard: z.array(
    z.array(
      z.union([
        z.string().min(1),
        z.strictObject({
          ...buttonLook,
          request_contact: z.boolean().exactOptional(),
          request_location: z.boolean().exactOptional(),
        }),
      ]),
    ),
  ) as unknown as z.ZodType<ReplyKeyboardMarkup["keyboard"]>,
  is_persistent: flag,
  resize_keyboard: flag,
  one_time_keyboard: flag,
  input_field_placeholder: z.string().min(1).max(64).exactOptional(),
  selective: flag,
});

const removeKeyboard: z.ZodType<ReplyKeyboardRemove> = z.strictObject({
  remove_keyboard: z.literal(true),
  selective: flag,
});

const forceReply: z.ZodType<ForceReply> = z.strictObject({
  force_reply: z.literal(true),
  input_field_placeholder: z.string().min(1).max(64).exactOptional(),
  selective: flag,
});

export type AnyMarkup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply;

/** Chosen by the field that names the kind, so that errors speak of the right one. */
export const anyMarkup: z.ZodType<AnyMarkup> = z.unknown().transform((value, context): AnyMarkup => {
  const has = (key: string): boolean => typeof value === "object" && value !== null && key in value;
  const schema: z.ZodType<AnyMarkup> = has("keyboard")
    ? replyKeyboard
    : has("remove_keyboard")
      ? removeKeyboard
      : has("force_reply")
        ? forceReply
        : inlineKeyboard;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues.find((i) => i.code === "custom") ?? parsed.error.issues[0];
  context.addIssue({
    code: "custom",
    message:
      issue?.code === "custom"
        ? issue.message
        : `can't parse reply keyboard markup JSON object: ${issue?.path.join(".")}: ${issue?.message}`,
  });
  return z.NEVER;
});

/** Options of everything the bot sends. */
export const sending = {
  message_thread_id: notModelled(),
  direct_messages_topic_id: notModelled(),
  disable_notification: flag,
  protect_content: flag,
  allow_paid_broadcast: flag,
  message_effect_id: messageEffect,
  suggested_post_parameters: notModelled(),
  reply_parameters: replyParameters,
};

/** Names of Bot API 10.2 and 10.3 for ephemeral messages. */
export const ephemeral = {
  receiver_user_id: notModelled(),
  callback_query_id: notModelled(),
  ephemeral_message_parameters: notModelled(),
};
