// What people write where no dialogue runs: below a screen that asks for something it is the answer, elsewhere it gets one hint and the same
// screen. So a dialogue whose state was lost, or left over from another version, is carried on by the screen and the actor.
import { Composer } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { askedProduct } from "../screens/connect.ts";
import { SUPPORT_KIND } from "../screens/info.ts";
import { below, type Screen } from "../screens/screen.ts";
import { homeScreen } from "../screens/status.ts";
import { t } from "../texts.ts";
import type { Parsed } from "../updates.ts";
import { keepUp, takeAnswer, takenBefore } from "./connect.ts";
import { enterDialogue } from "./dialogues.ts";
import { takeSupportText } from "./support.ts";

export function freeText(desk: Desk): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  composer.on("message", async (ctx) => {
    const { data } = ctx.parsed as Parsed<"message">;
    if (data.from === undefined || data.from.is_bot) return;
    const screen = await answer(ctx.parsed as Parsed<"message">, data.from.id, ctx.message?.caption);
    await desk.chat.post(data.from.id, screen);
    await keepUp(desk, data.from.id, screen);
    await enterDialogue(ctx, screen);
  });

  async function answer(
    { updateId, data }: Parsed<"message">,
    userId: number,
    caption: string | undefined,
  ): Promise<Screen> {
    const { text, message_id: messageId } = data;
    const current = await desk.deps.screens.read(userId);
    const written = { userId, messageId, updateId, text, caption };
    if (current?.kind === SUPPORT_KIND) return takeSupportText(desk, written);
    const asked = askedProduct(current?.kind);
    if (asked !== null) return takeAnswer(desk, asked, written);
    // What became of it may be on screen by now, and that asks for nothing.
    const taken = await takenBefore(desk, written);
    if (taken !== null) return taken;
    const { view, reader } = await desk.visit(userId);
    const home = homeScreen(view, reader);
    // Nobody asked for a token here; it goes all the same.
    const said = text ?? caption;
    if (said !== undefined && desk.deps.tokens.secretIn(said, userId) !== null) {
      const isGone = await desk.chat.erase(userId, messageId);
      return below(t(reader.language, isGone ? "token-unasked" : "token-unasked-left"), home);
    }
    return below(t(reader.language, "hint-buttons"), home);
  }

  return composer;
}
