// The dialogue of the set-up: wait for a message, hand it to the onboarding, show what became of it. The actor holds the truth; this holds
// only the place. Lost, outdated or replayed, it is entered again from the screen and the actor.
import type { Conversation } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { keepUp, takeAnswer } from "../features/connect.ts";

/**
 * Commands and presses end the dialogue before they reach it; money and membership are handled before it is asked. After each message it
 * goes back to its first step, so that its stored state never grows and never holds what people write.
 */
export function makeConnectDialogue(desk: Desk) {
  return async function connect(
    conversation: Conversation<BotContext, Context>,
    _entered: Context,
    product: string,
  ): Promise<void> {
    const first = conversation.checkpoint();
    const ctx = await conversation.waitFor("message");
    // A failure keeps its class only outside of the replay log, and the class decides whether the update is tried again.
    let failure: { readonly error: unknown } | undefined;
    await conversation.external(async () => {
      try {
        await answer(ctx, product);
      } catch (error) {
        failure = { error };
      }
    });
    if (failure !== undefined) throw failure.error;
    await conversation.rewind(first);
  };

  async function answer({ message, update }: Context, product: string): Promise<void> {
    if (message?.from === undefined) return;
    const { from, message_id: messageId, text, caption } = message;
    const written = { userId: from.id, messageId, updateId: update.update_id, text, caption };
    const screen = await takeAnswer(desk, product, written);
    await desk.chat.post(from.id, screen);
    await keepUp(desk, from.id, screen);
  }
}
