// What delivery needs to know of an update: its type, whom it is about, its queue, its life span, whether it is wanted.
import type { Update } from "@grammyjs/types";
import type { FaultSubject } from "../faults.ts";
import type { EmulatorSwitches } from "../options.ts";
import type { UpdateBody } from "../world/context.ts";

export type UpdateType = keyof UpdateBody;

/** Every update type of Bot API 10.3. `satisfies` makes a new one fail to compile until it is listed. */
const TYPES = {
  message: true,
  edited_message: true,
  channel_post: true,
  edited_channel_post: true,
  business_connection: true,
  business_message: true,
  edited_business_message: true,
  deleted_business_messages: true,
  guest_message: true,
  stopped_message_generation: true,
  message_reaction: false,
  message_reaction_count: false,
  inline_query: true,
  chosen_inline_result: true,
  callback_query: true,
  shipping_query: true,
  pre_checkout_query: true,
  purchased_paid_media: true,
  poll: true,
  poll_answer: true,
  my_chat_member: true,
  chat_member: false,
  chat_join_request: true,
  chat_boost: true,
  removed_chat_boost: true,
  managed_bot: true,
  subscription: true,
} as const satisfies Record<UpdateType, boolean>;

export const isUpdateType = (name: string): name is UpdateType => Object.hasOwn(TYPES, name);

/** The set that `allowed_updates: []` means. */
export const DEFAULT_UPDATE_TYPES: readonly UpdateType[] = Object.keys(TYPES)
  .filter(isUpdateType)
  .filter((type) => TYPES[type]);

/** Unknown names vanish without a word, as at Telegram; nothing left means the default set. */
export function readAllowedUpdates(names: readonly string[]): readonly UpdateType[] | null {
  const known = [...new Set(names)].filter(isUpdateType);
  return known.length === 0 ? null : known;
}

export const typeOf = (body: UpdateBody): UpdateType => {
  const type = Object.keys(body).find(isUpdateType);
  if (!type) throw new Error(`An update has one known field; this one has: ${Object.keys(body).join(", ")}`);
  return type;
};

const HOURS_24_MS = 86_400_000;
const SHORT_MS = 150_000;

export interface UpdateFacts {
  readonly type: UpdateType;
  /** One delivery at a time per key. */
  readonly queueKey: string;
  readonly lifetimeMs: number;
  readonly subject: FaultSubject;
}

/** Queue keys and life spans of the official server's webhook delivery. */
export function factsOf(body: UpdateBody, switches: EmulatorSwitches): UpdateFacts {
  const type = typeOf(body);
  const message = body.message ?? body.edited_message ?? body.channel_post ?? body.edited_channel_post;
  const membership = body.chat_member ?? body.my_chat_member;
  const user =
    body.callback_query?.from ??
    body.pre_checkout_query?.from ??
    body.shipping_query?.from ??
    body.chat_join_request?.from ??
    body.chat_member?.new_chat_member.user ??
    body.my_chat_member?.from ??
    body.subscription?.user ??
    message?.from;
  const chatId = message?.chat.id ?? membership?.chat.id ?? body.chat_join_request?.chat.id;
  const userId = user?.id ?? 0;
  const isShort = ["callback_query", "pre_checkout_query", "shipping_query"].includes(type);
  const serviceFields = message ? Object.keys(message).filter((key) => key.endsWith("_payment")) : [];
  return {
    type,
    queueKey: queueKey(type, userId, chatId ?? 0, switches),
    lifetimeMs: isShort ? SHORT_MS : HOURS_24_MS,
    subject: {
      names: [type, ...serviceFields],
      userIds: [userId, ...(message && message.chat.id > 0 ? [message.chat.id] : [])],
      chatIds: chatId === undefined ? [] : [chatId],
    },
  };
}

function queueKey(type: UpdateType, userId: number, chatId: number, switches: EmulatorSwitches): string {
  switch (type) {
    case "callback_query":
      return `user:${userId}:3`;
    case "pre_checkout_query":
    case "shipping_query":
      return `user:${userId}:4`;
    case "my_chat_member":
      return `chat:${chatId}:5`;
    case "chat_member":
    case "chat_join_request":
      return `user:${userId}:6`;
    case "subscription":
      return switches.subscriptionQueue === "chat" ? `chat:${userId}` : `user:${userId}:subscription`;
    default:
      return `chat:${chatId}`;
  }
}

/** The whole update as sent. */
export const numbered = (updateId: number, body: UpdateBody): Update => ({ update_id: updateId, ...body });
