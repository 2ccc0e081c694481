// One step of a run: ask the collector, ask for its job, or read both sides. Whoever repeats a step does no harm: the backend knows the
// key, and an open slice is replaced by the same one.
import { createHash } from "node:crypto";
import { daysOf } from "../../machines/dataset/days.ts";
import type { Side } from "../../machines/dataset/gate.ts";
import { JOB_POLL_MS } from "../backend/contract/limits.ts";
import type { BackendClient, Collected } from "../backend/ports.ts";
import { requestIdOf } from "../backend/request-id.ts";
import { BackendWait, type WaitReason } from "../backend/wait.ts";
import { AppError, isAppError } from "../errors.ts";
import type { KeyTable } from "../quality/model.ts";
import type { Scope, SliceStore } from "../quality/ports.ts";
import type { CollectionSettings } from "./decide.ts";
import {
  afterBusy,
  afterCollected,
  afterFailure,
  afterJobFailed,
  afterStarted,
  afterStillRunning,
  afterWait,
  FAILURE_WAITS_MS,
  type Next,
  noteAsked,
  over,
  type Parts,
} from "./outcomes.ts";
import type { CollectionStore } from "./ports.ts";
import { readSide, type SideReader } from "./read-side.ts";
import { freezeAt } from "./schedule.ts";
import type { Run, ScopeState } from "./state.ts";

export interface StepDeps {
  readonly collector: Pick<BackendClient, "runCollector" | "getJob">;
  readonly sides: Readonly<Record<Side, SideReader>>;
  readonly slices: Pick<SliceStore, "putOpen" | "restate" | "head">;
  readonly store: Pick<CollectionStore, "takeCollector" | "freeCollector">;
  readonly keysOf: (scope: Scope) => KeyTable;
  readonly settings: () => CollectionSettings;
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** A step failed for good, or a side could not be read: for the log. */
  readonly onProblem: (scope: Scope, what: string, error: Error) => void;
}

/** Another scope's collection runs: ours, so it does not count as busy. Unit: milliseconds. */
const OUR_TURN_MS = 15_000;
/** No asking takes longer than its time limit and a moment. Real time, unit: milliseconds. */
const COLLECTOR_MS = 16 * 60_000;
const LONGEST_KEY = 128;

/** @param signal the process stops. @throws AppError redis.unreachable; what the file system throws */
export async function stepRun(
  deps: StepDeps,
  state: ScopeState,
  run: Run,
  saveAsked: (run: Run) => Promise<void>,
  signal: AbortSignal,
): Promise<Next> {
  try {
    switch (run.phase) {
      case "asking":
        return await ask(deps, state, run, saveAsked, signal);
      case "polling":
        return await poll(deps, state, run, signal);
      case "reading":
        return await read(deps, state, run, signal);
    }
  } catch (error) {
    return failed(deps, state, run, error);
  }
}

const scopeOf = ({ spreadsheetId, dataset }: ScopeState): Scope => ({ spreadsheetId, dataset });

/** Names what is intended: `col:<spreadsheet>:<slot start>`, and how often anew. */
export function keyOfRun({ spreadsheetId }: Pick<ScopeState, "spreadsheetId">, run: Run): string {
  const rest = `${run.slot}${run.purpose === "backfill" ? `:${run.to}` : ""}${run.intent === 0 ? "" : `:${run.intent}`}`;
  const key = `col:${spreadsheetId}:${rest}`;
  if (key.length <= LONGEST_KEY) return key;
  return `col:${createHash("sha256").update(spreadsheetId).digest("hex")}:${rest}`;
}

async function ask(
  deps: StepDeps,
  state: ScopeState,
  before: Run,
  saveAsked: (run: Run) => Promise<void>,
  signal: AbortSignal,
): Promise<Next> {
  const { collector, store, now } = deps;
  if (!(await store.takeCollector(scopeOf(state), COLLECTOR_MS)))
    return afterWait(state, before, OUR_TURN_MS, now(), "busy");
  const run = noteAsked(before, now());
  // The freeze waits for a run that has begun: it has to be on record before the answer is.
  if (run !== before) await saveAsked(run);
  const idempotencyKey = keyOfRun(state, run);
  const hasStored = (part: string) => run.stored.includes(part);
  const answer = await collector.runCollector(
    {
      spreadsheetId: state.spreadsheetId,
      dateFrom: run.from,
      dateTo: run.to,
      // The parts that the contract lets us leave out.
      ...(hasStored("daily_positions") ? { noPositions: true } : {}),
      ...(hasStored("daily_funnel") ? { noFunnel: true } : {}),
    },
    { requestId: requestIdOf(idempotencyKey), idempotencyKey, signal },
  );
  if (answer.state === "started") return afterStarted(state, run, answer.jobId, now() + answer.pollInMs);
  await store.freeCollector(scopeOf(state));
  return afterCollected(state, run, partsOf(answer), now());
}

async function poll(deps: StepDeps, state: ScopeState, run: Run, signal: AbortSignal): Promise<Next> {
  const { collector, store, now, random } = deps;
  const meta = { requestId: requestIdOf(`${keyOfRun(state, run)} job`), signal };
  const job = await collector.getJob({ jobId: run.jobId ?? "" }, meta);
  if (job.state === "queued" || job.state === "running") {
    await store.takeCollector(scopeOf(state), COLLECTOR_MS);
    return afterStillRunning(state, run, now() + JOB_POLL_MS);
  }
  await store.freeCollector(scopeOf(state));
  if (job.state === "failed") return afterJobFailed(state, run, jitterOf(random), now());
  return afterCollected(state, run, partsOf(job), now());
}

