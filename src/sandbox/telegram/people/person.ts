// One person with a phone: everything somebody can do to the bot from the client's side.
import type { BotCommand, User } from "@grammyjs/types";
import { EmulatorUsageError } from "../errors.ts";
import type { JoinOutcome } from "../world/channel-types.ts";
import type { InvoiceRecord } from "../world/invoices.ts";
import type { StoredMessage } from "../world/messages.ts";
import type { PaymentOutcome } from "../world/payments.ts";
import type { StarSubscription } from "../world/star-subscriptions.ts";
import type { CallbackNotice, UserRecord } from "../world/users.ts";
import type { World } from "../world/world.ts";
import { type BubbleView, type ButtonView, bubbleView, buttonsOf } from "./screen.ts";

/** What pressing a button does on a phone. Only callbacks reach the bot. */
export type PressResult =
  | { readonly kind: "callback"; readonly queryId: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "pay"; readonly messageId: number }
  | { readonly kind: "copied"; readonly text: string };

export type PressTarget =
  | string
  | {
      readonly messageId: number;
      readonly data: string;
    };

/** A link, an own message with an invoice, or a copy of somebody's invoice message. */
export type InvoiceTarget = string | { readonly messageId: number; readonly chatOf?: Person };

export interface ForgedSale {
  readonly payload: string;
  readonly currency: string;
  readonly totalAmount: number;
  readonly subscriptionPeriodSeconds?: number;
  readonly skipCheckout?: boolean;
}

export class Person {
  readonly id: number;
  readonly #record: UserRecord;
  readonly #world: World;

  constructor(record: UserRecord, world: World) {
    this.id = record.id;
    this.#record = record;
    this.#world = world;
  }

  /** As updates show this person. */
  get user(): User {
    return this.#world.users.view(this.#record);
  }

  /** Unit: whole Stars. */
  get stars(): number {
    return this.#record.starBalance;
  }

  get isBlocking(): boolean {
    return this.#record.blocked;
  }

  // ---- chat -------------------------------------------------------------------------------------

  /** Presses Start, with the payload of a deep link if given. */
  start(payload?: string): BubbleView {
    return this.send(payload === undefined || payload === "" ? "/start" : `/start ${payload}`);
  }

  send(text: string): BubbleView {
    if (text.trim() === "" || [...text].length > 4096)
      throw new EmulatorUsageError("A message has 1 to 4096 characters.");
    return bubbleView(this.#world.chats.sendText(this.#record, text.trim()));
  }

  /** A message without text, as a sticker or a picture is for a bot that reads text. */
  sendPhoto(caption?: string): BubbleView {
    const fileId = this.#world.context.ids.fileId();
    const photo = [{ file_id: fileId, file_unique_id: fileId.slice(-16), width: 1280, height: 720 }];
    return bubbleView(
      this.#world.chats.fromUser(this.#record, { photo, ...(caption === undefined ? {} : { caption }) }),
    );
  }

  /** Changes an own message; the bot gets `edited_message`. */
  edit(messageId: number, text: string): void {
    const stored = this.#own(messageId);
    if (stored.outgoing || stored.message.text === undefined)
      throw new EmulatorUsageError(`Message ${messageId} is not this person's text.`);
    this.#world.chats.editText(stored, text);
  }

  /**
   * Presses a button of the newest message that shows it: by label, by callback data, or by both message and data.
   * @throws EmulatorUsageError when nobody shows such a button.
   */
  press(target: PressTarget): PressResult {
    const found =
      typeof target === "string" ? this.#findButton(target) : this.#buttonOf(this.#own(target.messageId), target.data);
    if (!found) {
      const wanted = typeof target === "string" ? target : target.data;
      throw new EmulatorUsageError(`No button "${wanted}". On screen: ${this.#labels().join(" | ") || "none"}.`);
    }
    const { button, stored } = found;
    switch (button.kind) {
      case "callback":
        return {
          kind: "callback",
          queryId: this.#world.chats.press(this.#record, button.data, stored.message),
        };
      case "url":
        return { kind: "url", url: button.url };
      case "pay":
        return { kind: "pay", messageId: stored.message.message_id };
      case "copy":
        return { kind: "copied", text: button.copies };
      case "other":
        throw new EmulatorUsageError(`The emulator does not press buttons like "${button.text}".`);
    }
  }

  /** A forged press: any data, on any message of this chat or on none. */
  pressForged(data: string, messageId?: number): string {
    const message = messageId === undefined ? undefined : this.#own(messageId).message;
    return this.#world.chats.press(this.#record, data, message);
  }

  /** A button of the reply keyboard: sends its text. */
  pressReplyKey(label: string): BubbleView {
    const labels = this.replyKeys().flat();
    if (!labels.includes(label))
      throw new EmulatorUsageError(`No key "${label}". Keys: ${labels.join(" | ") || "none"}.`);
    return this.send(label);
  }

  #findButton(wanted: string): { button: ButtonView; stored: StoredMessage } | null {
    const shown = this.#world.messages
      .all(this.id)
      .filter((m) => m.outgoing && m.deletedAtMs === null)
      .reverse();
    for (const stored of shown) {
      const found = this.#buttonOf(stored, wanted);
      if (found) return found;
    }
    return null;
  }

