// Every call of the bot, in order, with what came of it.
import type { ApiResponse } from "@grammyjs/types";

export interface CallRecord {
  readonly seq: number;
  /** Unit: epoch ms. */
  readonly at: number;
  /** Real time, since some moment: what the bot was told to wait it waits by that. Unit: milliseconds. */
  readonly wireAt: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What the world answered; null when a fault kept the call from happening. */
  readonly response: ApiResponse<unknown> | null;
  /** Kind of the fault that changed what the bot saw. */
  readonly fault: string | null;
}

export interface CallFilter {
  readonly method?: string;
  /** Only calls after this number. */
  readonly afterSeq?: number;
  readonly chatId?: number;
  readonly userId?: number;
  readonly ok?: boolean;
}

export class Journal {
  readonly #size: number;
  #calls: CallRecord[] = [];
  #nextSeq = 1;

  constructor(size: number) {
    this.#size = size;
  }

  add(call: Omit<CallRecord, "seq" | "wireAt">): void {
    this.#calls.push({ seq: this.#nextSeq, wireAt: performance.now(), ...call });
    this.#nextSeq += 1;
    if (this.#calls.length > this.#size * 1.1) this.#calls = this.#calls.slice(-this.#size);
  }

  query(filter: CallFilter = {}): readonly CallRecord[] {
    return this.#calls.filter(
      (call) =>
        (filter.method === undefined || call.method.toLowerCase() === filter.method.toLowerCase()) &&
        (filter.afterSeq === undefined || call.seq > filter.afterSeq) &&
        (filter.chatId === undefined || Number(call.params.chat_id) === filter.chatId) &&
        (filter.userId === undefined || Number(call.params.user_id) === filter.userId) &&
        (filter.ok === undefined || call.response?.ok === filter.ok),
    );
  }
}
