import type { CustomerBot } from "../bot/bot.ts";
import { AppError, isAppError } from "../errors.ts";
import type { EffectExecutor } from "./executor.ts";
import { ask, takeTurn } from "./telegram/calls.ts";
import type { Pacer } from "./telegram/pacer.ts";

/**
 * Tells a customer something. What is said is what is true when it is sent; a notice that time has overtaken counts as done, and so
 * does one to somebody who blocked the bot or never started it. Twice does little harm: the effect that sent the screen which is shown
 * now is remembered with it, so only a message between the two lets a repetition through.
 */
export const makeNotifyCustomer =
  (bot: Pick<CustomerBot, "notifyCustomer">, pacer?: Pacer): EffectExecutor<"notifyCustomer"> =>
  (effect, run) =>
    withPace(pacer, String(effect.userId), () => bot.notifyCustomer(effect, run.effectId));

/** @throws RetryLater, AppError: what a bot call may end in, in the words of the effect workers. */
export async function withPace(pacer: Pacer | undefined, chatId: string | null, call: () => Promise<unknown>): Promise<void> {
  const pace = pacer ?? NO_PACE;
  await takeTurn({ pacer: pace }, "message", chatId);
  let own: AppError | undefined;
  const answer = await ask({ pacer: pace }, chatId, async () => {
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
}

const NO_PACE: Pacer = { acquire: async () => ({ ok: true }), slowDown: async () => {} };
