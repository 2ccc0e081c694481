import { z } from "zod";
import { CollectorAction, CollectorRun } from "../../../backend/contract/collector.ts";
import { JOB_POLL_MS, MAX_COLLECTION_DAYS } from "../../../backend/contract/limits.ts";
import { spreadsheetIdOf } from "../../../backend/contract/primitives.ts";
import { Refusal } from "../errors.ts";
import { type CollectOutcome, durationOf } from "../world/collector.ts";
import { dayNumberAt, dayNumberOf, dayOf } from "../world/days.ts";
import type { Run, RunResult } from "../world/jobs.ts";
import { PARTS } from "../world/local.ts";
import type { Answer } from "./answer.ts";
import { type Call, type CallContext, parse } from "./call.ts";

/** Longest wait that a busy collector asks for. Unit: seconds. */
const BUSY_RETRY_S = 60;

const WithAction = z.looseObject({ action: z.string() });

/** POST /actions. The one action of the contract is `collector/run`. */
export const runAction: Call = (body, context) => {
  const { action } = parse(WithAction, body);
  if (action !== "collector/run") throw new Refusal("invalid_request", { details: { action } });
  return run(parse(CollectorAction, body), context);
};

/** POST /collector/run: the same without `action`. */
export const runCollector: Call = (body, context) => run(parse(CollectorRun, body), context);

async function run(request: CollectorRun, context: CallContext): Promise<Answer> {
  const { world, waits, profile } = context;
  const now = context.now();
  const run = runOf(request, now);
  // Unknown or inactive: here the contract has one answer for both.
  if (!world.spreadsheets.get(run.spreadsheetId)?.isActive) throw new Refusal("spreadsheet_inactive");
  const running = world.runningJob();
  if (running) {
    const retryAfterS = Math.min(BUSY_RETRY_S, Math.max(1, Math.ceil((running.endsAt - now) / 1000)));
    throw new Refusal("collector_busy", { message: "collector is already running", retryAfterS });
  }
  const { mode } = world.collector;
  // Without jobs a run is long only where that was asked for.
  const durationMs = !profile.keepsJobs && mode === "auto" ? 0 : durationOf(run, world.collector);
  if (durationMs === 0) return answerOf(run, world.runNow(run, now), context);

  const job = world.startJob(run, now, durationMs);
  context.effect({ kind: "collection_started", spreadsheet_id: run.spreadsheetId, job_id: job.id });
  if (profile.keepsJobs && mode !== "sync") {
    const headers = { "Retry-After": String(JOB_POLL_MS / 1000) };
    return {
      status: 202,
      headers,
      body: { success: true, action: "collector/run", result: "started", job_id: job.id },
    };
  }
  await waits.until(job.endsAt);
  world.tick(context.now());
  const outcome = world.jobs.get(job.id)?.outcome;
  if (!outcome || (outcome.kind === "done" && outcome.result === null)) throw new Refusal("internal");
  return answerOf(run, outcome as CollectOutcome, context);
}

/** @throws Refusal `invalid_date_range`. */
function runOf(request: CollectorRun, now: number): Run {
  const from = dayNumberOf(request.dateFrom);
  const to = dayNumberOf(request.dateTo ?? request.dateFrom);
  const today = dayNumberAt(now);
  const refuse = (message: string) => {
    throw new Refusal("invalid_date_range", { message, details: { today: dayOf(today) } });
  };
  if (to < from) refuse("dateTo lies before dateFrom.");
  if (to - from + 1 > MAX_COLLECTION_DAYS) refuse(`At most ${MAX_COLLECTION_DAYS} days can be collected at once.`);
  if (to > today) refuse("Days to come cannot be collected.");
  const left = new Set([
    ...(request.noPositions ? ["daily_positions"] : []),
    ...(request.noFunnel ? ["daily_funnel"] : []),
  ]);
  const parts = PARTS.filter((part) => !left.has(part));
  return { spreadsheetId: spreadsheetIdOf(request), from, to, nmIds: request.nm_ids ?? null, parts };
}

function answerOf(run: Run, outcome: CollectOutcome, context: CallContext): Answer {
  if (outcome.kind === "wbError") throw new Refusal("wb_error", { message: outcome.message });
  const { stored } = outcome.result;
  if (Object.values(stored).some((rows) => rows > 0))
    context.effect({
      kind: "slices_stored",
      spreadsheet_id: run.spreadsheetId,
      date_from: dayOf(run.from),
      date_to: dayOf(run.to),
      stored,
    });
  return { status: 200, body: doneBody(run, outcome.result) };
}

/** Body of a finished run: as an answer, and in its job. */
export const doneBody = ({ from, to }: Run, { stored, errors, sealedDays }: RunResult): Answer["body"] => ({
  success: true,
  action: "collector/run",
  result: "collector completed",
  data: {
    date_from: dayOf(from),
    date_to: dayOf(to),
    stored,
    errors,
    ...(sealedDays.length === 0 ? {} : { sealed_days: sealedDays }),
  },
});
