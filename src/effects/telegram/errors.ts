import { GrammyError } from "grammy";

/** What a failed call to Telegram means for us. */
export type TelegramFailure =
  /** Wait; nothing happened. Unit: milliseconds. */
  | { readonly kind: "rateLimited"; readonly retryAfterMs: number }
  /** No answer that can be trusted: the call may have happened. */
  | { readonly kind: "ambiguous" }
  | TelegramRefusal;

/** Telegram said no, and meant it. */
export interface TelegramRefusal {
  readonly kind: RefusalKind;
  /** Telegram's own words, without anything of ours: safe to log. */
  readonly description: string;
}

export type RefusalKind =
  /** The person cannot be written to: blocked the bot, never started it, or is deleted. */
  | "blocked"
  /** The message, request, link or query is not there (any more). */
  | "gone"
  /** What was asked for is so already. */
  | "alreadyDone"
  /** The bot is in the chat without the right it takes. */
  | "noRights"
  /** The bot is not in the chat, or the chat is not there. */
  | "noAccess"
  /** An administrator or the owner: cannot be put out. */
  | "untouchable"
  /** Telegram knows nobody by that id here. */
  | "unknownUser"
  /** The person is in as many chats as Telegram allows. */
  | "tooManyChats"
  /** No such payment of this person. */
  | "unknownCharge"
  /** The token is wrong. */
  | "unauthorized"
  /** Anything else: permanent. */
  | "rejected";

/** For a 429 that does not say how long. Unit: milliseconds. */
const UNSTATED_RETRY_AFTER_MS = 5_000;

/**
 * Matched in this order against the description: the server rewrites codes (a 403 may arrive as 400), and its texts change case.
 * The first that fits decides, so the special stand before the general.
 */
const PATTERNS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/message is not modified/i, "alreadyDone"],
  [/USER_ALREADY_PARTICIPANT/i, "alreadyDone"],
  [/CHARGE_ALREADY_REFUNDED/i, "alreadyDone"],

  [/bot was blocked by the user/i, "blocked"],
  [/user is deactivated/i, "blocked"],
  [/INPUT_USER_DEACTIVATED/i, "blocked"],
  [/bot can't initiate conversation/i, "blocked"],
  [/bot can't send messages to bots/i, "blocked"],
  [/USER_IS_BLOCKED/i, "blocked"],

  [/HIDE_REQUESTER_MISSING/i, "gone"],
  [/INVITE_HASH_(EXPIRED|INVALID|EMPTY)/i, "gone"],
  [/message to (be )?\w+ not found/i, "gone"],
  [/message can't be (edited|deleted)/i, "gone"],
  [/MESSAGE_ID_INVALID/i, "gone"],
  [/query is too old|QUERY_ID_INVALID/i, "gone"],

  [/USER_CHANNELS_TOO_MUCH|CHANNELS_TOO_MUCH/i, "tooManyChats"],

  [/user is an administrator of the chat/i, "untouchable"],
  [/can't remove chat owner/i, "untouchable"],
  [/can't restrict self/i, "untouchable"],
  [/USER_ADMIN_INVALID/i, "untouchable"],

  [/bot is not a member/i, "noAccess"],
  [/bot was kicked/i, "noAccess"],
  [/chat not found/i, "noAccess"],
  [/CHANNEL_(PRIVATE|INVALID)/i, "noAccess"],
  [/(group|channel|chat) (chat )?was (deactivated|deleted)/i, "noAccess"],

  [/not enough rights/i, "noRights"],
  [/have no rights/i, "noRights"],
  [/need administrator rights/i, "noRights"],
  [/member list is inaccessible/i, "noRights"],
  [/CHAT_ADMIN_REQUIRED/i, "noRights"],
  [/CHAT_WRITE_FORBIDDEN/i, "noRights"],
  [/RIGHT_FORBIDDEN/i, "noRights"],

  [/CHARGE_ID_(INVALID|EMPTY|NOT_FOUND)/i, "unknownCharge"],

  [/user not found|member not found|invalid user_id specified/i, "unknownUser"],
  [/PARTICIPANT_ID_INVALID|USER_ID_INVALID|USER_NOT_PARTICIPANT/i, "unknownUser"],
];

/**
 * Says what a failed call means. Of the error only Telegram's description is kept: it holds the request and may hold the token.
 * @param error whatever a call of grammY's Api threw.
 */
export function classifyTelegramError(error: unknown): TelegramFailure {
  if (!(error instanceof GrammyError)) return { kind: "ambiguous" };
  const { error_code: code, parameters } = error;
  const description = typeof error.description === "string" ? error.description : "";
  if (code === 429) {
    const seconds = parameters?.retry_after;
    const isStated = typeof seconds === "number" && seconds > 0;
    return { kind: "rateLimited", retryAfterMs: isStated ? seconds * 1_000 : UNSTATED_RETRY_AFTER_MS };
  }
  // Not an answer of the Bot API at all, or one of a server in trouble: the call may have been carried out.
  if (!Number.isInteger(code) || code < 400 || code > 499) return { kind: "ambiguous" };
  const known = PATTERNS.find(([pattern]) => pattern.test(description));
  if (known) return { kind: known[1], description };
  // A token that is no token at all gets 404 "Not Found"; a method that an older server of one's own lacks is something else.
  if (code === 401 || (code === 404 && !/method/i.test(description))) return { kind: "unauthorized", description };
  return { kind: "rejected", description };
}
