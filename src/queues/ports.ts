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

/** Every armed timer, for people who look. Epoch ms. */
export interface PendingTimers {
  /** By due time, so that late ones come first. @throws AppError http.badRequest for a cursor of another hand */
  page(
    cursor: string | null,
    limit: number,
  ): Promise<{
    readonly timers: readonly { readonly address: string; readonly id: string; readonly dueAt: number }[];
    readonly cursor: string | null;
  }>;
  total(): Promise<number>;
  /** How many should have fired by now. */
  late(now: number): Promise<number>;
}

export type SeenJobState = "waiting" | "active" | "delayed" | "failed" | "completed";

/** One job as people may see it: ids, no contents. Times are epoch ms by the wall clock. */
export interface SeenJob {
  readonly id: string;
  readonly name: string;
  readonly state: SeenJobState;
  /** The actor that it works for. */
  readonly address: string | null;
  /** What it carries out. */
  readonly effect: string | null;
  readonly attempts: number;
  readonly at: number | null;
  /** Null: at once. */
  readonly dueAt: number | null;
  readonly error: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SeenQueue {
  readonly name: string;
  readonly shards: number;
  readonly counts: Readonly<Record<SeenJobState, number>>;
}

/** A queue in numbers. */
export interface QueueMeasure {
  readonly name: string;
  readonly counts: Readonly<Record<Exclude<SeenJobState, "completed">, number>>;
  /** When the oldest job was made that waits or runs, epoch ms by the wall clock; null: there is none. */
  readonly oldestAt: number | null;
}

/** For Prometheus: a few reads per queue, however long it is. */
export interface QueueMeasures {
  measures(): Promise<readonly QueueMeasure[]>;
}

/** The queues as they are. Jobs only wake somebody: what is to be done stands in the outbox, the inbox or among the timers. */
export interface QueueInspector {
  queues(): Promise<readonly SeenQueue[]>;
  /** @returns null for a queue that there is not */
  jobs(
    name: string,
    state: SeenJobState,
    limit: number,
  ): Promise<{ readonly jobs: readonly SeenJob[]; readonly total: number } | null>;
  job(name: string, id: string): Promise<SeenJob | null>;
  /**
   * `retry` a failed one, `promote` a delayed one, `remove` one that nobody works on.
   * @returns `gone`: no such job; `wrongState`: it is in a state in which that cannot be
   */
  act(name: string, id: string, verb: "retry" | "promote" | "remove"): Promise<"done" | "gone" | "wrongState">;
}
