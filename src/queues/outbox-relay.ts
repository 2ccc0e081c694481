import type { BulkJobOptions } from "bullmq";
import type { ActorAddress } from "../../machines/address.ts";
import type { EffectLane } from "../runtime/ports.ts";
import { jobIdOf, type QueueSet, UNTIL_DONE } from "./queue-set.ts";

interface Ready {
  readonly effectId: string;
  readonly lane: EffectLane;
  readonly partition: number;
}

export interface OutboxRelayDeps {
  readonly queues: QueueSet;
  readonly partitionOf: (address: ActorAddress) => number;
  readonly onError: (where: string, error: Error) => void;
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-dispatch" | "after-dispatch") => void;
}

/**
 * Turns outbox entries into jobs, in bulk, right after the commit that wrote them. A job's id is the effect's id: adding it twice is a
 * no-op, and losing the call loses nothing, because the sweeper finds the entry again.
 */
export class OutboxRelay {
  readonly #deps: OutboxRelayDeps;
  #waiting: Ready[] = [];
  #running: Promise<void> | null = null;

  constructor(deps: OutboxRelayDeps) {
    this.#deps = deps;
  }

  add(address: ActorAddress, effects: readonly { readonly effectId: string; readonly lane: EffectLane }[]): void {
    const partition = this.#deps.partitionOf(address);
    for (const { effectId, lane } of effects) this.#waiting.push({ effectId, lane, partition });
    this.#running ??= this.#run();
  }

  /** Resolves when everything that was added has become a job or has failed to. */
  async flushed(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // What other commits of this turn add goes into the same bulk.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 500);
      try {
        this.#deps.crashPoint?.("before-dispatch");
        await this.#dispatch(batch);
        this.#deps.crashPoint?.("after-dispatch");
      } catch (error) {
        this.#deps.onError("outbox-relay", error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#running = null;
  }

  async #dispatch(batch: readonly Ready[]): Promise<void> {
    const { queues } = this.#deps;
    const groups = new Map<
      ReturnType<QueueSet["queue"]>,
      { name: string; data: { effectId: string }; opts: BulkJobOptions }[]
    >();
    // BullMQ repeats the job; how often an effect is tried is decided by its own policy (effects/policies.ts).
    for (const { effectId, lane, partition } of batch) {
      const queue = queues.queue(lane, partition);
      const jobs = groups.get(queue) ?? [];
      groups.set(queue, jobs);
      jobs.push({ name: "effect", data: { effectId }, opts: { ...UNTIL_DONE, jobId: jobIdOf(effectId) } });
    }
    await Promise.all([...groups].map(([queue, jobs]) => queue.addBulk(jobs)));
  }
}
