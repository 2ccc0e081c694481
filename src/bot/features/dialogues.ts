// Which screens are the beginning of a dialogue: what is typed below them is an answer.
import type { BotContext } from "../context.ts";
import { askedProduct } from "../screens/connect.ts";
import { SUPPORT_KIND } from "../screens/info.ts";
import type { Screen } from "../screens/screen.ts";

export const SUPPORT_DIALOGUE = "support";
export const CONNECT_DIALOGUE = "connect";
/** Raised with every change of a dialogue's steps: a state of another version is dropped, and the screen carries on. */
export const DIALOGUE_VERSION = 2;

/** A dialogue that runs has been left before, by the press or the command that leads here. */
export async function enterDialogue(ctx: BotContext, { kind }: Pick<Screen, "kind">): Promise<void> {
  if (kind === SUPPORT_KIND) return ctx.conversation.enter(SUPPORT_DIALOGUE);
  const product = askedProduct(kind);
  if (product !== null) await ctx.conversation.enter(CONNECT_DIALOGUE, product);
}
