// The staff chat of a scene: the private chat of its first member. What the others say in it comes as raw updates, as a group's would.
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import type { Scene } from "./scene.ts";

export interface StaffAccount {
  readonly id: number;
  readonly name: string;
}

export class StaffChat {
  readonly #scene: Scene;
  readonly #host: Person;
  #messageIds = 900_000;

  private constructor(scene: Scene, host: Person) {
    this.#scene = scene;
    this.#host = host;
  }

  static async open(scene: Scene, { id, name }: StaffAccount): Promise<StaffChat> {
    const host = scene.telegram.people.add({ id, firstName: name });
    host.send("/start");
    await scene.stage.settle();
    return new StaffChat(scene, host);
  }

  #sent() {
    return this.#host.messages().filter(({ from }) => from === "bot");
  }

  texts(): string[] {
    return this.#sent().map(({ text }) => text);
  }
  last(): string {
    return this.texts().at(-1) ?? "";
  }
  lastId(): number {
    return this.#sent().at(-1)?.messageId ?? 0;
  }
  /** What was flashed over a pressed button last; empty for nothing. */
  toast(): string {
    return String(this.#scene.telegram.calls({ method: "answerCallbackQuery" }).at(-1)?.params.text ?? "");
  }

  /** @param replyTo A message of the bot's. @returns what the bot says to it; empty for nothing */
  async hears({ id, name }: StaffAccount, text: string, replyTo?: number): Promise<string> {
    this.#messageIds += 1;
    const chat = this.#chat();
    const reply = replyTo === undefined ? {} : { reply_to_message: { message_id: replyTo, date: 1, chat } };
    const from = { id, is_bot: false, first_name: name };
    return this.#afterwards({ message: { message_id: this.#messageIds, date: 1, chat, from, text, ...reply } });
  }

  /** @returns what the bot says to it, in a new message or over the button */
  async feelsPress({ id, name }: StaffAccount, data: string, messageId: number): Promise<string> {
    this.#messageIds += 1;
    const from = { id, is_bot: false, first_name: name };
    const message = { message_id: messageId, date: 1, chat: this.#chat() };
    const query = { id: `q${this.#messageIds}`, from, chat_instance: "1", data, message };
    const said = await this.#afterwards({ callback_query: query });
    return said === "" ? this.toast() : said;
  }

  #chat() {
    return { id: this.#host.id, type: "private" as const, first_name: "Staff" };
  }

  async #afterwards(update: object): Promise<string> {
    const before = this.#sent().length;
    await this.#scene.receives(update as never);
    return this.texts().slice(before).join("\n");
  }
}
