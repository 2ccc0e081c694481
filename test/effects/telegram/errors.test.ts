import { GrammyError, HttpError } from "grammy";
import { describe, expect, it } from "vitest";
import { classifyTelegramError, type RefusalKind } from "../../../src/effects/telegram/errors.ts";

const answered = (error_code: number, description: string, parameters?: { retry_after?: number }) =>
  new GrammyError(
    "Call to 'method' failed!",
    { ok: false, error_code, description, ...(parameters ? { parameters } : {}) },
    "method",
    {},
  );

const refusals: readonly (readonly [number, string, RefusalKind])[] = [
  [400, "Bad Request: message is not modified: specified new message content is exactly the same", "alreadyDone"],
  [400, "Bad Request: USER_ALREADY_PARTICIPANT", "alreadyDone"],
  [400, "Bad Request: CHARGE_ALREADY_REFUNDED", "alreadyDone"],

  [403, "Forbidden: bot was blocked by the user", "blocked"],
  [403, "Forbidden: user is deactivated", "blocked"],
  [400, "Bad Request: INPUT_USER_DEACTIVATED", "blocked"],
  [403, "Forbidden: bot can't initiate conversation with a user", "blocked"],
  [403, "Forbidden: bot can't send messages to bots", "blocked"],
  [400, "Bad Request: USER_IS_BLOCKED", "blocked"],

  [400, "Bad Request: HIDE_REQUESTER_MISSING", "gone"],
  [400, "Bad Request: INVITE_HASH_EXPIRED", "gone"],
  [400, "Bad Request: message to edit not found", "gone"],
  [400, "Bad Request: message to delete not found", "gone"],
  [400, "Bad Request: message to be replied not found", "gone"],
  [400, "Bad Request: message can't be edited", "gone"],
  [400, "Bad Request: MESSAGE_ID_INVALID", "gone"],
  [400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "gone"],

  [400, "Bad Request: USER_CHANNELS_TOO_MUCH", "tooManyChats"],
  [400, "Bad Request: CHANNELS_TOO_MUCH", "tooManyChats"],

  [400, "Bad Request: user is an administrator of the chat", "untouchable"],
  [400, "Bad Request: can't remove chat owner", "untouchable"],
  [400, "Bad Request: can't restrict self", "untouchable"],
  [400, "Bad Request: USER_ADMIN_INVALID", "untouchable"],

  [403, "Forbidden: bot is not a member of the channel chat", "noAccess"],
  [403, "Forbidden: bot was kicked from the channel chat", "noAccess"],
  [400, "Bad Request: chat not found", "noAccess"],
  [400, "Bad Request: CHANNEL_PRIVATE", "noAccess"],
  [403, "Forbidden: the group chat was deleted", "noAccess"],

  [400, "Bad Request: not enough rights to restrict/unrestrict chat member", "noRights"],
  [400, "Bad Request: not enough rights to manage chat invite link", "noRights"],
  [400, "Bad Request: have no rights to send a message", "noRights"],
  [400, "Bad Request: need administrator rights in the channel chat", "noRights"],
  [400, "Bad Request: member list is inaccessible", "noRights"],
  [400, "Bad Request: CHAT_ADMIN_REQUIRED", "noRights"],
  [400, "Bad Request: CHAT_WRITE_FORBIDDEN", "noRights"],
  [400, "Bad Request: RIGHT_FORBIDDEN", "noRights"],

  [400, "Bad Request: CHARGE_ID_INVALID", "unknownCharge"],
  [400, "Bad Request: CHARGE_ID_EMPTY", "unknownCharge"],

  [400, "Bad Request: user not found", "unknownUser"],
  [400, "Bad Request: member not found", "unknownUser"],
  [400, "Bad Request: PARTICIPANT_ID_INVALID", "unknownUser"],
  [400, "Bad Request: USER_ID_INVALID", "unknownUser"],
  [400, "Bad Request: invalid user_id specified", "unknownUser"],

  [401, "Unauthorized", "unauthorized"],
  [404, "Not Found", "unauthorized"],
  [404, "Not Found: method not found", "rejected"],
  [400, "Bad Request: can't parse entities", "rejected"],
  [409, "Conflict: terminated by other getUpdates request", "rejected"],
  [413, "Request Entity Too Large", "rejected"],
];

describe("a refusal of Telegram", () => {
  it.each(refusals)("%i %s means %3$s", (code, description, kind) => {
    expect(classifyTelegramError(answered(code, description))).toEqual({ kind, description });
  });

  it("is known by its words, whatever their case and the code: the server rewrites both", () => {
    expect(classifyTelegramError(answered(400, "bad request: BOT WAS BLOCKED BY THE USER"))).toMatchObject({
      kind: "blocked",
    });
    expect(classifyTelegramError(answered(403, "Forbidden: CHAT_ADMIN_REQUIRED"))).toMatchObject({ kind: "noRights" });
  });
});

describe("a 429", () => {
  it("says how long to wait, in milliseconds", () => {
    const error = answered(429, "Too Many Requests: retry after 7", { retry_after: 7 });
    expect(classifyTelegramError(error)).toEqual({ kind: "rateLimited", retryAfterMs: 7_000 });
  });

  it("waits a little when it does not say, as a restarting server does", () => {
    expect(classifyTelegramError(answered(429, "Too Many Requests"))).toEqual({
      kind: "rateLimited",
      retryAfterMs: 5_000,
    });
  });
});

describe("a call whose fate nobody knows", () => {
  it.each([
    ["a broken connection", new HttpError("Network request for 'banChatMember' failed!", new Error("ECONNRESET"))],
    ["a server in trouble", answered(500, "Internal Server Error")],
    ["a server in trouble that names a code of ours", answered(502, "Bad Gateway: CHAT_ADMIN_REQUIRED")],
    ["an answer that is no envelope", answered(undefined as unknown as number, undefined as unknown as string)],
    ["an answer that is null", new TypeError("Cannot read properties of null")],
    ["anything else", "boom"],
  ])("is ambiguous: %s", (_, error) => {
    expect(classifyTelegramError(error)).toEqual({ kind: "ambiguous" });
  });
});
