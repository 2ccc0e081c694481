import { AppError } from "../../errors.ts";
import { RetryLater, type Run } from "../executor.ts";
import type { TelegramDeps } from "./deps.ts";
import { classifyTelegramError, type TelegramRefusal } from "./errors.ts";
import type { CallKind } from "./pacer.ts";

/** A refusal is a value: each executor knows which of them mean that its work is done. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: TelegramRefusal };

/**
 * Waits for its turn before the first call of an attempt. Once per attempt, not per call: a removal that was begun is finished.
 * @throws RetryLater when it is not our turn.
 */
export async function takeTurn(
  { pacer }: Pick<TelegramDeps, "pacer">,
  kind: CallKind,
  chatId: string | null,
): Promise<void> {
  const permit = await pacer.acquire(kind, chatId);
  if (!permit.ok) throw new RetryLater(permit.retryInMs);
}

/**
 * One call to Telegram.
 * @throws RetryLater for 429; AppError effect.unavailable when nobody knows whether the call happened, telegram.unauthorized.
 */
export async function ask<T>(
  { pacer }: Pick<TelegramDeps, "pacer">,
  chatId: string | null,
  call: () => Promise<T>,
): Promise<Answer<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    // The error itself goes no further: it holds the request, and its cause the token.
    const failure = classifyTelegramError(error);
    switch (failure.kind) {
      case "rateLimited":
        await pacer.slowDown(chatId, failure.retryAfterMs);
        throw new RetryLater(failure.retryAfterMs);
      case "ambiguous":
        throw new AppError("effect.unavailable", { details: { chatId, side: "telegram" } });
      case "unauthorized":
        throw new AppError("telegram.unauthorized");
      default:
        return { ok: false, refusal: failure };
    }
  }
}

/**
 * Ends an attempt on a refusal that its executor has no use for. For want of a right it also makes the channel look for itself.
 * @throws always: AppError effect.unavailable for a missing right, which somebody may give back; effect.rejected for the rest.
 */
export async function giveUp(
  { channels }: Pick<TelegramDeps, "channels">,
  refusal: TelegramRefusal,
  chatId: string,
  run: Run,
): Promise<never> {
  const details = { chatId, refusal: refusal.description };
  if (refusal.kind === "noRights" || refusal.kind === "noAccess") {
    await channels.reportRefusal(chatId, refusal.description, run.effectId);
    throw new AppError("effect.unavailable", { details });
  }
  throw new AppError("effect.rejected", { details });
}

/** Node's signal in the type that grammY expects; `makeTelegramApi` makes them understand each other. */
export const signalOf = (run: Run) => run.signal as unknown as never;
