// The support dialogue: wait for a message, hand it on, show the answer. The ticket holds the truth; this holds only the place.
import type { Conversation } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { takeSupportText } from "../features/support.ts";

/**
 * Commands and presses end the dialogue before they reach it; money and membership are handled before it is asked.
 * After each message it goes back to its first step, so that its stored state never grows and never holds what people write.
 */
export function makeSupportDialogue(desk: Desk) {
  return async function support(conversation: Conversation<BotContext, Context>): Promise<void> {
    const first = conversation.checkpoint();
    const ctx = await conversation.waitFor("message");
    // A failure keeps its class only outside of the replay log, and the class decides whether the update is tried again.
    let failure: { readonly error: unknown } | undefined;
    await conversation.external(async () => {
      try {
        await answer(ctx);
      } catch (error) {
        failure = { error };
      }
    });
    if (failure !== undefined) throw failure.error;
    await conversation.rewind(first);
  };

  async function answer({ message, update }: Context): Promise<void> {
    if (message?.from === undefined) return;
    const { from, message_id: messageId, text, caption } = message;
    const written = { userId: from.id, messageId, updateId: update.update_id, text, caption };
    const screen = await takeSupportText(desk, written);
    await desk.chat.post(from.id, screen);
  }
}
