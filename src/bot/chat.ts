// One screen is one message of the chat. It is edited in place; a new one is sent when it must be noticed, and the old one loses its buttons.
import type { Api } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import {
  isAlreadyDeleted,
  isNotEditable,
  isNotModified,
  isPassing,
  isQueryOver,
  isTelegramAway,
  isUnreachable,
  toldToWaitMs,
} from "./faults.ts";
import type { BotDeps, ScreenStore, StoredScreen } from "./ports.ts";
import type { Screen } from "./screens/screen.ts";

export interface Chat {
  /** For calls that are not about screens. */
  readonly api: Api;
  /** The person's screen becomes this one: edited in place where that is possible. */
  show(userId: number, screen: Screen): Promise<void>;
  /** A new message below everything else. With an effect id that was sent before, nothing happens. */
  post(userId: number, screen: Screen, effectId?: string): Promise<void>;
  /** A message that was sent otherwise (an invoice) is the screen from now on. */
  adopt(
    userId: number,
    message: { readonly messageId: number; readonly kind: string; readonly presses: readonly string[] },
  ): Promise<void>;
  /** Takes the buttons off a message that is not the screen any more. */
  retire(userId: number, messageId: number): Promise<void>;
  /**
   * Takes what a person sent out of the chat.
   * @returns false when it is still there: Telegram would not delete it, or could not be asked. Never throws for that.
   */
  erase(userId: number, messageId: number): Promise<boolean>;
  /** Ends the spinner of a press. Never in the way of what was pressed: too late, or not at all, costs a spinner. */
  answerPress(userId: number, queryId: string, toast: string | null): Promise<void>;
  /** Tells all who call Telegram to wait, if that is what this failure says. */
  believe(userId: number, error: unknown): Promise<void>;
}

/** An invoice can't be edited into something else: going back from it takes it away. */
export const INVOICE_KIND = "invoice";

export interface ChatDeps {
  readonly api: Api;
  readonly screens: ScreenStore;
  readonly slowDown: BotDeps["slowDown"];
}

export function makeChat({ api, screens, slowDown }: ChatDeps): Chat {
  const markup = (screen: Screen) => ({ inline_keyboard: screen.keyboard.map((row) => [...row]) });
  const options = (screen: Screen) => ({
    parse_mode: "HTML" as const,
    link_preview_options: { is_disabled: true },
    reply_markup: markup(screen),
  });

  const believe = async (userId: number, error: unknown): Promise<void> => {
    const waitMs = toldToWaitMs(error);
    if (waitMs !== null) await slowDown(String(userId), waitMs);
  };

  const retire = async (userId: number, messageId: number): Promise<void> => {
    try {
      await api.editMessageReplyMarkup(userId, messageId, { reply_markup: { inline_keyboard: [] } });
    } catch (error) {
      // Presses on a message that is not the screen are answered as out of date anyway, so nothing is repeated for this.
      if (!isNotModified(error) && !isNotEditable(error) && !isUnreachable(error) && !isPassing(error)) throw error;
      await believe(userId, error);
    }
  };

  const remove = async (userId: number, messageId: number): Promise<void> => {
    try {
      await api.deleteMessage(userId, messageId);
    } catch (error) {
      if (!isNotEditable(error) && !isUnreachable(error) && !isPassing(error)) throw error;
      await believe(userId, error);
    }
  };

  const replaceBy = async (userId: number, stored: StoredScreen | null, next: StoredScreen): Promise<void> => {
    await screens.write(userId, next); // first: what follows may fail, and the new message must be known
    if (stored === null || stored.messageId === next.messageId) return;
    // A paid invoice is the payer's receipt, and an unpaid one is guarded at its checkout: it stays as it is.
    if (stored.kind !== INVOICE_KIND && stored.presses.length > 0) await retire(userId, stored.messageId);
  };

  const send = async (
    userId: number,
    stored: StoredScreen | null,
    screen: Screen,
    effectId: string | null,
  ): Promise<void> => {
    const { message_id } = await api.sendMessage(userId, screen.text, options(screen));
    await replaceBy(userId, stored, stateOf(screen, message_id, effectId, stored));
  };

  return {
    api,
    async show(userId, screen) {
      const stored = await screens.read(userId);
      if (stored === null) return send(userId, stored, screen, null);
      if (stored.kind === INVOICE_KIND) {
        await send(userId, stored, screen, null);
        return remove(userId, stored.messageId);
      }
      try {
        await api.editMessageText(userId, stored.messageId, screen.text, options(screen));
      } catch (error) {
        if (isNotEditable(error)) return send(userId, stored, screen, null);
        if (!isNotModified(error)) throw error;
      }
      await screens.write(userId, stateOf(screen, stored.messageId, stored.effectId, stored));
    },
    async post(userId, screen, effectId) {
      const stored = await screens.read(userId);
      if (effectId !== undefined && stored?.effectId === effectId) return;
      await send(userId, stored, screen, effectId ?? null);
    },
    async adopt(userId, message) {
      const stored = await screens.read(userId);
      await replaceBy(userId, stored, { ...message, effectId: null, lastPress: stored?.lastPress ?? null });
    },
    retire,
    async erase(userId, messageId) {
      try {
        await api.deleteMessage(userId, messageId);
        return true;
      } catch (error) {
        if (isAlreadyDeleted(error)) return true;
        if (!isNotEditable(error) && !isUnreachable(error) && !isPassing(error)) throw error;
        await believe(userId, error);
        return false;
      }
    },
    async answerPress(userId, queryId, toast) {
      try {
        await api.answerCallbackQuery(queryId, toast === null ? {} : { text: toast });
      } catch (error) {
        if (!isQueryOver(error) && !isTelegramAway(error)) throw error;
        await believe(userId, error);
      }
    },
    believe,
  };
}

const stateOf = (
  screen: Screen,
  messageId: number,
  effectId: string | null,
  before: StoredScreen | null,
): StoredScreen => ({
  messageId,
  kind: screen.kind,
  presses: pressesOf(screen.keyboard),
  effectId,
  lastPress: before?.lastPress ?? null,
});

export const pressesOf = (keyboard: Screen["keyboard"]): string[] =>
  keyboard.flat().flatMap((button: InlineKeyboardButton) => ("callback_data" in button ? [button.callback_data] : []));
