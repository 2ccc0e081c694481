// What the page knows: the state that the service streams, and the little that is its own (which actor is looked at, whether Play runs).
import { createStore } from "@xstate/store";
import { useSelector } from "@xstate/store-preact";
import type { Deed, SandboxState, Seed } from "../../support/answers/sandbox.ts";
import { ApiError, read, send } from "../api.ts";
import type { Language } from "../preferences.ts";
import { type Moment, newMoments, queued } from "./moments.ts";

interface Known {
  readonly state: SandboxState | null;
  readonly isAway: boolean;
  readonly isPlaying: boolean;
  /** When Play began, by the page's own time. Unit: milliseconds. */
  readonly playingFrom: number;
  /** The actor that the visitor chose to look at; null: the one that the story is about. */
  readonly chosen: string | null;
  /** What the chart has still to tell; the first is on show. */
  readonly moments: readonly Moment[];
  /** The actor of what was told last. */
  readonly told: string | null;
  /** What the page itself has to say, such as where a link would lead. */
  readonly note: string | null;
  /** What the browser did not copy. */
  readonly uncopied: string | null;
}

export const sandbox = createStore({
  context: {
    state: null,
    isAway: false,
    isPlaying: false,
    playingFrom: 0,
    chosen: null,
    moments: [],
    told: null,
    note: null,
    uncopied: null,
  } as Known,
  on: {
    stateReceived: (known, { state }: { state: SandboxState }) => ({
      ...known,
      state,
      isAway: false,
      ...(known.state?.visit === state.visit
        ? { moments: known.chosen === null ? queued(known.moments, newMoments(known.state, state)) : [] }
        : { chosen: null, moments: [], told: null }),
    }),
    momentPassed: (known, { moment }: { moment: Moment }) =>
      known.moments[0] === moment ? { ...known, moments: known.moments.slice(1), told: moment.address } : undefined,
    connectionLost: (known) => ({ ...known, isAway: true }),
    playStarted: (known) => ({
      ...known,
      isPlaying: true,
      playingFrom: performance.now(),
      chosen: null,
      note: null,
    }),
    playStopped: (known) => (known.isPlaying ? { ...known, isPlaying: false } : undefined),
    actorChosen: (known, { address }: { address: string }) => ({ ...known, chosen: address, moments: [] }),
    storyFollowed: (known) => ({ ...known, chosen: null }),
    noted: (known, { note }: { note: string | null }) => ({ ...known, note }),
    copyFailed: (known, { text }: { text: string }) => ({ ...known, uncopied: text }),
    copyOver: (known) => ({ ...known, uncopied: null }),
  },
});

export const useSandbox = <T>(select: (known: Known) => T): T => useSelector(sandbox, ({ context }) => select(context));

const take = (state: SandboxState): void => sandbox.trigger.stateReceived({ state });

async function ask(request: Promise<SandboxState>): Promise<void> {
  sandbox.trigger.noted({ note: null });
  try {
    take(await request);
  } catch (error) {
    if (error instanceof ApiError && error.status === 0) sandbox.trigger.connectionLost();
    else sandbox.trigger.noted({ note: error instanceof Error ? error.message : String(error) });
  }
}

export const doDeed = (deed: Deed): Promise<void> => ask(send("/sandbox/api/do", deed));
export const pressAt = (messageId: number, row: number, column: number): Promise<void> =>
  ask(send("/sandbox/api/press", { messageId, row, column }));
export const reset = (seed: Seed, language: Language): Promise<void> =>
  ask(send("/sandbox/api/reset", { seed, language }));
/** @throws ApiError, which names the field that is wrong */
export const replay = async (scenario: unknown): Promise<void> => take(await send("/sandbox/api/scenario", scenario));
export const scenarioText = async (): Promise<string> =>
  `${JSON.stringify(await read("/sandbox/api/scenario"), null, 2)}\n`;

/** The service streams every change; after a break the browser comes back by itself. */
export function listen(): void {
  const source = new EventSource("/sandbox/api/live");
  source.addEventListener("state", ({ data }) => take(JSON.parse(String(data)) as SandboxState));
  source.addEventListener("error", () => sandbox.trigger.connectionLost());
}
