// What the Bot API answers when it refuses: status and description as Telegram words them.
import type { ResponseParameters } from "@grammyjs/types";

/** A refusal in Telegram's envelope. HTTP status equals `errorCode`. */
export class BotApiError extends Error {
  readonly errorCode: number;
  readonly description: string;
  readonly parameters: ResponseParameters | undefined;

  constructor(errorCode: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.name = "BotApiError";
    this.errorCode = errorCode;
    this.description = description;
    this.parameters = parameters;
  }
}

/** 400. Pass the text without the prefix: `badRequest("chat not found")`. */
export const badRequest = (text: string): BotApiError => new BotApiError(400, `Bad Request: ${text}`);

/** 403. Pass the text without the prefix. */
export const forbidden = (text: string): BotApiError => new BotApiError(403, `Forbidden: ${text}`);

/** 409. Pass the text without the prefix. */
export const conflict = (text: string): BotApiError => new BotApiError(409, `Conflict: ${text}`);

export const tooManyRequests = (retryAfterSeconds: number): BotApiError =>
  new BotApiError(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds });

/** One wording for callback and pre-checkout queries: late, unknown and twice-answered look the same. */
export const queryTooOld = (): BotApiError =>
  badRequest("query is too old and response timeout expired or query ID is invalid");

/** Wrong use of the emulator's own controls (never sent to the bot). */
export class EmulatorUsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EmulatorUsageError";
  }
}
