import { AppError, isAppError } from "../errors.ts";
import type { EffectExecutor } from "./executor.ts";
import type { Messenger } from "./ports.ts";
import { ask, takeTurn } from "./telegram/calls.ts";
import type { Pacer } from "./telegram/pacer.ts";

export interface NotifyDeps {
  readonly messenger: Messenger;
  readonly pacer: Pacer;
}

/**
 * Tells a customer something. What is said is what is true when it is sent; a notice that time has overtaken counts as done, and so
 * does one to somebody who blocked the bot or never started it. Twice does little harm: the effect that sent the screen which is shown
 * now is remembered with it, so only a message between the two lets a repetition through.
 */
export const makeNotifyCustomer =
  ({ messenger, pacer }: NotifyDeps): EffectExecutor<"notifyCustomer"> =>
  async (effect, { effectId }) => {
    await withPace(pacer, String(effect.userId), () => messenger.notifyCustomer(effect, effectId));
  };

/** @throws RetryLater, AppError: what a bot call may end in, in the words of the effect workers. */
export async function withPace<T>(pacer: Pacer, chatId: string | null, call: () => Promise<T>): Promise<T> {
  await takeTurn({ pacer }, "message", chatId);
  let own: AppError | undefined;
  const answer = await ask({ pacer }, chatId, async () => {
    try {
      return await call();
    } catch (error) {
      if (!isAppError(error)) throw error;
      own = error; // not Telegram's: it keeps its code
      return undefined;
    }
  });
  if (own !== undefined) throw own;
  if (!answer.ok) throw new AppError("effect.rejected", { details: { chatId, refusal: answer.refusal.description } });
  return answer.value as T;
}
