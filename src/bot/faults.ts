// Which failures pass by themselves, which mean "already so", and what of them may be logged.
import { GrammyError, HttpError } from "grammy";
import { isAppError } from "../errors.ts";

const isTelegramRefusal = (error: unknown): error is GrammyError => error instanceof GrammyError;

/** The same update may succeed later: Redis away, Telegram overloaded or out of reach. */
export const isPassing = (error: unknown): boolean => (isAppError(error) ? error.retry : isTelegramAway(error));

/** Telegram is overloaded or out of reach. */
export const isTelegramAway = (error: unknown): boolean =>
  isTelegramRefusal(error) ? error.error_code === 429 || error.error_code >= 500 : error instanceof HttpError;

/** For a 429 that does not say how long. Unit: milliseconds. */
const UNSTATED_WAIT_MS = 5_000;

/** How long Telegram told us to wait before we call again; null: it did not. Unit: milliseconds. */
export function toldToWaitMs(error: unknown): number | null {
  if (!isTelegramRefusal(error) || error.error_code !== 429) return null;
  const seconds = error.parameters?.retry_after;
  return typeof seconds === "number" && seconds > 0 ? seconds * 1_000 : UNSTATED_WAIT_MS;
}

/**
 * What the update changes has happened, only the answer to the person did not come through: Telegram is overloaded or out of reach. The
 * same update again draws what is true then, and its events count once.
 */
export class AnswerDelayed extends Error {
  override readonly name = "AnswerDelayed";
  /** Read by whoever repeats updates, who knows this class by its shape only. */
  readonly isOnlyAnswerLeft = true;
  /** How long Telegram told us to wait; null: it did not say. Unit: milliseconds. */
  readonly waitMs: number | null;

  constructor(waitMs: number | null) {
    super("the answer to an update did not come through");
    this.waitMs = waitMs;
  }
}

/** Telegram has no codes below the HTTP status: the description is the only thing that tells one 400 from another. */
const describes = (error: unknown, pattern: RegExp): boolean =>
  isTelegramRefusal(error) && pattern.test(error.description);

/** The message shows this already: the edit has succeeded. */
export const isNotModified = (error: unknown): boolean => describes(error, /message is not modified/i);

/** The message is gone, too old or of a kind without text: it can't become the screen. */
export const isNotEditable = (error: unknown): boolean =>
  describes(
    error,
    /message to edit not found|message can't be edited|there is no text in the message|message_id_invalid|message identifier is not specified|message to delete not found|message can't be deleted/i,
  );

/** Nobody sees it any more: what deleting it is for has happened. */
export const isAlreadyDeleted = (error: unknown): boolean => describes(error, /message to delete not found/i);

/** Telegram takes no such invoice, whoever it is for: its price, its period or the provider's token is wrong. */
export const isInvoiceRefused = (error: unknown): boolean =>
  isTelegramRefusal(error) &&
  error.error_code === 400 &&
  (error.method === "sendInvoice" || error.method === "createInvoiceLink") &&
  !isUnreachable(error);

/** Answered before, or too late: nothing is left to do. */
export const isQueryOver = (error: unknown): boolean =>
  describes(error, /query is too old|query id is invalid|query_id_invalid/i);

/** The person does not want to hear from us, or can't. Told by the text: the server turns some 403 into 400. */
export const isUnreachable = (error: unknown): boolean =>
  describes(
    error,
    /bot was blocked by the user|user is deactivated|bot can't initiate conversation|chat not found|peer_id_invalid|user_is_blocked|input_user_deactivated/i,
  );

/** Never started the bot: a person we were never able to reach, as opposed to one who blocked us. */
export const isNeverStarted = (error: unknown): boolean =>
  describes(error, /bot can't initiate conversation|chat not found|peer_id_invalid/i);

export interface FaultFields {
  /** Its name. */
  readonly error: string;
  readonly code?: string | number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly method?: string;
  readonly description?: string;
  readonly stack?: string;
}

/**
 * What may be logged of an error. Errors of the Bot API client hold the payload, and contexts hold the token: they are never logged whole.
 */
export function faultFields(error: unknown): FaultFields {
  if (isAppError(error)) return { error: error.name, code: error.code, details: error.details };
  if (isTelegramRefusal(error)) {
    return {
      error: "GrammyError",
      code: error.error_code,
      method: error.method,
      description: error.description.slice(0, 200),
    };
  }
  if (error instanceof HttpError) return { error: "HttpError" };
  if (error instanceof Error) {
    const frames = error.stack
      ?.split("\n")
      .filter((line) => line.trimStart().startsWith("at "))
      .slice(0, 6);
    return { error: error.name, ...(frames?.length ? { stack: frames.map((line) => line.trim()).join(" | ") } : {}) };
  }
  return { error: typeof error };
}
