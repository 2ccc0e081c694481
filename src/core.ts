// The durable core: actors, the jobs that carry their effects out, the clock that wakes them. Everything else is built around it.
import { definitions } from "../machines/registry.ts";
import { makeEntitlementReader } from "./effects/read-entitlement.ts";
import { makeRetryFailed } from "./effects/retry-failed.ts";
import { makeEffectRunner, sourceOf } from "./effects/run-effect.ts";
import type { Executors } from "./effects/table.ts";
import { makeStepObservers } from "./measures/observe-steps.ts";
import { ClockWorker } from "./queues/clock-worker.ts";
import { startEffectWorkers } from "./queues/effect-worker.ts";
import { makeQueueInspector } from "./queues/inspect.ts";
import { OutboxRelay } from "./queues/outbox-relay.ts";
import { QueueSet } from "./queues/queue-set.ts";
import { laneOfBody, makeOutboxSweep } from "./queues/sweep-outbox.ts";
import { makeTriesOf } from "./queues/tries-of-effect.ts";
import { Updates, type UpdatesDeps } from "./queues/updates-worker.ts";
import { makeRedisActorStore } from "./redis/actor-store.ts";
import { makeRedisAuditLog } from "./redis/audit-log.ts";
import { makeRedisAuditTail } from "./redis/audit-tail.ts";
import type { RedisClient, RedisConnections } from "./redis/connect.ts";
import { makeRedisFailedEffects } from "./redis/failed-effects.ts";
import { makeRedisInbox } from "./redis/inbox.ts";
import type { Keys } from "./redis/keys.ts";
import { makeRedisOutbox } from "./redis/outbox-store.ts";
import { partitionOf } from "./redis/partitions.ts";
import { makeRedisPendingTimers } from "./redis/pending-timers.ts";
import { makeRedisQuarantine } from "./redis/quarantine.ts";
import type { Scripts } from "./redis/scripts.ts";
import { systemClock } from "./redis/shared-clock.ts";
import { makeRedisTimerSource } from "./redis/timer-store.ts";
import { ActorSystem } from "./runtime/actor-system.ts";
import { foresightOf } from "./runtime/foresight.ts";
import { MachineCatalog } from "./runtime/machine-catalog.ts";
import type { Clock } from "./runtime/ports.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** How many jobs of a kind one process has under way. `outside` waits for Telegram most of the time. */
const CONCURRENCY = { actors: 50, outside: 50, updates: 50 } as const;

export interface CoreDeps {
  readonly client: RedisClient;
  readonly connections: RedisConnections;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly clock: Clock;
  /** It moves by hand only, and whoever moves it fires what is due: there is no time to wake up at. */
  readonly isClockStanding: boolean;
  readonly shards: number;
  readonly metrics: Metrics;
  readonly onError: (where: string, error: Error) => void;
}

export type Core = ReturnType<typeof makeCore>;

