// The support dialogue: wait for a message, hand it on, show the answer. The ticket holds the truth; this holds only the place.
import type { Conversation } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { drawTextNeeded, takeSupportText } from "../features/support.ts";
import type { Screen } from "../screens/screen.ts";

export const SUPPORT_DIALOGUE = "support";
/** Raised with every change of the steps below: a state of another version is dropped, and the screen carries on. */
export const DIALOGUE_VERSION = 1;

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

  async function answer(ctx: Context): Promise<void> {
    const { from, text } = ctx.message ?? {};
    if (from === undefined) return;
    const screen: Screen =
      text === undefined
        ? await drawTextNeeded(desk, from.id)
        : await takeSupportText(desk, from.id, text, ctx.update.update_id);
    await desk.chat.post(from.id, screen);
  }
}
