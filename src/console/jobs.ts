import type { JobState } from "../support/answers/operations.ts";

export const JOB_STATES: readonly JobState[] = ["waiting", "active", "delayed", "failed", "completed"];

/** Address of a job's page. */
export const jobPath = (queue: string, id: string, base = "/console/queues"): string =>
  `${base}/${encodeURIComponent(queue)}/jobs/${encodeURIComponent(id)}`;

export type JobVerb = "retry" | "promote" | "remove";

/** What makes sense for a job in this state: nobody takes a job from the worker that has it. */
export function jobVerbs(state: JobState): readonly JobVerb[] {
  switch (state) {
    case "failed":
      return ["retry", "remove"];
    case "delayed":
      return ["promote", "remove"];
    case "active":
      return [];
    case "waiting":
    case "completed":
      return ["remove"];
  }
}
