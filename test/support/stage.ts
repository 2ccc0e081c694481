// The durable service without its edges: actors, outbox relay, effect workers, clock and updates, put together as src/app.ts does.
// Free of vitest, so that a child process can use it as well.

import type { MachineDefinition } from "../../machines/definition.ts";
import { ticketDefinition } from "../../machines/ticket/definition.ts";
import { makeBroadcast } from "../../src/effects/broadcast.ts";
import { makeRecordLedger } from "../../src/effects/record-ledger.ts";
import { makeEffectRunner, type RunOutcome } from "../../src/effects/run-effect.ts";
import { type EffectTable, type InvocationTable, makeExecutors } from "../../src/effects/table.ts";
import { makeTell } from "../../src/effects/tell.ts";
import { ClockWorker } from "../../src/queues/clock-worker.ts";
import { startEffectWorkers } from "../../src/queues/effect-worker.ts";
import { OutboxRelay } from "../../src/queues/outbox-relay.ts";
import { QueueSet } from "../../src/queues/queue-set.ts";
import { makeOutboxSweep } from "../../src/queues/sweep-outbox.ts";
import { Updates } from "../../src/queues/updates-worker.ts";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import type { RedisClient } from "../../src/redis/connect.ts";
import { makeRedisFailedEffects } from "../../src/redis/failed-effects.ts";
import { makeRedisInbox } from "../../src/redis/inbox.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisLedger } from "../../src/redis/ledger.ts";
import { makeRedisOutbox } from "../../src/redis/outbox-store.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { systemClock } from "../../src/redis/shared-clock.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import { ActorSystem } from "../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import type { ActorStore, Clock } from "../../src/runtime/ports.ts";
import { book } from "./book.ts";
import { noInvocations, noOutsideEffects } from "./no-outside.ts";

export interface StageOptions {
  readonly client: RedisClient;
  /** A client for BullMQ; called once for all queues and once per worker. */
  readonly connect: (name: string) => RedisClient;
  readonly prefix: string;
  readonly clock?: Clock;
  /** For the inbox, whose sweep looks at how long an update has been waiting. */
  readonly inboxClock?: Clock;
  readonly shards?: number;
  readonly definitions?: readonly MachineDefinition[];
  /** Executors that leave the service; each may be replaced by a test. */
  readonly effects?: Partial<EffectTable>;
  readonly invocations?: Partial<InvocationTable>;
  /** Handles an update. */
  readonly handle?: (update: never, stage: Stage) => Promise<void>;
  readonly onAnswerDropped?: (why: "overtaken" | "late") => void;
  readonly recovery?: { readonly lockDuration: number; readonly stalledInterval: number };
  readonly crashPoint?: (name: string) => void;
  /** Between the effect worker and the runner, to change what it does next. */
  readonly aroundRun?: (run: () => Promise<RunOutcome>, effectId: string, attempt: number) => Promise<RunOutcome>;
  readonly aroundStore?: (store: ActorStore) => ActorStore;
  readonly concurrency?: number;
}

export type Stage = ReturnType<typeof makeStage>;

export function makeStage(options: StageOptions) {
  const { client, prefix, clock = systemClock, shards = 1, crashPoint, concurrency = 16 } = options;
  const keys = new Keys(prefix);
  const scripts = loadScripts(client);
  const errors: string[] = [];
  const retries: string[] = [];
  const fired: { lateMs: number; outcome: string }[] = [];
  const onError = (where: string, error: Error) => errors.push(`${where}: ${error.message}`);
  const hook = crashPoint ? { crashPoint } : {};

  const queues = new QueueSet({
    connect: options.connect,
    prefixOf: (shard) => keys.queuePrefix(shard),
    shards,
    onError,
    ...(options.recovery ? { recovery: options.recovery } : {}),
  });
  const relay = new OutboxRelay({ queues, partitionOf, onError, ...hook });
  const redisStore = makeRedisActorStore(client, scripts, keys);
  const timers = makeRedisTimerSource(client, keys, onError);
  const outbox = makeRedisOutbox(client, keys);
  const inbox = makeRedisInbox(client, scripts, keys);
  const ledger = makeRedisLedger(client, scripts, keys);
  const failed = makeRedisFailedEffects(client, scripts, keys);
  const clockWorker: ClockWorker = new ClockWorker({
    queues,
    timers,
    door: { fireTimer: (timer) => actors.fireTimer(timer) },
    clock,
    onError,
    onFired: (lateMs, outcome) => fired.push({ lateMs, outcome }),
    alsoSweep: [makeOutboxSweep(outbox, timers.partitions, relay, onError), () => updates.sweep()],
    ...hook,
  });
  const actors = new ActorSystem({
    machines: new MachineCatalog(options.definitions ?? [book, ticketDefinition]),
    store: options.aroundStore?.(redisStore) ?? redisStore,
    clock,
    afterCommit: {
      effectsAdded: (address, effects) => relay.add(address, effects),
      timerMoved: (address, dueAt) => clockWorker.timerMoved(address, dueAt),
    },
    ...hook,
  });
  const executors = makeExecutors(
    {
      tell: makeTell(actors),
      broadcast: makeBroadcast(actors),
      recordLedger: makeRecordLedger(ledger),
      notifyCustomer: async () => {},
      notifyStaff: async () => {},
      ...noOutsideEffects,
      ...options.effects,
    },
    {
      ...noInvocations,
      checkMembership: async () => ({ membership: "left" }),
      ...options.invocations,
    },
  );
  const run = makeEffectRunner({ door: actors, outbox, executors, failed, clock, random: () => 0.5, ...hook });
  const updates: Updates = new Updates({
    queues,
    inbox,
    clock: options.inboxClock ?? clock,
    numberOf: partitionOf,
    handle: (update) => (options.handle ? options.handle(update as never, stage) : Promise.resolve()),
    ...(options.onAnswerDropped ? { onAnswerDropped: options.onAnswerDropped } : {}),
    concurrency,
    onError,
    ...hook,
  });

  const stage = {
    keys,
    queues,
    relay,
    actors,
    clockWorker,
    updates,
    outbox,
    inbox,
    ledger,
    failed,
    timers,
    run,
    /** What went wrong in the background. */
    errors,
    retries,
    fired,
    startEffects(): void {
      startEffectWorkers({
        queues,
        run: (effectId, attempt) =>
          options.aroundRun
            ? options.aroundRun(() => run(effectId, attempt), effectId, attempt)
            : run(effectId, attempt),
        wallClock: () => Date.now(),
        concurrency: { actors: concurrency, outside: concurrency },
        onRetry: (effectId, code) => retries.push(`${effectId} ${code}`),
      });
    },
    startAll(): void {
      stage.startEffects();
      clockWorker.start();
      updates.start();
    },
    /** How many effects were asked for and have not ended. */
    async pendingEffects(): Promise<number> {
      const counts = await Promise.all(timers.partitions.map((partition) => outbox.count(partition)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async armedTimers(): Promise<number> {
      const counts = await Promise.all(timers.partitions.map((partition) => client.zcard(keys.timers(partition))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    /** As the service stops: no new jobs, running ones finish, what is decided becomes a job. */
    async stop(): Promise<void> {
      await queues.stopWorkers();
      await relay.flushed();
      await queues.close();
    },
  };
  return stage;
}