const partsOf = ({ stored, failedParts }: Collected): Parts => ({
  stored: Object.keys(stored),
  failed: failedParts.map(({ part }) => part),
  retryable: failedParts.filter(({ isRetryable }) => isRetryable).map(({ part }) => part),
});

/** Local first: without it the run was in vain; upstream that cannot be read is a day without its reference. */
async function read(deps: StepDeps, state: ScopeState, run: Run, signal: AbortSignal): Promise<Next> {
  const { now, settings } = deps;
  const isBackfill = run.purpose === "backfill";
  let kept = 0;
  for (const side of isBackfill ? (["local"] as const) : (["local", "upstream"] as const)) {
    for (const day of daysOf(run)) {
      try {
        if (await keep(deps, state, run, side, day, signal)) kept += 1;
      } catch (error) {
        if (isAppError(error, "backend.unsupported") || isAppError(error, "backend.unsupportedDataset"))
          return over({ ...state, isUnsupported: true }, run, now(), "success");
        if (side === "local" || !isBackendTrouble(error)) throw error;
        if (run.failures < FAILURE_WAITS_MS.length) throw asFailure(error);
        deps.onProblem(scopeOf(state), "upstream", error);
      }
    }
  }
  const result = kept > 0 ? "success" : "failed";
  return over({ ...state, isUnsupported: false }, run, now(), result, settings());
}

/** @returns whether this side had the day. */
async function keep(deps: StepDeps, state: ScopeState, run: Run, side: Side, day: string, signal: AbortSignal) {
  const { sides, slices, keysOf, settings, now } = deps;
  const scope = scopeOf(state);
  const startedAt = run.startedAt ?? now();
  const origin = run.purpose === "backfill" ? "backfill" : "collection";
  const meta = { requestId: requestIdOf(`${keyOfRun(state, run)} ${side} ${day}`), signal };
  const question = {
    scope,
    side,
    day,
    keys: Object.keys(keysOf(scope)),
    origin,
    isPartial: run.isPartial,
    startedAt,
  } as const;
  const slice = await readSide(sides[side], question, meta, now);
  if (slice === null) return false;
  if (origin === "backfill") await slices.restate(slice, now());
  else {
    const result = await slices.putOpen(slice, freezeAt(day, settings().freezeAfterMs));
    const isLate = result === "sealed" || result === "afterFreeze";
    // Data of a day that is sealed already are its next version (1.4); of a day that nobody sealed they come too late to be its first.
    if (isLate && (await slices.head({ ...scope, side, day }, "v1")) !== null) await slices.restate(slice, now());
  }
  return true;
}

const isBackendTrouble = (error: unknown): error is Error =>
  error instanceof BackendWait || (error instanceof AppError && error.code.startsWith("backend."));

/** What has no end of its own: upstream is asked a few times then, and not until the slot is over. A pace is waited for. */
const ENDLESS: ReadonlySet<string> = new Set<WaitReason>(["noSource", "maintenance", "breakerOpen", "unauthorized"]);
const asFailure = (error: Error): Error =>
  error instanceof BackendWait && ENDLESS.has(error.reason)
    ? new AppError("backend.unavailable", { details: { reason: error.reason } })
    : isAppError(error, "backend.unauthorized")
      ? new AppError("backend.unavailable", { cause: error, details: { reason: "unauthorized" } })
      : error;

const jitterOf = (random: () => number): number => random() * 2 - 1;

/** Refusals and failures of the backend as what they mean for the run; anything else is thrown on. */
async function failed(deps: StepDeps, state: ScopeState, run: Run, error: unknown): Promise<Next> {
  const { store, now, random, onProblem } = deps;
  if (!isBackendTrouble(error)) throw error;
  const scope = scopeOf(state);
  if (run.phase !== "polling") await store.freeCollector(scope);
  if (error instanceof BackendWait)
    return error.reason === "busy" && run.phase === "asking"
      ? afterBusy(state, run, now())
      : afterWait(state, run, error.retryInMs, now());
  const asked = (error as AppError).details.retryAfterMs;
  const waitMs = typeof asked === "number" ? asked : null;
  if (run.phase === "asking" && isAppError(error, "backend.sliceSealed"))
    return afterCollected(state, run, { stored: [], retryable: [], failed: [] }, now());
  // Jobs are kept for a day; one that nobody knows is over, and what it stored is there.
  if (run.phase === "polling" && (isAppError(error, "backend.jobNotFound") || isAppError(error, "backend.notFound"))) {
    await store.freeCollector(scope);
    return afterCollected(state, run, { stored: [], retryable: [], failed: [] }, now());
  }
  // People were told; whoever comes next waits at the door.
  if (isAppError(error, "backend.unauthorized")) return afterWait(state, run, 60_000, now());
  const next = (error as AppError).retry ? afterFailure(state, run, waitMs, jitterOf(random), now()) : null;
  if (next !== null && next.state.run !== null) return next;
  await store.freeCollector(scope);
  onProblem(scope, run.phase, error);
  return next ?? over(state, run, now(), "failed");
}
