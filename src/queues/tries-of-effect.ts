import type { ActorAddress } from "../../machines/address.ts";
import { jobIdOf, type QueueSet } from "./queue-set.ts";

/** How often an effect that waits was tried, and what the last try ended with. */
export interface Tries {
  readonly attempts: number;
  readonly error: string | null;
}

/** For people who ask why something has not happened yet. @returns null when no job of it is known: it has not been tried */
export const makeTriesOf =
  (queues: Pick<QueueSet, "queue">, partitionOf: (address: ActorAddress) => number) =>
  async (effectId: string): Promise<Tries | null> => {
    const partition = partitionOf(effectId.slice(0, effectId.indexOf("|")) as ActorAddress);
    for (const lane of ["outside", "actors"] as const) {
      const job = await queues.queue(lane, partition).getJob(jobIdOf(effectId));
      if (job) return { attempts: job.attemptsMade, error: job.failedReason || null };
    }
    return null;
  };
