// How far the collection of data is, read before a scrape from the states of all scopes.

import { type CollectionSettings, isFreezeLate } from "../collection/decide.ts";
import type { Noise } from "../collection/ports.ts";
import { LEAST_RUNS, RECENT_MS } from "../collection/schedule.ts";
import type { ScopeState } from "../collection/state.ts";
import { share } from "../quality/engine/metrics.ts";
import { poolSums } from "../quality/engine/sums.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { atMostEvery } from "./measure-waiting.ts";

export interface CollectionReads {
  readonly dataset: string;
  readonly states: () => Promise<readonly ScopeState[]>;
  readonly noise: () => Promise<readonly Noise[]>;
  readonly settings: () => CollectionSettings;
  /** The service's clock, epoch ms: states hold its times. */
  readonly now: () => number;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

/** Unit: milliseconds. */
const READ_EVERY_MS = 60_000;
const ALL_KEYS = "__all__";

export function measureCollection(metrics: Metrics, reads: CollectionReads): void {
  const each = (read: () => Promise<void>, orElse: () => void): void =>
    metrics.collect(atMostEvery(READ_EVERY_MS, reads.wallClock, read), orElse);
  each(
    async () => {
      const states = await reads.states();
      const active = states.filter(({ isActive }) => isActive);
      const isLate = (state: ScopeState) => isFreezeLate(state, reads.now(), reads.settings());
      metrics.freezeLateScopes.set(states.filter(isLate).length);
      metrics.collectorScopesBehind.set(active.filter((state) => isBehind(state, reads.now())).length);
      const oldest = Math.min(...active.map(({ lastSuccessAt, since }) => Math.max(lastSuccessAt ?? 0, since)));
      // Nobody to collect for: no time since which somebody waits.
      metrics.collectorLastSuccess.set(active.length === 0 ? Number.NaN : oldest / 1_000);
    },
    () => {
      metrics.freezeLateScopes.set(Number.NaN);
      metrics.collectorScopesBehind.set(Number.NaN);
      metrics.collectorLastSuccess.set(Number.NaN);
    },
  );
  each(
    async () => {
      metrics.parityNoiseFloor.reset();
      for (const [key, ratio] of floorOf(await reads.noise()))
        metrics.parityNoiseFloor.set({ dataset: reads.dataset, key }, ratio);
    },
    () => metrics.parityNoiseFloor.reset(),
  );
}

/** Fewer than four runs of a day ended well. One that is not collected for a day yet has had no chance. */
export const isBehind = ({ since, successes }: ScopeState, now: number): boolean =>
  now - since >= RECENT_MS && successes.filter((at) => now - at < RECENT_MS).length < LEAST_RUNS;

/** Exact ratio by key, and of all; without those that have no cell. */
export function floorOf(noise: readonly Noise[]): ReadonlyMap<string, number> {
  const keys = new Set(noise.flatMap(({ byKey }) => Object.keys(byKey)));
  const byKey = [...keys].map((key) => [key, poolSums(noise.flatMap((one) => one.byKey[key] ?? []))] as const);
  const all = [ALL_KEYS, poolSums(byKey.map(([, sums]) => sums))] as const;
  const ratios = new Map<string, number>();
  for (const [key, { nExact, nCells }] of [...byKey, all]) {
    const ratio = share(nExact, nCells);
    if (ratio !== null) ratios.set(key, ratio);
  }
  return ratios;
}