  #buttonOf(stored: StoredMessage, wanted: string): { button: ButtonView; stored: StoredMessage } | null {
    const buttons = buttonsOf(stored).flat();
    const button =
      buttons.find((b) => b.text === wanted) ?? buttons.find((b) => b.kind === "callback" && b.data === wanted);
    return button ? { button, stored } : null;
  }

  #labels(): string[] {
    return (this.screen()?.buttons ?? []).flat().map((button) => button.text);
  }

  #own(messageId: number): StoredMessage {
    const stored = this.#world.messages.find(this.id, messageId);
    if (!stored) throw new EmulatorUsageError(`User ${this.id} sees no message ${messageId}.`);
    return stored;
  }

  // ---- what is seen -----------------------------------------------------------------------------

  /** The last message of the bot that is still there, or null. */
  screen(): BubbleView | null {
    const last = this.#world.messages
      .all(this.id)
      .findLast((m) => m.outgoing && m.deletedAtMs === null && !m.isService);
    return last ? bubbleView(last) : null;
  }

  /** The whole chat in order, deleted bubbles included (empty). */
  messages(): BubbleView[] {
    return this.#world.messages.all(this.id).map(bubbleView);
  }

  /** Answers to button presses (toasts, alerts), in order. */
  notices(): readonly CallbackNotice[] {
    return [...this.#record.notices];
  }

  /** Chat actions shown ("typing"), in order; `at` in Unix seconds. */
  chatActions(): readonly { readonly action: string; readonly at: number }[] {
    return [...this.#record.chatActions];
  }

  replyKeys(): string[][] {
    return (this.#record.replyKeyboard?.keyboard ?? []).map((row) =>
      row.map((key) => (typeof key === "string" ? key : key.text)),
    );
  }

  commandMenu(): BotCommand[] {
    return this.#world.profile.commandMenu(this.id, this.#record.languageCode ?? "");
  }

  // ---- money ------------------------------------------------------------------------------------

  /** Stars arrive; renewals that failed for lack of them are paid. */
  topUp(stars: number): void {
    if (!Number.isSafeInteger(stars) || stars <= 0) throw new EmulatorUsageError("Top up by a positive whole number.");
    this.#record.starBalance += stars;
    this.#world.payments.subscriptions.retryFailedOf(this.#record);
  }

  /** Stars spent elsewhere. */
  spendElsewhere(stars: number): void {
    if (!Number.isSafeInteger(stars) || stars <= 0 || stars > this.#record.starBalance)
      throw new EmulatorUsageError(`Cannot spend ${stars} of ${this.#record.starBalance} Stars.`);
    this.#record.starBalance -= stars;
  }

  /** Pays: pre-checkout to the bot, its answer, the charge, `successful_payment`. */
  payInvoice(target: InvoiceTarget): Promise<PaymentOutcome> {
    return this.#world.payments.pay(this.#record, this.#invoice(target));
  }

  /**
   * Pays what the bot never asked for: another payload, price or currency than any of its invoices.
   * With `skipCheckout` the money is taken without asking the bot.
   */
  payForged(forged: ForgedSale): Promise<PaymentOutcome> {
    const { skipCheckout = false, subscriptionPeriodSeconds = null, ...sale } = forged;
    const invoice = { link: null, title: "", description: "", startParameter: "", subscriptionPeriodSeconds, ...sale };
    return this.#world.payments.pay(this.#record, invoice, skipCheckout);
  }

  #invoice(target: InvoiceTarget): InvoiceRecord {
    if (typeof target === "string") {
      const invoice = this.#world.invoices.findLink(target);
      if (!invoice) throw new EmulatorUsageError(`No invoice behind "${target}".`);
      return invoice;
    }
    const owner = target.chatOf?.id ?? this.id;
    const invoice = this.#world.messages.find(owner, target.messageId)?.invoice;
    if (!invoice) throw new EmulatorUsageError(`Message ${target.messageId} of chat ${owner} is no invoice.`);
    if (owner !== this.id && invoice.startParameter !== "")
      throw new EmulatorUsageError("Forwarded copies of this invoice have a deep link instead of a Pay button.");
    return invoice;
  }

  subscriptions(): readonly Readonly<StarSubscription>[] {
    return this.#world.payments.subscriptions.all().filter((s) => s.userId === this.id);
  }

  /** In Telegram's settings. `false` when there is nothing to cancel. */
  cancelSubscription(chargeIdOrPayload: string): boolean {
    const { subscriptions } = this.#world.payments;
    return subscriptions.cancelByUser(this.#record, subscriptions.findOf(this.#record, chargeIdOrPayload));
  }

  /** `false` when the bot has locked it, it is over, or it was never cancelled. */
  reenableSubscription(chargeIdOrPayload: string): boolean {
    const { subscriptions } = this.#world.payments;
    return subscriptions.reenableByUser(this.#record, subscriptions.findOf(this.#record, chargeIdOrPayload));
  }

  // ---- channels ---------------------------------------------------------------------------------

  openLink(inviteLink: string): JoinOutcome {
    return this.#world.channels.open(this.#record, inviteLink);
  }

  leave(channelId: number): void {
    const channel = this.#world.channels.get(channelId);
    if (!channel.isMember(this.id)) throw new EmulatorUsageError(`User ${this.id} is not in channel ${channelId}.`);
    channel.setMember(this.#record, { status: "left" }, { by: this.user });
  }

  isIn(channelId: number): boolean {
    return this.#world.channels.get(channelId).isMember(this.id);
  }

  /** Approving this person then answers USER_CHANNELS_TOO_MUCH. */
  setInTooManyChannels(value: boolean): void {
    this.#record.inTooManyChannels = value;
  }

  // ---- the account ------------------------------------------------------------------------------

  block(): void {
    this.#world.chats.setBlocked(this.#record, true);
  }

  unblock(): void {
    this.#world.chats.setBlocked(this.#record, false);
  }

  /** The account is deleted for good. Telegram tells the bot nothing. */
  deactivate(): void {
    this.#record.deactivated = true;
  }

  rename(names: { readonly firstName?: string; readonly lastName?: string; readonly username?: string }): void {
    if (names.firstName !== undefined) this.#record.firstName = names.firstName;
    if (names.lastName !== undefined) this.#record.lastName = names.lastName;
    if (names.username !== undefined) this.#record.username = names.username;
  }

  setLanguage(languageCode: string): void {
    this.#record.languageCode = languageCode;
  }
}
