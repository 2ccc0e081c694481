// Work that goes on after its call was answered. Time alone moves a job: its state is read off the clock.
import { z } from "zod";
import { JOB_KEPT_MS } from "../../../backend/contract/limits.ts";
import { PARTS } from "./local.ts";

export const Run = z.object({
  spreadsheetId: z.string(),
  /** Day numbers, both included. */
  from: z.int(),
  to: z.int(),
  nmIds: z.array(z.number()).nullable(),
  parts: z.array(z.enum(PARTS)),
});
export type Run = z.output<typeof Run>;

export const RunResult = z.object({
  stored: z.partialRecord(z.enum(PARTS), z.int().nonnegative()),
  errors: z.array(z.object({ part: z.enum(PARTS), message: z.string(), retryable: z.boolean() })),
  sealedDays: z.array(z.string()),
});
export type RunResult = z.output<typeof RunResult>;

export const JobRecord = z.object({
  id: z.string(),
  /** null: a refresh of datasets. */
  run: Run.nullable(),
  /** Epoch ms. */
  queuedAt: z.number(),
  startsAt: z.number(),
  endsAt: z.number(),
  /** Set when it has ended. `wbError`: nothing could be collected. */
  outcome: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("done"), result: RunResult.nullable() }),
      z.object({ kind: z.literal("wbError"), message: z.string() }),
    ])
    .nullable(),
});
export type JobRecord = z.output<typeof JobRecord>;

export class Jobs {
  readonly #byId = new Map<string, JobRecord>();

  constructor(jobs: readonly JobRecord[] = []) {
    for (const job of jobs) this.#byId.set(job.id, job);
  }

  put(job: JobRecord): void {
    this.#byId.set(job.id, job);
  }

  get(id: string): JobRecord | null {
    return this.#byId.get(id) ?? null;
  }

  unfinished(): readonly JobRecord[] {
    return [...this.#byId.values()].filter(({ outcome }) => outcome === null);
  }

  /** Forgets what ended long ago. */
  prune(now: number): void {
    for (const [id, { endsAt, outcome }] of this.#byId)
      if (outcome !== null && endsAt + JOB_KEPT_MS < now) this.#byId.delete(id);
  }

  dump(): readonly JobRecord[] {
    return [...this.#byId.values()];
  }
}

export const stateOf = ({ outcome, startsAt }: JobRecord, now: number): "queued" | "running" | "done" | "failed" => {
  if (outcome !== null) return outcome.kind === "done" ? "done" : "failed";
  return now < startsAt ? "queued" : "running";
};
