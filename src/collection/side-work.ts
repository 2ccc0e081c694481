// What is done beside the runs: days are frozen, upstream is read again a week later, and history is asked for.
import type { Day } from "../../machines/dataset/gate.ts";
import { requestIdOf } from "../backend/request-id.ts";
import { AppError } from "../errors.ts";
import type { KeyTable } from "../quality/model.ts";
import type { Scope, SliceStore } from "../quality/ports.ts";
import { noiseOf } from "./noise.ts";
import { backfilled, beginBackfill, frozen, reread } from "./outcomes.ts";
import type { CollectionStore } from "./ports.ts";
import { readSide, type SideQuestion, type SideReader } from "./read-side.ts";
import type { ScopeState } from "./state.ts";

export interface SideWorkDeps {
  readonly slices: SliceStore;
  readonly sides: { readonly upstream: SideReader; readonly local: SideReader };
  readonly store: Pick<CollectionStore, "putNoise">;
  readonly keysOf: (scope: Scope) => KeyTable;
  readonly now: () => number;
  readonly onProblem: (scope: Scope, what: string, error: Error) => void;
}

const scopeOf = ({ spreadsheetId, dataset }: ScopeState): Scope => ({ spreadsheetId, dataset });

/** Seals both sides. One that is damaged was set aside and told of; it does not keep the other, or other days, from their seal. */
export async function freezeDay(
  { slices, now, onProblem }: SideWorkDeps,
  state: ScopeState,
  day: Day,
): Promise<ScopeState> {
  for (const side of ["upstream", "local"] as const) {
    try {
      await slices.seal({ ...scopeOf(state), side, day }, now());
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "slice.corrupt") throw error;
      onProblem(scopeOf(state), "freeze", error);
    }
  }
  return frozen(state, day);
}

/** The second reading becomes the next version of upstream's day, and says how far upstream agrees with itself. */
export async function rereadDay(
  deps: SideWorkDeps,
  state: ScopeState,
  day: Day,
  signal: AbortSignal,
): Promise<ScopeState> {
  const { slices, sides, store, keysOf, now } = deps;
  const scope = scopeOf(state);
  const first = await slices.read({ ...scope, side: "upstream", day }, "v1");
  if (first === null || first.head.origin !== "collection") return reread(state, day);
  const keys = keysOf(scope);
  const question: SideQuestion = {
    ...{ scope, day, keys: Object.keys(keys), isPartial: false },
    ...{ side: "upstream", origin: "rereading", startedAt: now() },
  };
  const meta = { requestId: requestIdOf(`reread ${scope.spreadsheetId} ${scope.dataset} ${day}`), signal };
  const later = await readSide(sides.upstream, question, meta, now);
  if (later === null) return reread(state, day);
  await slices.restate(later, now());
  const noise = noiseOf(day, { keys: first.head.keys, rows: first.rows }, later, keys);
  if (noise !== null) await store.putNoise(scope, noise);
  return reread(state, day);
}

/** A day that the backend has already is only read; for one that it has not, the collector is asked. */
export async function backfillDay(
  deps: SideWorkDeps,
  state: ScopeState,
  day: Day,
  signal: AbortSignal,
): Promise<ScopeState> {
  const { slices, sides, keysOf, now } = deps;
  const scope = scopeOf(state);
  const address = { ...scope, side: "local", day } as const;
  if ((await slices.head(address, "v1")) !== null || (await slices.head(address, "open")) !== null)
    return backfilled(state, day, now());
  const question: SideQuestion = {
    ...{ scope, day, keys: Object.keys(keysOf(scope)), isPartial: false },
    ...{ side: "local", origin: "backfill", startedAt: now() },
  };
  const meta = { requestId: requestIdOf(`backfill ${scope.spreadsheetId} ${scope.dataset} ${day}`), signal };
  const slice = await readSide(sides.local, question, meta, now);
  if (slice === null || slice.rows.length === 0) return beginBackfill(state, day, now());
  await slices.restate(slice, now());
  return backfilled(state, day, now());
}
