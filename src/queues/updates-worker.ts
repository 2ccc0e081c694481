import type { Job } from "bullmq";
import { z } from "zod";
import type { Clock } from "../runtime/ports.ts";
import type { Inbox } from "./ports.ts";
import type { QueueSet } from "./queue-set.ts";

const PersonJob = z.object({ person: z.string().min(1) });

/** An update that waits longer than this had its wake-up lost. Unit: milliseconds. */
const LOST_AFTER_MS = 5_000;
const MAX_WAIT_MS = 30_000;
const MAX_PENDING_PER_PARTITION = 100;

export interface UpdatesDeps {
  readonly queues: QueueSet;
  readonly inbox: Inbox;
  readonly clock: Clock;
  /** Spreads persons over shards. */
  readonly numberOf: (person: string) => number;
  /** Handles one update; throws only for passing faults, then it is repeated and the person's later updates wait. */
  readonly handle: (update: unknown) => Promise<void>;
  readonly concurrency: number;
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-receive" | "after-receive" | "before-finish" | "after-finish") => void;
}

/** Takes updates in and hands them on, one at a time and in order per person, over all processes. */
export class Updates {
  readonly #deps: UpdatesDeps;

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
  }

  /**
   * Makes an update durable. When this returns, it may be acknowledged to Telegram.
   * @returns false for an update that was received before.
   * @throws AppError redis.unreachable: not received, Telegram must repeat it.
   */
  async receive(person: string, update: { readonly update_id: number }): Promise<boolean> {
    const { inbox, clock, crashPoint } = this.#deps;
    crashPoint?.("before-receive");
    const isNew = await inbox.receive(person, update.update_id, JSON.stringify(update), clock.now());
    crashPoint?.("after-receive");
    if (isNew) await this.#wake(person);
    return isNew;
  }

  start(): void {
    const process = async (job: Job): Promise<void> => {
      const { person } = PersonJob.parse(job.data);
      const { inbox, handle, crashPoint } = this.#deps;
      for (;;) {
        const body = await inbox.oldest(person);
        if (body === null) return;
        await handle(JSON.parse(body));
        crashPoint?.("before-finish");
        const left = await inbox.finish(person, body);
        crashPoint?.("after-finish");
        // Somebody else is at this person's updates (this job was taken for dead): two would break the order.
        if (left === -1) return;
      }
    };
    const backoffStrategy = (attempts: number): number => Math.min(MAX_WAIT_MS, 250 * 2 ** Math.min(attempts, 10));
    this.#deps.queues.work("updates", process, { concurrency: this.#deps.concurrency, settings: { backoffStrategy } });
  }

  /** Wakes persons whose updates have been waiting too long. */
  async sweep(): Promise<void> {
    const { inbox, clock } = this.#deps;
    for (const { person, since } of await inbox.pending(MAX_PENDING_PER_PARTITION)) {
      if (clock.now() - since >= LOST_AFTER_MS) await this.#wake(person);
    }
  }

  /** One job per person at a time; one that is added while it runs comes after it, so no update is overlooked. */
  async #wake(person: string): Promise<void> {
    const opts = {
      attempts: 100_000,
      backoff: { type: "custom" },
      deduplication: { id: person, keepLastIfActive: true },
    };
    await this.#deps.queues.queue("updates", this.#deps.numberOf(person)).add("person", { person }, opts);
  }
}
