import { DelayedError, type Job } from "bullmq";
import { z } from "zod";
import type { EffectLane } from "../runtime/ports.ts";
import { ComeBack, type QueueSet } from "./queue-set.ts";

const EffectJob = z.object({ effectId: z.string().min(1) });

type RunOutcome =
  | { readonly next: "done" }
  | { readonly next: "later"; readonly inMs: number; readonly code?: string }
  | { readonly next: "retry"; readonly inMs: number; readonly code: string };

export interface EffectWorkerDeps {
  readonly queues: QueueSet;
  /** Runs one attempt; see effects/run-effect.ts. */
  readonly run: (effectId: string, attempt: number) => Promise<RunOutcome>;
  /** BullMQ's delays are wall time, also where the domain's clock is moved by a test. Epoch ms. */
  readonly wallClock: () => number;
  readonly concurrency: { readonly actors: number; readonly outside: number };
  readonly onRetry: (effectId: string, code: string) => void;
  /** An effect ended so long after its job was made. Unit: milliseconds. */
  readonly onEnded?: (lane: EffectLane, lagMs: number) => void;
}

/** Runs effects, lane by lane. Job data hold the effect's id and nothing else: what to do stands in the outbox. */
export function startEffectWorkers({ queues, run, wallClock, concurrency, onRetry, onEnded }: EffectWorkerDeps): void {
  const processOf =
    (lane: EffectLane) =>
    async (job: Job, token?: string): Promise<void> => {
      const { effectId } = EffectJob.parse(job.data);
      const outcome = await run(effectId, job.attemptsMade + 1);
      if (outcome.next === "later") {
        if (outcome.code !== undefined) onRetry(effectId, outcome.code);
        await job.moveToDelayed(wallClock() + outcome.inMs, token);
        throw new DelayedError();
      }
      if (outcome.next === "retry") {
        onRetry(effectId, outcome.code);
        throw new ComeBack(outcome.inMs, outcome.code);
      }
      onEnded?.(lane, wallClock() - job.timestamp);
    };
  for (const lane of ["actors", "outside"] as const)
    queues.work(lane, processOf(lane), { concurrency: concurrency[lane] });
}
