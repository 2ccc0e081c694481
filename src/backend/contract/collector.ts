import { z } from "zod";
import { ErrorBody } from "./errors.ts";
import { MAX_NM_IDS } from "./limits.ts";
import { aboutSpreadsheet, Day, Instant, JobId, NmId } from "./primitives.ts";

// Calls 5 and 8: role operator. One collection at a time per backend.

const run = {
  dateFrom: Day,
  dateTo: Day.optional().describe("dateFrom when absent"),
  nm_ids: z.array(NmId).max(MAX_NM_IDS).optional(),
  noPositions: z.boolean().optional(),
  noFunnel: z.boolean().optional(),
};

/** Body of /collector/run. */
export const CollectorRun = aboutSpreadsheet(run);
export type CollectorRun = z.infer<typeof CollectorRun>;

/** Body of /actions. */
export const CollectorAction = aboutSpreadsheet({ ...run, action: z.literal("collector/run") });
export type CollectorAction = z.infer<typeof CollectorAction>;

/** Some parts stored and others failed is a success with `errors`. */
export const CollectorDone = z.object({
  success: z.boolean(),
  action: z.string().optional(),
  result: z.string().optional(),
  data: z
    .looseObject({
      date_from: Day.optional(),
      date_to: Day.optional(),
      stored: z.record(z.string(), z.int().nonnegative()).optional().describe("Rows per part"),
      errors: z
        .array(z.object({ part: z.string(), message: z.string(), retryable: z.boolean().optional() }))
        .optional(),
    })
    .optional(),
  message: z.string().optional(),
  code: z.string().optional(),
});
export type CollectorDone = z.infer<typeof CollectorDone>;

/** 202: goes on without us; Retry-After says when to ask for the job. */
export const CollectorStarted = z.object({
  success: z.literal(true),
  action: z.string().optional(),
  result: z.string().optional(),
  job_id: JobId,
});
export type CollectorStarted = z.infer<typeof CollectorStarted>;

export const JobState = z.enum(["queued", "running", "done", "failed"]);
export type JobState = z.infer<typeof JobState>;

export const Job = z.object({
  success: z.literal(true),
  job_id: z.string(),
  state: JobState,
  started_at: Instant.nullable().optional(),
  finished_at: Instant.nullable().optional(),
  result: CollectorDone.nullable().optional(),
  error: ErrorBody.nullable().optional(),
});
export type Job = z.infer<typeof Job>;
