// What the bot says about itself: commands per scope and language, name, descriptions, menu buttons.
import type { BotCommand, BotCommandScope, MenuButton } from "@grammyjs/types";

export class BotProfile {
  readonly #commands = new Map<string, readonly BotCommand[]>();
  readonly #texts = new Map<string, string>();
  readonly #menuButtons = new Map<number, MenuButton>();

  #commandKey(scope: BotCommandScope | undefined, language: string): string {
    return JSON.stringify([scope ?? { type: "default" }, language]);
  }

  setCommands(scope: BotCommandScope | undefined, language: string, commands: readonly BotCommand[]): void {
    this.#commands.set(this.#commandKey(scope, language), commands);
  }

  deleteCommands(scope: BotCommandScope | undefined, language: string): void {
    this.#commands.delete(this.#commandKey(scope, language));
  }

  /** Exactly this scope and language, without fallback, as `getMyCommands` answers. */
  commands(scope: BotCommandScope | undefined, language: string): BotCommand[] {
    return [...(this.#commands.get(this.#commandKey(scope, language)) ?? [])];
  }

  /** The list a person sees in the menu: the first that is set, from the narrowest scope to the widest. */
  commandMenu(chatId: number, language: string): BotCommand[] {
    const scopes: BotCommandScope[] = [
      { type: "chat", chat_id: chatId },
      { type: "all_private_chats" },
      { type: "default" },
    ];
    for (const scope of scopes) {
      for (const wanted of [language, ""]) {
        const commands = this.#commands.get(this.#commandKey(scope, wanted));
        if (commands) return [...commands];
      }
    }
    return [];
  }

  setText(kind: "name" | "description" | "shortDescription", language: string, text: string): void {
    this.#texts.set(`${kind}:${language}`, text);
  }

  text(kind: "name" | "description" | "shortDescription", language: string): string {
    return this.#texts.get(`${kind}:${language}`) ?? this.#texts.get(`${kind}:`) ?? "";
  }

  setMenuButton(chatId: number | undefined, button: MenuButton): void {
    this.#menuButtons.set(chatId ?? 0, button);
  }

  menuButton(chatId: number | undefined): MenuButton {
    return this.#menuButtons.get(chatId ?? 0) ?? this.#menuButtons.get(0) ?? { type: "commands" };
  }
}
