// Looks at scopes that are due and does what is to be done for each, some at a time. Called by the sweeps, in any process; what counts is
// in the store, and a lease keeps two processes from one scope.
import { BackendWait } from "../backend/wait.ts";
import { AppError } from "../errors.ts";
import type { Scope } from "../quality/ports.ts";
import { type Action, decide } from "./decide.ts";
import { DAY_MS, dayAt, MINUTE_MS, startOf } from "./moscow.ts";
import { afterSideFailure, backfilled, beginSlot, noteMissed, type RunResult, reread } from "./outcomes.ts";
import type { CollectionStore, Lease } from "./ports.ts";
import { type StepDeps, stepRun } from "./run-step.ts";
import { SLOTS_MS } from "./schedule.ts";
import { lookAtOf, type SyncDeps, syncScopes } from "./scopes.ts";
import { backfillDay, freezeDay, rereadDay, type SideWorkDeps } from "./side-work.ts";
import type { ScopeState } from "./state.ts";

export interface CollectorDeps
  extends StepDeps,
    Omit<SideWorkDeps, "store" | "slices" | "sides">,
    Omit<SyncDeps, "store"> {
  readonly slices: SideWorkDeps["slices"];
  readonly store: CollectionStore;
  readonly onRun: (scope: Scope, result: RunResult | "missed") => void;
  /** Told once, until it is supported: its sides cannot be told apart. */
  readonly onUnsupported: (scope: Scope) => Promise<void>;
  /** Of one scope: the others go on. */
  readonly onError: (error: Error) => void;
}

export interface Collector {
  /** One call of the sweep: begins what is due, and waits for none of it. @throws AppError redis.unreachable */
  sweep(): Promise<void>;
  /** Resolves when nothing is due and nothing under way, or that takes long. @throws AppError redis.unreachable */
  settled(): Promise<void>;
  /** As known at the last look. Epoch ms. */
  nextDueAt(): number | null;
  /** Breaks running calls off; they are repeated by whoever comes next. */
  stop(): Promise<void>;
}

/** Scopes that one process works on at once. */
const ABREAST = 8;
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** In one go, before others get their turn. */
const MOST_ACTIONS = 200;
/** Until another process' scope is looked at. Unit: milliseconds. */
const TAKEN_WAIT_MS = 5_000;
/** After a failure that nobody planned for. Unit: milliseconds. */
const UNPLANNED_WAIT_MS = MINUTE_MS;
/** How often it is asked anew whose data are collected. Unit: milliseconds. */
const SYNC_EVERY_MS = 10 * MINUTE_MS;
/** Before each slot all are known. Unit: milliseconds. */
const SYNC_BEFORE_MS = 5 * MINUTE_MS;
/** A call that waits for a clock which waits for us would never end. Real time, unit: milliseconds. */
const PATIENCE_MS = 5_000;
/** Looks at what stays due although it was worked on, such as another process' scopes. */
const MOST_LOOKS = 1_000;

