import type { ActorAddress } from "../../machines/address.ts";
import type { DueTimer } from "../runtime/ports.ts";

/** Effects that were asked for and have not ended, partition by partition. */
export interface PendingEffects {
  count(partition: number): Promise<number>;
  entries(partition: number): AsyncIterable<{ readonly effectId: string; readonly body: string }>;
}

/** Timers by due time, partition by partition. Epoch ms. */
export interface TimerSource {
  readonly partitions: readonly number[];
  partitionOf(address: ActorAddress): number;
  due(partition: number, now: number, limit: number): Promise<readonly DueTimer[]>;
  /** The earliest due time, or null. */
  next(partition: number): Promise<number | null>;
}

/** Received updates, in order per person. */
export interface Inbox {
  /** Remembers and enqueues in one step. @returns false when this update was received before. */
  receive(person: string, updateId: number, body: string, now: number): Promise<boolean>;
  oldest(person: string): Promise<string | null>;
  /** How many updates of this person wait, the oldest included. */
  count(person: string): Promise<number>;
  /** Drops the oldest update if it still is this one. @returns how many wait, -1 when it was another one. */
  finish(person: string, body: string): Promise<number>;
  /** Persons with waiting updates, at most `limit` per partition. */
  pending(limit: number): Promise<readonly { readonly person: string; readonly since: number }[]>;
}

/** The part of the runtime that the clock drives. */
export interface TimerDoor {
  fireTimer(timer: DueTimer): Promise<string>;
}
