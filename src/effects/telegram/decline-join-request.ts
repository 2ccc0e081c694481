import { AppError } from "../../errors.ts";
import { type EffectExecutor, RetryLater } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

export interface DeclineDeps extends TelegramDeps {
  /** Tells somebody who was not let in how to buy. Its failure keeps nobody from being declined. */
  readonly offerToBuy: (person: {
    readonly userId: number;
    readonly userChatId: number;
    readonly chatId: string;
  }) => Promise<void>;
}

/**
 * Turns away somebody who knocks without being entitled, after telling them how to buy: Telegram lets the bot write to a stranger only
 * until the request is answered. Twice is harmless: the second time there is no request, which counts as done; the text is sent on the
 * first attempt only, so a 429 after it uses that attempt up. Somebody who became entitled meanwhile is not turned away: the invite answers their request.
 */
export const makeDeclineJoinRequest =
  (deps: DeclineDeps): EffectExecutor<"declineJoinRequest"> =>
  async ({ chatId, userId, userChatId }, run) => {
    await takeTurn(deps, "admission", chatId);
    if (await deps.isEntitled(userId, chatId)) return;
    const isOffered = userChatId !== null && run.attempt === 1;
    if (isOffered) await deps.offerToBuy({ userId, userChatId, chatId }).catch(() => undefined);
    const declined = await ask(deps, chatId, () =>
      deps.api.declineChatJoinRequest(Number(chatId), userId, signalOf(run)),
    ).catch((error: unknown) => {
      throw isOffered && error instanceof RetryLater
        ? new AppError("effect.rateLimited", { details: { chatId } })
        : error;
    });
    if (declined.ok) return;
    switch (declined.refusal.kind) {
      case "gone":
      case "alreadyDone":
      case "blocked":
      case "unknownUser":
        return;
      default:
        await giveUp(deps, declined.refusal, chatId, run);
    }
  };
