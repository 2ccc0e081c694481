import { ask, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/** Unit: milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * How many people Telegram counts in a chat. Twice is harmless: it only reads.
 * @returns null where the bot may not know.
 * @throws RetryLater; AppError effect.unavailable, telegram.unauthorized
 */
export const makeCountMembers =
  (deps: Pick<TelegramDeps, "api" | "pacer">) =>
  async (chatId: string): Promise<number | null> => {
    await takeTurn(deps, "membership", chatId);
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS) as unknown as never;
    const answer = await ask(deps, chatId, () => deps.api.getChatMemberCount(Number(chatId), signal));
    return answer.ok ? answer.value : null;
  };
