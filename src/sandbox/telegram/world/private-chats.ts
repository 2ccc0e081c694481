// The chat of one person with the bot: what each side writes, and which of it becomes an update.
import type { CallbackQuery, InlineKeyboardMarkup, Message, Update } from "@grammyjs/types";
import { EmulatorUsageError, queryTooOld } from "../errors.ts";
import { detectEntities } from "../text/formatted-text.ts";
import { unixSeconds, type WorldContext } from "./context.ts";
import type { InvoiceRecord } from "./invoices.ts";
import type { MessageContent, Messages, StoredMessage } from "./messages.ts";
import type { CallbackNotice, UserRecord, Users } from "./users.ts";

interface OpenCallback {
  readonly userId: number;
  readonly deadlineMs: number;
}

export class PrivateChats {
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #messages: Messages;
  readonly #callbacks = new Map<string, OpenCallback>();
  readonly #chatInstances = new Map<number, string>();

  constructor(context: WorldContext, users: Users, messages: Messages) {
    this.#context = context;
    this.#users = users;
    this.#messages = messages;
  }

  /** A message of the person. Writing to a blocked bot unblocks it first, as the apps do. */
  fromUser(user: UserRecord, content: MessageContent, isService = false): StoredMessage {
    if (user.deactivated) throw new EmulatorUsageError(`User ${user.id} is deactivated and cannot act.`);
    if (user.blocked && !isService) this.setBlocked(user, false);
    user.started = true;
    const stored = this.#messages.add({
      chat: this.#users.chatView(user),
      from: this.#users.view(user),
      content,
      isService,
    });
    this.#context.emit({ message: stored.message as NonNullable<Update["message"]> });
    return stored;
  }

  sendText(user: UserRecord, text: string): StoredMessage {
    const entities = detectEntities(text).sort((a, b) => a.offset - b.offset);
    return this.fromUser(user, { text, ...(entities.length > 0 ? { entities } : {}) });
  }

  /** The person changes an own text; the bot gets `edited_message`. */
  editText(stored: StoredMessage, text: string): void {
    const { entities: _old, ...kept } = stored.message;
    const entities = detectEntities(text).sort((a, b) => a.offset - b.offset);
    const edit_date = unixSeconds(this.#context.clock);
    stored.message = { ...kept, text, ...(entities.length > 0 ? { entities } : {}), edit_date };
    stored.editCount += 1;
    this.#context.emit({ edited_message: stored.message as NonNullable<Update["edited_message"]> });
  }

  /** A message of the bot; the caller has checked that the person can be reached. No update, except where Telegram sends one. */
  fromBot(
    user: UserRecord,
    content: MessageContent,
    extra: { readonly invoice?: InvoiceRecord; readonly isService?: boolean } = {},
  ): StoredMessage {
    return this.#messages.add({ chat: this.#users.chatView(user), from: this.#botAuthor(), content, ...extra });
  }

  /** The `refunded_payment` service message, which is also an update. */
  refunded(user: UserRecord, content: MessageContent): void {
    const byBot = this.#context.options.switches.refundedPaymentFrom === "bot";
    const stored = this.#messages.add({
      chat: this.#users.chatView(user),
      from: byBot ? this.#botAuthor() : this.#users.view(user),
      content,
      isService: true,
    });
    this.#context.emit({ message: stored.message as NonNullable<Update["message"]> });
  }

  #botAuthor() {
    const { id, is_bot, first_name, username } = this.#context.bot;
    return { id, is_bot, first_name, username };
  }

  /** Sends a callback query. `message` may be anything the person can see, or nothing (forged). */
  press(user: UserRecord, data: string, message: Message | undefined): string {
    if (user.deactivated) throw new EmulatorUsageError(`User ${user.id} is deactivated and cannot act.`);
    const queryId = this.#context.ids.queryId();
    const instance = this.#chatInstances.get(user.id) ?? this.#context.ids.chatInstance();
    this.#chatInstances.set(user.id, instance);
    this.#callbacks.set(queryId, {
      userId: user.id,
      deadlineMs: this.#context.clock.now() + this.#context.options.callbackTimeoutMs,
    });
    const query: CallbackQuery = {
      id: queryId,
      from: this.#users.view(user),
      ...(message ? { message } : {}),
      chat_instance: instance,
      data,
    };
    this.#context.emit({ callback_query: query });
    return queryId;
  }

  /** @throws BotApiError `query is too old ...` for late, unknown and twice-answered queries. */
  answerCallback(queryId: string, notice: Omit<CallbackNotice, "queryId">): void {
    const open = this.#callbacks.get(queryId);
    if (!open || this.#context.clock.now() > open.deadlineMs) throw queryTooOld();
    this.#callbacks.delete(queryId);
    this.#users.get(open.userId).notices.push({ queryId, ...notice });
  }

  isCallbackOpen(queryId: string): boolean {
    return this.#callbacks.has(queryId);
  }

  setBlocked(user: UserRecord, blocked: boolean): void {
    if (user.blocked === blocked) return;
    user.blocked = blocked;
    const bot = this.#botAuthor();
    const member = { status: "member" as const, user: bot };
    const kicked = { status: "kicked" as const, user: bot, until_date: 0 };
    this.#context.emit({
      my_chat_member: {
        chat: this.#users.chatView(user),
        from: this.#users.view(user),
        date: unixSeconds(this.#context.clock),
        old_chat_member: blocked ? member : kicked,
        new_chat_member: blocked ? kicked : member,
      },
    });
  }
}

/** Buttons of a message, row by row; empty when it has none. */
export const inlineKeyboard = (message: Message): InlineKeyboardMarkup["inline_keyboard"] =>
  message.reply_markup?.inline_keyboard ?? [];
