import type { Job } from "bullmq";
import { z } from "zod";
import type { ActorAddress } from "../../machines/address.ts";
import { isAppError } from "../errors.ts";
import type { Clock } from "../runtime/ports.ts";
import type { TimerDoor, TimerSource } from "./ports.ts";
import type { QueueSet } from "./queue-set.ts";

const WakeJob = z.object({
  partition: z.int().nonnegative(),
  dueAt: z.int(),
  /** How often this wake-up came before its time. */
  early: z.int().nonnegative(),
});

/** How many due timers are read at once. */
const BATCH = 256;
/**
 * How many of them are under way at once, and how many partitions. Together enough to keep Redis busy, and few enough that whoever
 * asks meanwhile, such as a checkout, does not queue behind a thousand commits.
 */
const ABREAST = 16;
const PARTITIONS_AT_ONCE = 16;
/** A lost wake-up is planted again after at most this time. Unit: milliseconds. */
export const SWEEP_EVERY_MS = 5_000;

export interface ClockWorkerDeps {
  readonly queues: QueueSet;
  readonly timers: TimerSource;
  readonly door: TimerDoor;
  readonly clock: Clock;
  /** It moves by hand only (advance-clock.ts), and whoever moves it drains what is due: a wake-up by real time would find nothing, again and again. */
  readonly isClockStanding?: boolean;
  readonly onError: (where: string, error: Error) => void;
  /** How late a timer fired. Unit: milliseconds. */
  readonly onFired: (lateMs: number, outcome: string) => void;
  /** Further work of the sweep, such as outbox and inbox. */
  readonly alsoSweep: readonly (() => Promise<void>)[];
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-plant" | "after-plant" | "before-drain") => void;
}

/**
 * Wakes a partition at its next due time by a BullMQ delayed job and drains what is due, in order of due time. The sorted set is the
 * truth: a job that comes too early, twice or not at all does no harm.
 */
export class ClockWorker {
  readonly #deps: ClockWorkerDeps;
  /** Earliest wake-up this process knows to stand, per partition. Epoch ms. */
  readonly #planned = new Map<number, number>();
  readonly #draining = new Map<number, Promise<void>>();
  #sweeping: Promise<void> | null = null;

  constructor(deps: ClockWorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    const process = async (job: Job): Promise<void> => {
      // One that takes longer than its turn, such as a silent Telegram makes it, must not take the slots of the wake-ups one by one.
      if (job.name === "sweep") return this.#sweeping ? undefined : this.sweep();
      const { partition, dueAt, early } = WakeJob.parse(job.data);
      this.#planned.delete(partition);
      await this.drain(partition);
      const next = await this.#deps.timers.next(partition);
      // The same due time again: planted by a process whose clock is ahead of ours. This job still has the name, so the next gets another.
      if (next !== null) await this.#plant(partition, next, next === dueAt ? early + 1 : 0);
    };
    this.#deps.queues.work("clock", process, { concurrency: PARTITIONS_AT_ONCE });
  }

  /** Every few seconds, by whichever process gets the job. */
  async scheduleSweep(): Promise<void> {
    await this.#deps.queues.queue("clock", 0).upsertJobScheduler("sweep", { every: SWEEP_EVERY_MS }, { name: "sweep" });
  }

  /** Called after a commit that set timers; a later due time than the one already planned costs nothing. */
  timerMoved(address: ActorAddress, earliestDueAt: number): void {
    const partition = this.#deps.timers.partitionOf(address);
    const planned = this.#planned.get(partition);
    // One that should have rung by now may have been used up by another process.
    if (planned !== undefined && planned <= earliestDueAt && planned > this.#deps.clock.now()) return;
    this.#plant(partition, earliestDueAt).catch((error: Error) => {
      this.#planned.delete(partition);
      this.#deps.onError("clock", error);
    });
  }

  /** Fires everything due in a partition, oldest first. One drain at a time per partition and process. */
  async drain(partition: number): Promise<void> {
    const running = this.#draining.get(partition);
    if (running) return running;
    const run = this.#drain(partition).finally(() => this.#draining.delete(partition));
    this.#draining.set(partition, run);
    return run;
  }

  /** Plants what was lost, fires what is overdue, and does the further work. One sweep at a time per process. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { timers, alsoSweep } = this.#deps;
    for (const partition of timers.partitions) await this.#apart(() => this.#sweepPartition(partition));
    for (const sweep of alsoSweep) await this.#apart(sweep);
  }

  async #sweepPartition(partition: number): Promise<void> {
    const { timers, clock } = this.#deps;
    const next = await timers.next(partition);
    if (next === null) return;
    if (next <= clock.now()) await this.drain(partition);
    else await this.#plant(partition, next);
  }

  /** One part that fails keeps none of the others from its turn; without Redis none has one. */
  async #apart(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isAppError(error, "redis.unreachable")) throw error;
      this.#deps.onError("sweep", error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #plant(partition: number, dueAt: number, early = 0): Promise<void> {
    const { clock, isClockStanding, crashPoint } = this.#deps;
    const delay = Math.max(0, dueAt - clock.now());
    if (isClockStanding && delay > 0) return;
    this.#planned.set(partition, dueAt);
    crashPoint?.("before-plant");
    // Named after the due time: planting the same wake-up again is a no-op.
    await this.#deps.queues
      .queue("clock", partition)
      .add("wake", { partition, dueAt, early }, { jobId: `wake.${partition}.${dueAt}.${early}`, delay });
    crashPoint?.("after-plant");
  }

  async #drain(partition: number): Promise<void> {
    const { timers, door, clock, onFired, crashPoint } = this.#deps;
    crashPoint?.("before-drain");
    let last = "";
    for (;;) {
      const due = await timers.due(partition, clock.now(), BATCH);
      const first = due[0];
      if (!first) return;
      const mark = `${first.address}|${first.timerId}|${first.dueAt}`;
      if (mark === last) throw new Error(`timer ${first.timerId} of ${first.address} stays due after firing`);
      last = mark;
      const waiting = due[Symbol.iterator]();
      const work = async () => {
        for (const timer of waiting) {
          const outcome = await door.fireTimer(timer);
          onFired(clock.now() - timer.dueAt, outcome);
        }
      };
      await Promise.all(Array.from({ length: Math.min(ABREAST, due.length) }, work));
    }
  }
}
