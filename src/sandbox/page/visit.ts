// One visitor from a reset to the next: a fresh person at Telegram, what happened to them, and what was done.
import { randomInt } from "node:crypto";
import type { Update } from "@grammyjs/types";
import type { ChatItem, Deed, Scenario, Seed } from "../../support/answers/sandbox.ts";
import type { TelegramEmulator } from "../telegram/emulator.ts";
import type { InvoiceTarget, Person } from "../telegram/people/person.ts";
import { priceText } from "./price-text.ts";

type Language = Scenario["language"];
export type Line = Extract<ChatItem, { kind: "line" }> & { readonly afterMessageId: number };

/** Ids of today's accounts, out of reach of those that the emulator gives by itself. */
const newUserId = (): number => 8_000_000_000 + randomInt(1_000_000_000);

/** How far the clock went on by itself after a deed (ms), and for which waits. */
export interface WentOn {
  readonly ms: number;
  readonly waits: readonly string[];
}
export const NOWHERE: WentOn = { ms: 0, waits: [] };

/** Where and when a visit begins. */
export interface Beginning {
  readonly seed: Seed;
  readonly language: Language;
  /** Epoch ms. */
  readonly startAt: number;
}

export class Visit {
  readonly number: number;
  readonly person: Person;
  readonly lines: Line[] = [];
  readonly deeds: Deed[] = [];
  readonly beginning: Beginning;
  wentOn: WentOn = NOWHERE;
  language: Language;
  /** What was paid last, to pay it once more. */
  paidInvoice: InvoiceTarget | null = null;
  readonly #emulator: TelegramEmulator;
  #stranger: Person | null = null;
  readonly #toldToStranger: { readonly at: number; readonly text: string }[] = [];
  readonly #unwatch: () => void;

  constructor(emulator: TelegramEmulator, number: number, beginning: Beginning) {
    const { language } = beginning;
    this.#emulator = emulator;
    this.number = number;
    this.beginning = beginning;
    this.language = language;
    this.person = emulator.people.add({
      id: newUserId(),
      firstName: language === "ru" ? "Анна" : "Anna",
      username: `anna_${number}_${randomInt(10_000)}`,
      languageCode: language,
      stars: 0,
    });
    this.#unwatch = emulator.watch((update) => this.#note(update));
  }

  /** Somebody who has nothing to do with it. */
  get stranger(): Person {
    this.#stranger ??= this.#emulator.people.add({
      id: newUserId(),
      firstName: this.language === "ru" ? "Борис" : "Boris",
      languageCode: this.language,
      stars: 100_000,
    });
    return this.#stranger;
  }

  /** Said to the stranger beside the chat, such as why a payment is refused. */
  strangerIsTold(text: string): void {
    this.#toldToStranger.push({ at: this.#emulator.now(), text });
  }

  /** What the stranger reads, oldest first; `at` in epoch ms. */
  strangerReads(): readonly { readonly at: number; readonly text: string }[] {
    const written = (this.#stranger?.messages() ?? []).filter(({ from, isDeleted }) => from === "bot" && !isDeleted);
    return [...this.#toldToStranger, ...written.map(({ sentAtMs, text }) => ({ at: sentAtMs, text }))].sort(
      (a, b) => a.at - b.at,
    );
  }

  end(): void {
    this.#unwatch();
  }

  #note(update: Partial<Update>): void {
    const id = this.person.id;
    const { chat_member: member, chat_join_request: asked, my_chat_member: bot, message } = update;
    if (member?.new_chat_member.user.id === id) {
      const was = isInside(member.old_chat_member.status);
      const is = isInside(member.new_chat_member.status);
      const title = member.chat.title ?? "";
      if (is && !was) this.#add("joined", title);
      else if (was && !is) this.#add(member.from.id === id ? "left" : "removed", title);
    }
    if (asked?.from.id === id) this.#add("asked", asked.chat.title ?? "");
    if (bot?.from.id === id && bot.chat.type === "private")
      this.#add(bot.new_chat_member.status === "kicked" ? "blocked" : "unblocked", "");
    if (message?.chat.id !== id) return;
    const paid = message.successful_payment;
    const isRenewal = paid?.is_recurring === true && paid.is_first_recurring !== true;
    if (paid) this.#add(isRenewal ? "renewed" : "paid", priceText(paid.currency, paid.total_amount));
    const back = message.refunded_payment;
    if (back) this.#add("refunded", priceText(back.currency, back.total_amount));
  }

  #add(what: Line["what"], detail: string): void {
    const messages = this.person.messages();
    this.lines.push({
      kind: "line",
      id: `line-${this.lines.length + 1}`,
      at: this.#emulator.now(),
      what,
      detail,
      afterMessageId: messages.at(-1)?.messageId ?? 0,
    });
  }
}

const isInside = (status: string): boolean => ["member", "administrator", "creator", "restricted"].includes(status);
