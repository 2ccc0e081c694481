// Collection against the simulated backend over HTTP, with real Redis, real files and a clock that is moved by hand.
import { onTestFinished } from "vitest";
import type { BackendClient } from "../../src/backend/ports.ts";
import { type Collector, type CollectorDeps, makeCollector } from "../../src/collection/collector.ts";
import type { CollectionSettings } from "../../src/collection/decide.ts";
import { DAY_MS, HOUR_MS } from "../../src/collection/moscow.ts";
import { offsetOf } from "../../src/collection/schedule.ts";
import type { KeyTable } from "../../src/quality/model.ts";
import type { SliceAddress } from "../../src/quality/ports.ts";
import { PARITY_KEY_DEFAULTS } from "../../src/quality/settings.ts";
import { makeRedisCollectionStore } from "../../src/redis/collection-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeTestClient } from "../backend/support/client.ts";
import type { useSlices } from "../quality/slices/support/slices.ts";
import { SHEET, startBackend } from "../sandbox/backend/support.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

export const SCOPE = { spreadsheetId: SHEET, dataset: "checklist" };
export const OFFSET = offsetOf(SHEET);
/** By Moscow's clock. */
export const at = (day: string, time = "00:00"): number => Date.parse(`${day}T${time}:00+03:00`);
export const address = (side: SliceAddress["side"], day: string): SliceAddress => ({ ...SCOPE, side, day });

export interface Setup {
  readonly backend?: Parameters<typeof startBackend>[0];
  readonly settings?: Partial<CollectionSettings>;
  readonly client?: (client: BackendClient) => BackendClient;
  readonly deps?: Partial<CollectorDeps>;
}

/** A world in which one spreadsheet is connected; it is 2026-02-18 12:00 in Moscow. */
export async function openCollection(
  slices: ReturnType<typeof useSlices>,
  { backend = {}, settings, client, deps }: Setup = {},
) {
  const world = await startBackend(backend);
  if (backend.profile !== "legacy") await world.connect();
  const redis = testRedis();
  const keys = new Keys(freshPrefix());
  const store = makeRedisCollectionStore(redis, loadScripts(redis), keys);
  const opened = await slices.open();
  const { client: own } = makeTestClient(world.backend.url, { adminKey: world.backend.adminKey });
  const used = client === undefined ? own : client(own);
  const told = { runs: [] as string[], problems: [] as string[], unsupported: 0, errors: [] as Error[] };
  const sheets = new Set([SHEET]);
  const now = () => world.clock.ms;
  const actors = {
    async *inState(_: string, state: string) {
      if (state === "step.ready") yield "onboarding/1:suite" as const;
    },
    read: async () =>
      ({ context: { entitled: true, connections: [...sheets].map((spreadsheetId) => ({ spreadsheetId })) } }) as never,
  } as unknown as CollectorDeps["actors"];
  const make = (): Collector => {
    const collector = makeCollector({
      ...{ actors, store, slices: opened.store, dataset: "checklist", now, collector: used },
      sides: { local: { client: used, isOneSided: false }, upstream: { client: used, isOneSided: false } },
      keysOf: (): KeyTable => PARITY_KEY_DEFAULTS,
      settings: () => ({ freezeAfterMs: 6 * HOUR_MS, backfillDays: 0, ...settings }),
      random: () => 0.5,
      onRun: (_, result) => told.runs.push(result),
      onProblem: (_, what, error) =>
        told.problems.push(`${what} ${(error as { code?: string }).code ?? error.message}`),
      onUnsupported: async () => {
        told.unsupported += 1;
      },
      onError: (error) => told.errors.push(error),
      ...deps,
    });
    onTestFinished(() => collector.stop());
    return collector;
  };
  let collector = make();

  /** Moves the clock; what is due on the way happens in order. */
  const moveTo = async (target: number): Promise<void> => {
    await collector.settled();
    for (;;) {
      const times = [collector.nextDueAt(), world.backend.nextDueAt()].filter((time) => time !== null);
      const due = Math.min(...times);
      if (due > target) break;
      world.clock.ms = Math.max(due, world.clock.ms);
      await world.backend.runDue(world.clock.ms);
      await collector.settled();
    }
    world.clock.ms = target;
    await world.backend.runDue(target);
    await collector.settled();
  };
  return {
    ...{ world, store, told, sheets, redis, keys, moveTo, make },
    slices: opened.store,
    files: opened,
    collector: () => collector,
    /** As if the process had ended: another one goes on with what is in Redis and on the disk. */
    restart: async () => {
      await collector.stop();
      collector = make();
    },
    state: async () => {
      const state = await store.read(SCOPE);
      if (state === null) throw new Error("the scope is not known");
      return state;
    },
    calls: (path: string) => world.backend.calls().filter((call) => call.path.endsWith(path)),
  };
}

export { DAY_MS, HOUR_MS };
