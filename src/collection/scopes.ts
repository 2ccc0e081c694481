// Whose data are collected: spreadsheets that were connected, as long as a subscription gives a right to them.
import type { ActorAddress } from "../../machines/address.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import { isAppError } from "../errors.ts";
import type { Scope } from "../quality/ports.ts";
import type { Actors } from "../runtime/ports.ts";
import { type CollectionSettings, decide, nextLookAt } from "./decide.ts";
import type { CollectionStore } from "./ports.ts";
import { ended, firstState, resumed, type ScopeState } from "./state.ts";

type Reading = Pick<Actors, "read" | "inState">;

/** Every state but the one without a right: a second spreadsheet may be on its way while the first one works. */
const STATES = [
  "step.ready",
  "step.waitingForData",
  "step.connecting",
  "step.asking",
  "step.resting",
  "step.retrying",
  "step.needsAttention",
] as const;

export interface ActiveSheets {
  readonly ids: ReadonlySet<string>;
  /** An actor could not be read: who is not on the list may only be hidden. */
  readonly isWhole: boolean;
}

/** @throws AppError redis.unreachable */
export async function activeSpreadsheets(actors: Reading): Promise<ActiveSheets> {
  const ids = new Set<string>();
  let isWhole = true;
  for (const state of STATES)
    for await (const address of actors.inState("onboarding", state)) {
      const context = await contextOf(actors, address);
      if (context === null) isWhole = false;
      else if (context.entitled) for (const { spreadsheetId } of context.connections) ids.add(spreadsheetId);
    }
  return { ids, isWhole };
}

/** null: it is in the quarantine, or of another build. */
async function contextOf(actors: Reading, address: ActorAddress): Promise<OnboardingContext | null> {
  try {
    return ((await actors.read(address))?.context as unknown as OnboardingContext | undefined) ?? null;
  } catch (error) {
    if (isAppError(error) && !error.retry) return null;
    throw error;
  }
}

export interface SyncDeps {
  readonly actors: Reading;
  readonly store: Pick<CollectionStore, "all" | "save">;
  readonly dataset: string;
  readonly settings: () => CollectionSettings;
  readonly now: () => number;
}

/** Takes newcomers in and lets those without a right rest. Two processes at it do no harm. @throws AppError redis.unreachable */
export async function syncScopes({ actors, store, dataset, settings, now }: SyncDeps): Promise<void> {
  const { ids, isWhole } = await activeSpreadsheets(actors);
  const known = new Map(
    (await store.all()).filter((state) => state.dataset === dataset).map((state) => [state.spreadsheetId, state]),
  );
  const put = (state: ScopeState) => store.save(state, lookAtOf(state, now(), settings()));
  for (const spreadsheetId of ids) {
    const state = known.get(spreadsheetId);
    if (state === undefined) await put(firstState({ spreadsheetId, dataset }, now(), settings().freezeAfterMs));
    else if (!state.isActive) await put(resumed(state, now()));
  }
  if (!isWhole) return;
  for (const [spreadsheetId, state] of known) if (state.isActive && !ids.has(spreadsheetId)) await put(ended(state));
}

/** When a scope in this state is to be looked at. */
export const lookAtOf = (state: ScopeState, now: number, settings: CollectionSettings): number | null =>
  decide(state, now, settings) === null ? nextLookAt(state, now, settings) : now;

/** Those that are collected now. */
export const activeScopes = async (store: Pick<CollectionStore, "all">): Promise<readonly Scope[]> =>
  (await store.all())
    .filter(({ isActive }) => isActive)
    .map(({ spreadsheetId, dataset }) => ({ spreadsheetId, dataset }));
