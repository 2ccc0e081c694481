import { Refusal } from "../errors.ts";
import { moscowInstant } from "../world/days.ts";
import { type JobRecord, stateOf } from "../world/jobs.ts";
import type { Call, CallContext } from "./call.ts";
import { doneBody } from "./collector.ts";

/** GET /jobs/{job_id}. */
export const getJob: Call = (_body, context) => {
  const job = context.world.jobs.get(context.pathValue ?? "");
  if (!job) throw new Refusal("job_not_found");
  const now = context.now();
  const hasStarted = now >= job.startsAt;
  return {
    status: 200,
    body: {
      success: true,
      job_id: job.id,
      state: stateOf(job, now),
      started_at: hasStarted ? moscowInstant(job.startsAt) : null,
      finished_at: job.outcome === null ? null : moscowInstant(job.endsAt),
      result: resultOf(job),
      error: errorOf(job, context),
    },
  };
};

function resultOf({ run, outcome }: JobRecord) {
  if (outcome?.kind !== "done") return null;
  if (run === null || outcome.result === null) return { success: true, action: "datasets/update", result: "refreshed" };
  return doneBody(run, outcome.result);
}

const errorOf = ({ outcome }: JobRecord, { requestId }: CallContext) =>
  outcome?.kind === "wbError"
    ? {
        success: false,
        code: "wb_error",
        message: outcome.message,
        request_id: requestId,
        retryable: true,
        details: {},
      }
    : null;
