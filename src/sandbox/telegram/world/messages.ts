// Chats as the client sees them: bubbles, keyboards, invoices, service messages, edits, deletions.
import type { Chat, InlineKeyboardMarkup, Message, User } from "@grammyjs/types";
import { badRequest } from "../errors.ts";
import { unixSeconds, type WorldContext } from "./context.ts";
import type { InvoiceRecord } from "./invoices.ts";

/** What differs from message to message; id, chat, author and date are added here. */
export type MessageContent = Partial<Omit<Message, "message_id" | "chat" | "from" | "date">>;

export interface StoredMessage {
  message: Message;
  /** Sent by the bot. */
  readonly outgoing: boolean;
  readonly isService: boolean;
  readonly sentAtMs: number;
  readonly invoice: InvoiceRecord | null;
  /** When it was deleted (epoch ms), or null. The text stays for the emulator's own journal only. */
  deletedAtMs: number | null;
  editCount: number;
}

const DELETABLE_MS = 48 * 3_600_000;

export class Messages {
  readonly #context: WorldContext;
  readonly #byChat = new Map<number, Map<number, StoredMessage>>();

  constructor(context: WorldContext) {
    this.#context = context;
  }

  all(chatId: number): readonly StoredMessage[] {
    return [...(this.#byChat.get(chatId)?.values() ?? [])];
  }

  find(chatId: number, messageId: number): StoredMessage | undefined {
    const found = this.#byChat.get(chatId)?.get(messageId);
    return found && found.deletedAtMs === null ? found : undefined;
  }

  add(input: {
    readonly chat: Chat;
    readonly from: User | null;
    readonly content: MessageContent;
    readonly invoice?: InvoiceRecord;
    readonly isService?: boolean;
  }): StoredMessage {
    const { chat, from } = input;
    const message: Message = {
      message_id: this.#context.ids.messageId(chat.id),
      ...(from ? { from } : { sender_chat: chat }),
      chat,
      date: unixSeconds(this.#context.clock),
      ...input.content,
    };
    const stored: StoredMessage = {
      message,
      outgoing: from === null || from.id === this.#context.bot.id,
      isService: input.isService ?? false,
      sentAtMs: this.#context.clock.now(),
      invoice: input.invoice ?? null,
      deletedAtMs: null,
      editCount: 0,
    };
    const chatMessages = this.#byChat.get(chat.id) ?? new Map<number, StoredMessage>();
    chatMessages.set(message.message_id, stored);
    this.#byChat.set(chat.id, chatMessages);
    return stored;
  }

  /**
   * Replaces content of one of the bot's messages.
   * @param kept The message without the parts that `change` replaces; its keyboard goes unless given again.
   * @throws BotApiError when it is not found, not editable, or nothing changes.
   */
  edit(
    stored: StoredMessage,
    kept: Message,
    change: MessageContent,
    replyMarkup: InlineKeyboardMarkup | undefined,
  ): Message {
    const before = stored.message;
    const { reply_markup: _old, ...rest } = kept;
    const next: Message = {
      ...rest,
      ...change,
      ...(replyMarkup && replyMarkup.inline_keyboard.length > 0 ? { reply_markup: replyMarkup } : {}),
    };
    if (sameContent(before, next))
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    stored.message = { ...next, edit_date: unixSeconds(this.#context.clock) };
    stored.editCount += 1;
    return stored.message;
  }

  /** @throws BotApiError `message to delete not found`, or older than 48 h. */
  delete(chatId: number, messageId: number): void {
    const stored = this.find(chatId, messageId);
    if (!stored) throw badRequest("message to delete not found");
    if (this.#context.clock.now() - stored.sentAtMs >= DELETABLE_MS)
      throw badRequest("message can't be deleted for everyone");
    stored.deletedAtMs = this.#context.clock.now();
  }
}

const sameContent = (a: Message, b: Message): boolean => contentKey(a) === contentKey(b);

/** Comparable as text: parsed parameters have their keys in the schema's order, whatever the order sent. */
const contentKey = (message: Message): string =>
  JSON.stringify([
    message.text ?? null,
    message.entities ?? [],
    message.caption ?? null,
    message.caption_entities ?? [],
    message.link_preview_options ?? null,
    message.reply_markup ?? null,
  ]);
