import { AppError } from "../../errors.ts";
import { ask, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/** Unit: milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

/** A gate of its own: a refusal of this call says nothing about messages to people. */
const GATE = "stars";

const signal = () => AbortSignal.timeout(ANSWER_WITHIN_MS) as unknown as never;

/**
 * Telegram's own books of the bot's Stars, oldest row first. Twice is harmless: it only reads.
 * @returns rows as they came; another program of the token's owner may stand behind any of them.
 * @throws RetryLater; AppError effect.unavailable, effect.rejected, telegram.unauthorized
 */
export const makeReadStarTransactions =
  (deps: Pick<TelegramDeps, "api" | "pacer">) =>
  async (offset: number, limit: number): Promise<readonly unknown[]> => {
    await takeTurn(deps, "money", GATE);
    const answer = await ask(deps, GATE, () => deps.api.getStarTransactions({ offset, limit }, signal()));
    if (!answer.ok)
      throw new AppError("effect.rejected", {
        details: { call: "getStarTransactions", refusal: answer.refusal.description },
      });
    return answer.value.transactions;
  };

/** How many updates Telegram holds for us, by webhook or by polling. @throws as above */
export const makeCountWaitingUpdates = (deps: Pick<TelegramDeps, "api" | "pacer">) => async (): Promise<number> => {
  await takeTurn(deps, "money", GATE);
  const answer = await ask(deps, GATE, () => deps.api.getWebhookInfo(signal()));
  if (!answer.ok)
    throw new AppError("effect.rejected", { details: { call: "getWebhookInfo", refusal: answer.refusal.description } });
  return answer.value.pending_update_count;
};
