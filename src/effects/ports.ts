import type { ActorAddress } from "../../machines/address.ts";
import type { Effect } from "../../machines/effects.ts";
import type { ActorEvent, SendOptions, SendResult } from "../runtime/ports.ts";

/** The part of the runtime that executors use. */
export interface ActorDoor {
  send(address: ActorAddress, event: ActorEvent, options: SendOptions): Promise<SendResult>;
  deliverResult(
    address: ActorAddress,
    effectId: string,
    childId: string,
    result: { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown },
  ): Promise<SendResult>;
  awaits(address: ActorAddress, childId: string, effectId: string): Promise<boolean>;
}

/** The durable list of effects that were asked for and have not ended. */
export interface Outbox {
  /** JSON of the stored effect; null when it has ended or was called off. */
  read(effectId: string): Promise<string | null>;
  remove(effectId: string): Promise<void>;
}

/** One line of the books, see docs/redis-keys.md. */
export interface LedgerRow {
  readonly row: string;
  readonly entry: "charge" | "refund" | "chargeback";
  readonly chargeId: string;
  readonly userId: number;
  readonly orderId: string | null;
  readonly currency: string;
  /** Unit: smallest unit; negative for refunds and chargebacks. */
  readonly amountMinor: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface Ledger {
  /** @returns false when the row was there already. */
  append(row: LedgerRow): Promise<boolean>;
  /** Sums per currency and entry, smallest unit. */
  sums(): Promise<
    readonly {
      readonly currency: string;
      readonly entry: string;
      readonly amountMinor: number;
      readonly rows: number;
    }[]
  >;
  /** In order of writing. */
  rows(): AsyncIterable<LedgerRow>;
}

/** Effects without a result that failed for good: kept until a person decides. */
export interface FailedEffects {
  add(effectId: string, failure: EffectFailure): Promise<void>;
  list(): Promise<
    readonly { readonly effectId: string; readonly kind: string; readonly code: string; readonly at: number }[]
  >;
}

/** Why and when an effect was given up. `body`: JSON of the stored effect. `at`: epoch ms. */
export interface EffectFailure {
  readonly kind: string;
  readonly code: string;
  readonly body: string;
  readonly at: number;
}

/** The same, for the people who decide. */
export interface FailedEffectStore extends FailedEffects {
  count(): Promise<number>;
  read(effectId: string): Promise<EffectFailure | null>;
  /** Forgets this failure; one that came later under the same id stays. */
  forget(effectId: string, failure: EffectFailure): Promise<void>;
}

/** Puts back what had been taken out. */
export interface OutboxReturn {
  restore(effectId: string, body: string): Promise<void>;
}

/** What is kept of a person beside the actors. All methods are repeatable, and throw AppError redis.unreachable. */
export interface PersonTraces {
  /** Texts of one ticket, of both sides. @param upTo Later ones stay. Epoch ms. */
  eraseTexts(ticketId: string, upTo: number): Promise<void>;
  /** The running dialogue, which message is the screen, how often commands were used. */
  eraseChat(userId: number): Promise<void>;
  /** All sealed secrets of one owner. */
  dropSecrets(owner: ActorAddress): Promise<void>;
  /** Stands for the person in the books from now on; the first one stays. */
  givePseudonym(userId: number): Promise<void>;
}

/** Who puts notices into words and sends them: the bot. */
export interface Messenger {
  /** `outdated`: not true any more, or sent before. @throws what Telegram or Redis answered, if it may be tried again */
  notifyCustomer(
    effect: Extract<Effect, { kind: "notifyCustomer" }>,
    effectId: string,
  ): Promise<"sent" | "outdated" | "blocked" | "neverStarted">;
  notifyStaff(effect: Extract<Effect, { kind: "notifyStaff" }>): Promise<"sent" | "logged">;
  /** The last word to somebody whose data are deleted: nothing of it is kept. */
  notifyErased(person: {
    readonly userId: number;
    readonly language: "ru" | "en";
  }): Promise<"sent" | "outdated" | "blocked" | "neverStarted">;
}