export function makeCollector(deps: CollectorDeps): Collector {
  const { store, now, onError } = deps;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let syncedAt: number | null = null;
  let known: number | null = null;

  const nameOf = ({ dataset, spreadsheetId }: Scope) => `${dataset}:${spreadsheetId}`;

  async function sync(): Promise<void> {
    if (syncedAt !== null && now() < syncedAt + SYNC_EVERY_MS && now() < nextSyncAt(syncedAt)) return;
    syncedAt = now();
    await syncScopes(deps);
  }

  /** @returns how many were begun. */
  async function begin(): Promise<number> {
    if (stopping.signal.aborted) return 0;
    await sync();
    let begun = 0;
    for (const scope of await store.due(now(), ABREAST * 4)) {
      if (running.size >= ABREAST) break;
      const name = nameOf(scope);
      if (running.has(name)) continue;
      begun += 1;
      running.set(
        name,
        work(deps, scope, stopping.signal)
          .catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))))
          .finally(() => {
            running.delete(name);
            goOn();
          }),
      );
    }
    return begun;
  }

  /** One that is done makes room for the next, without waiting for the sweep: a freeze concerns all spreadsheets at the same moment. */
  function goOn(): void {
    begin().catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))));
  }

  return {
    async sweep() {
      await begin();
    },
    async settled() {
      for (let look = 0; look < MOST_LOOKS; look += 1) {
        const begun = await begin();
        if (begun === 0 && running.size === 0) break;
        if (!(await within(PATIENCE_MS, Promise.all(running.values())))) break;
      }
      known = await store.nextAt();
    },
    nextDueAt() {
      const sync = nextSyncAt(syncedAt ?? now());
      return known === null ? sync : Math.min(known, sync);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

/** @returns false: it takes longer. */
async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A little before each of the day's slots. Epoch ms. */
function nextSyncAt(after: number): number {
  const today = startOf(dayAt(after));
  const times = [...SLOTS_MS, SLOTS_MS[0] + DAY_MS].map((slot) => today + slot - SYNC_BEFORE_MS);
  return times.find((time) => time > after) ?? after + SYNC_EVERY_MS;
}

/** All that is due for one scope, one thing after the other. */
async function work(deps: CollectorDeps, scope: Scope, signal: AbortSignal): Promise<void> {
  const { store, now } = deps;
  const lease = await store.lease(scope, LEASE_MS);
  if (lease === null) {
    // Somebody else is at it; one that died gives it back soon.
    await store.postpone(scope, now() + TAKEN_WAIT_MS);
    return;
  }
  const hold = keepLease(lease, signal, deps.onError);
  try {
    for (let done = 0; done < MOST_ACTIONS && !hold.signal.aborted; done += 1) {
      const state = await store.read(scope);
      if (state === null) return;
      const action = decide(state, now(), deps.settings());
      if (action === null) {
        await save(deps, state);
        return;
      }
      if (!(await save(deps, await carryOut(deps, state, action, hold.signal)))) return;
    }
  } catch (error) {
    await store.postpone(scope, now() + UNPLANNED_WAIT_MS);
    if (!signal.aborted) throw error;
  } finally {
    hold.stop();
    await lease.release();
  }
}

const save = ({ store, now, settings }: CollectorDeps, state: ScopeState): Promise<boolean> =>
  store.save(state, lookAtOf(state, now(), settings()));

async function carryOut(
  deps: CollectorDeps,
  state: ScopeState,
  action: Action,
  signal: AbortSignal,
): Promise<ScopeState> {
  const { now, onRun, settings } = deps;
  switch (action.kind) {
    case "slots":
      for (const _ of action.missed) onRun(state, "missed");
      return action.run === null
        ? { ...noteMissed(state, action.missed), lastSlot: action.upTo }
        : beginSlot(noteMissed(state, action.missed), action.run, now(), settings());
    case "step":
      return step(deps, state, signal);
    case "freeze":
      // Never given up: a day that is not sealed is not judged either.
      return orLater(deps, state, "freeze", () => freezeDay(deps, state, action.day), null);
    case "reread":
      return orLater(
        deps,
        state,
        "reread",
        () => rereadDay(deps, state, action.day, signal),
        reread(state, action.day),
      );
    case "backfill": {
      const without = backfilled(state, action.day, now());
      return orLater(deps, state, "backfill", () => backfillDay(deps, state, action.day, signal), without);
    }
  }
}

async function step(deps: CollectorDeps, state: ScopeState, signal: AbortSignal): Promise<ScopeState> {
  const { run } = state;
  if (run === null) return state;
  let current = state;
  const saveAsked = async (asked: NonNullable<ScopeState["run"]>) => {
    current = { ...current, run: asked };
    if (!(await deps.store.save(current, deps.now()))) throw new Error("somebody else works on this scope");
    current = { ...current, rev: current.rev + 1 };
  };
  const { state: after, ended } = await stepRun(deps, state, run, saveAsked, signal);
  if (ended !== null) deps.onRun(state, ended);
  if (after.isUnsupported && !state.isUnsupported) await deps.onUnsupported(state);
  return { ...after, rev: current.rev };
}

/**
 * Work beside the runs: trouble of the backend or of the disk puts it off.
 * @param without what becomes of the state when it is given up after some tries; null: it never is.
 */
async function orLater(
  { now, onProblem }: CollectorDeps,
  state: ScopeState,
  what: string,
  work: () => Promise<ScopeState>,
  without: ScopeState | null,
): Promise<ScopeState> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === "redis.unreachable") throw error;
    if (error instanceof BackendWait) return { ...state, sideAt: now() + error.retryInMs };
    onProblem(state, what, error instanceof Error ? error : new Error(String(error)));
    return afterSideFailure(state, now(), without !== null) ?? without ?? state;
  }
}

function keepLease(lease: Lease, stopping: AbortSignal, onError: (error: Error) => void) {
  const lost = new AbortController();
  const timer = setInterval(() => {
    lease
      .renew(LEASE_MS)
      .then((isHeld) => {
        if (!isHeld) lost.abort();
      })
      .catch((error: Error) => onError(error));
  }, RENEW_EVERY_MS);
  return { signal: AbortSignal.any([stopping, lost.signal]), stop: () => clearInterval(timer) };
}
