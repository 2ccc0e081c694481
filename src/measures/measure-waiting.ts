// What is read before a scrape, because it is counted where it lies: what waits, how many actors are in which state, how Redis is.
import { MachineName } from "../../machines/address.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface Waiting {
  /** Unit: milliseconds. */
  readonly oldestWaitMs: () => Promise<number>;
  readonly quarantinedActors: () => Promise<number>;
  readonly failedEffects: () => Promise<number>;
  readonly outboxPending: () => Promise<number>;
  /** `oldestAt`: epoch ms by the wall clock, null without a job. */
  readonly queues: () => Promise<
    readonly {
      readonly name: string;
      readonly counts: Readonly<Record<string, number>>;
      readonly oldestAt: number | null;
    }[]
  >;
  readonly countByState: (machine: MachineName) => Promise<Readonly<Record<string, number>>>;
  readonly redisHealth: () => Promise<
    readonly {
      readonly node: string;
      readonly isKept: boolean;
      readonly usedBytes: number;
      readonly maxBytes: number;
    }[]
  >;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

/** Several Prometheus servers, or a curious person, cost Redis no more than one. Unit: milliseconds. */
const FRESH_MS = 5_000;
/** A walk over the index of states: some thousand small reads. Unit: milliseconds. */
const COUNTED_MS = 60_000;

export function measureWaiting(metrics: Metrics, waiting: Waiting): void {
  const { wallClock } = waiting;
  const nan = Number.NaN;
  const each = (everyMs: number, read: () => Promise<void>, orElse: () => void): void =>
    metrics.collect(atMostEvery(everyMs, wallClock, read), orElse);
  const number = (gauge: { set(value: number): void }, read: () => Promise<number>): void =>
    each(
      FRESH_MS,
      async () => gauge.set(await read()),
      () => gauge.set(nan),
    );

  number(metrics.oldestWaitSeconds, async () => (await waiting.oldestWaitMs()) / 1_000);
  number(metrics.quarantinedActors, waiting.quarantinedActors);
  number(metrics.failedEffects, waiting.failedEffects);
  number(metrics.outboxPending, waiting.outboxPending);

  each(
    FRESH_MS,
    async () => {
      for (const { name: queue, counts, oldestAt } of await waiting.queues()) {
        for (const [state, count] of Object.entries(counts)) metrics.queueDepth.set({ queue, state }, count);
        const age = oldestAt === null ? 0 : Math.max(0, wallClock() - oldestAt);
        metrics.queueOldestSeconds.set({ queue }, age / 1_000);
      }
    },
    () => {
      metrics.queueDepth.reset();
      metrics.queueOldestSeconds.reset();
    },
  );

  each(
    FRESH_MS,
    async () => {
      const nodes = await waiting.redisHealth();
      // A node that left the cluster must not stay the way it was last.
      const gauges = [metrics.redisPersistenceOk, metrics.redisUsedMemoryBytes, metrics.redisMaxMemoryBytes];
      for (const gauge of gauges) gauge.reset();
      for (const { node, isKept, usedBytes, maxBytes } of nodes) {
        metrics.redisPersistenceOk.set({ node }, isKept ? 1 : 0);
        metrics.redisUsedMemoryBytes.set({ node }, usedBytes);
        metrics.redisMaxMemoryBytes.set({ node }, maxBytes);
      }
    },
    () => {
      metrics.redisPersistenceOk.reset();
      metrics.redisPersistenceOk.set({ node: "unreachable" }, 0);
    },
  );

  each(
    COUNTED_MS,
    async () => {
      const counts = await Promise.all(
        MachineName.options.map(async (machine) => [machine, await waiting.countByState(machine)] as const),
      );
      metrics.actors.reset();
      for (const [machine, states] of counts)
        for (const [state, count] of Object.entries(states)) metrics.actors.set({ machine, state }, count);
    },
    () => metrics.actors.reset(),
  );
}

/** The same read for all who ask within that time; one that failed is made again. */
export function atMostEvery(everyMs: number, now: () => number, read: () => Promise<void>): () => Promise<void> {
  let last: { readonly at: number; readonly done: Promise<void> } | null = null;
  return () => {
    const at = now();
    if (last === null || at - last.at >= everyMs || at < last.at) {
      const done = read();
      last = { at, done };
      done.catch(() => {
        last = null;
      });
    }
    return last.done;
  };
}
