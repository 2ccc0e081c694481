// What people write where nothing was asked: in a support screen it is a message to support, elsewhere it gets one hint and the same screen.
import { Composer } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { SUPPORT_KIND } from "../screens/info.ts";
import { below } from "../screens/screen.ts";
import { homeScreen } from "../screens/status.ts";
import { t } from "../texts.ts";
import type { Parsed } from "../updates.ts";
import { drawTextNeeded, takeSupportText } from "./support.ts";

export function freeText(desk: Desk): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  composer.on("message", async (ctx) => {
    const { updateId, data } = ctx.parsed as Parsed<"message">;
    if (data.from === undefined || data.from.is_bot) return;
    const userId = data.from.id;
    const current = await desk.deps.screens.read(userId);
    // The dialogue's own state was lost or left over from another version: the screen and the ticket carry it on.
    if (current?.kind === SUPPORT_KIND) {
      const screen =
        data.text === undefined
          ? await drawTextNeeded(desk, userId)
          : await takeSupportText(desk, userId, data.text, updateId);
      await desk.chat.post(userId, screen);
      return;
    }
    const { view, reader } = await desk.visit(userId);
    await desk.chat.post(userId, below(t(reader.language, "hint-buttons"), homeScreen(view, reader)));
  });

  return composer;
}