export function makeCore(deps: CoreDeps) {
  const { client, connections, scripts, keys, clock, isClockStanding, shards, metrics, onError } = deps;
  const queues = new QueueSet({
    connect: (name) => connections.blocking(name),
    prefixOf: (shard) => keys.queuePrefix(shard),
    shards,
    onError,
  });
  const timers = makeRedisTimerSource(client, keys, onError);
  const outbox = makeRedisOutbox(client, keys);
  const inbox = makeRedisInbox(client, scripts, keys);
  const failed = makeRedisFailedEffects(client, scripts, keys);
  const relay = new OutboxRelay({ queues, partitionOf, onError });
  const machines = new MachineCatalog(definitions);
  const store = makeRedisActorStore(client, scripts, keys);
  const actors = new ActorSystem({
    machines,
    store,
    clock,
    observers: makeStepObservers({
      metrics,
      isEntitled: (userId, chatId) => makeEntitlementReader(actors, clock)(userId, chatId),
      onError,
    }),
    afterCommit: {
      effectsAdded: (address, effects) => relay.add(address, effects),
      timerMoved: (address, dueAt) => clockWorker.timerMoved(address, dueAt),
    },
  });
  const sweepers: (() => Promise<void>)[] = [
    makeOutboxSweep(outbox, timers.partitions, relay, onError, {
      now: systemClock.now,
      onSwept: (oldestMs) => metrics.outboxOldestSeconds.set(oldestMs / 1_000),
    }),
  ];
  const clockWorker = new ClockWorker({
    queues,
    timers,
    door: actors,
    clock,
    isClockStanding,
    onError,
    onFired: (lateMs, outcome) => metrics.timerLatenessSeconds.observe({ outcome }, Math.max(0, lateMs) / 1_000),
    alsoSweep: sweepers,
  });

  return {
    actors,
    foresight: foresightOf(machines, actors, clock),
    auditLog: makeRedisAuditLog(client, keys, store, { idsAreTime: clock === systemClock }),
    pendingTimers: makeRedisPendingTimers(client, keys),
    inspector: makeQueueInspector({ queues, outbox, scoreOf: (key, member) => client.zscore(key, member) }),
    auditTail: makeRedisAuditTail(client, keys, { onError }),
    queues,
    timers,
    outbox,
    inbox,
    failed,
    /** Actors whose stored form was refused. */
    quarantine: makeRedisQuarantine(client, keys),
    retryFailed: makeRetryFailed({
      failed,
      outbox,
      door: actors,
      dispatch: (effectId, body) => relay.add(sourceOf(effectId), [{ effectId, lane: laneOfBody(body) }]),
    }),
    /** How far an effect is that has not ended. */
    triesOf: makeTriesOf(queues, partitionOf),
    relay,
    clockWorker,

    makeUpdates(deps: Pick<UpdatesDeps, "handle" | "onAnswerDropped">): Updates {
      const updates = new Updates({
        queues,
        inbox,
        clock,
        numberOf: partitionOf,
        concurrency: CONCURRENCY.updates,
        onError,
        ...deps,
      });
      sweepers.push(() => updates.sweep());
      return updates;
    },

    /**
     * Work that is done in small pieces, every few seconds, mostly by one process at a time: one whose sweep takes longer than its turn
     * is joined by another. So no sweep may rely on being alone: what it sends counts once, and its place in Redis holds for whoever
     * reads it, however old the one was that it goes on from.
     */
    alsoSweep(sweep: () => Promise<void>): void {
      sweepers.push(sweep);
    },

    /**
     * Begins to carry out effects and timers.
     * @param beforeTimers What has to be known before time takes anything from anybody; effects are carried out already.
     */
    async startWorkers(executors: Executors, beforeTimers: () => Promise<void>): Promise<void> {
      const run = makeEffectRunner({ door: actors, outbox, executors, failed, clock, random: Math.random });
      startEffectWorkers({
        queues,
        run,
        wallClock: systemClock.now,
        concurrency: CONCURRENCY,
        onRetry: (_effectId, code) => metrics.effectRetries.inc({ code }),
        onEnded: (source, lagMs) => metrics.eventLagSeconds.observe({ source }, Math.max(0, lagMs) / 1_000),
      });
      await beforeTimers();
      clockWorker.start();
      await clockWorker.scheduleSweep();
      // What was due or undispatched while no process ran.
      await clockWorker.sweep();
    },

    /** Effects whose next attempt lies in the future. */
    async waitingForRetry(): Promise<number> {
      const delayed = await Promise.all(
        (["actors", "outside"] as const).flatMap((lane) => queues.all(lane).map((queue) => queue.getDelayedCount())),
      );
      return delayed.reduce((sum, count) => sum + count, 0);
    },

    /** Effects that were asked for and have not ended. */
    async outboxPending(): Promise<number> {
      const counts = await Promise.all(timers.partitions.map((partition) => outbox.count(partition)));
      return counts.reduce((sum, count) => sum + count, 0);
    },

    /** How long the oldest due timer and the oldest update have waited. Unit: milliseconds. */
    async oldestWaitMs(): Promise<number> {
      const now = clock.now();
      const [due, waiting] = await Promise.all([
        Promise.all(timers.partitions.map((partition) => timers.next(partition))),
        inbox.pending(1),
      ]);
      const since = [...due.filter((time) => time !== null), ...waiting.map((person) => person.since)];
      return Math.max(0, ...since.map((time) => now - time));
    },

    /** Running jobs finish; what they lead to is dispatched; nothing new is taken. */
    async stop(): Promise<void> {
      await queues.stopWorkers();
      await relay.flushed();
      await queues.close();
    },
  };
}
