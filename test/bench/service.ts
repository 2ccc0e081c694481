// The durable part of the service on a server of its own, composed as the application composes it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { ActorAddress } from "../../machines/address.ts";
import { invocations } from "../../machines/invocations.ts";
import { makeEffectRunner } from "../../src/effects/run-effect.ts";
import { type EffectTable, type InvocationTable, makeExecutors } from "../../src/effects/table.ts";
import { ClockWorker } from "../../src/queues/clock-worker.ts";
import { startEffectWorkers } from "../../src/queues/effect-worker.ts";
import { OutboxRelay } from "../../src/queues/outbox-relay.ts";
import { QueueSet } from "../../src/queues/queue-set.ts";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { makeRedisConnections, type RedisConnections } from "../../src/redis/connect.ts";
import { startEmbeddedRedis } from "../../src/redis/embedded.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisOutbox } from "../../src/redis/outbox-store.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { loadScripts, type RunScript } from "../../src/redis/scripts.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import type { RedisTarget } from "../../src/redis-target.ts";
import { ActorSystem } from "../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import type { Cause } from "../../src/runtime/ports.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { benchMachine } from "./machine.ts";

/** `always`: fsync before the reply, as redis.conf has it. `everysec`: fsync once a second. */
export type Fsync = "always" | "everysec";

export interface BenchServer {
  readonly connections: RedisConnections;
  /** For INFO and the bare script. */
  readonly plain: Redis;
  /** A client for baselines: as ioredis makes it, with nothing of ours about it. Closed with the server. */
  plainClient(): Redis;
  readonly version: string;
  /** Where a whole service finds it. */
  readonly target: RedisTarget;
  close(): Promise<void>;
}

/** A redis-server with the project's redis.conf in a directory that is removed afterwards. */
export async function startServer(fsync: Fsync): Promise<BenchServer> {
  const { bin, env, version } = await findRedisServer({ log: console.error });
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-bench-"));
  const confFile = join(import.meta.dirname, "../../redis.conf");
  // A rewrite of the file in the middle of a measurement would be counted against whoever is measured at that moment.
  const args = ["--appendfsync", fsync, "--auto-aof-rewrite-percentage", "0"];
  const server = await startEmbeddedRedis({ bin, env, confFile, dataDir, args, onExit: failLoudly });
  const target = { kind: "socket", path: server.path } as const;
  const connections = makeRedisConnections(target, { onError: (_client, error) => failLoudly(error) });
  const plainClients: Redis[] = [];
  const plainClient = () => {
    const client = new Redis({ path: server.path, maxRetriesPerRequest: null });
    client.on("error", failLoudly);
    plainClients.push(client);
    return client;
  };
  const plain = plainClient();
  await plain.ping();
  return {
    connections,
    plain,
    plainClient,
    version,
    target,
    async close() {
      await connections.close();
      await Promise.all(plainClients.map((client) => client.quit()));
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A number taken while something fails means nothing. */
function failLoudly(error: Error): void {
  console.error(error);
  process.exit(1);
}

export const CAUSE: Cause = { kind: "system", id: "bench" };
export const addressAt = (index: number): ActorAddress => `subscription/${7_000_000_000 + index}:signals`;

export interface BenchService {
  readonly actors: ActorSystem;
  readonly keys: Keys;
  /** The script call that the last commit of an actor was; only with `record`. */
  lastCommit(address: ActorAddress): { readonly keys: readonly string[]; readonly args: readonly (string | number)[] };
  /** The commit script and nothing else, on a client without the limits the service sets. */
  readonly bareCommit: RunScript;
  readonly queues: QueueSet;
  readonly clockWorker: ClockWorker;
  readonly relay: OutboxRelay;
  /** Replaced by a measurement that wants to know. */
  onFired: (lateMs: number, outcome: string) => void;
  /** A timer was fired, its event is committed. */
  onTimer: (address: ActorAddress) => void;
  /** The result of an effect is committed. */
  onResult: (address: ActorAddress) => void;
  /** Begins to fire timers and to run effects. */
  startWorkers(): Promise<void>;
  close(): Promise<void>;
}

export interface BenchServiceOptions {
  readonly prefix: string;
  /** Keep each actor's last commit. */
  readonly record?: boolean;
  readonly cacheSize?: number;
  /** Effects of the lane `outside` that run at once. */
  readonly concurrency?: number;
}

export async function makeService(
  server: BenchServer,
  { prefix, cacheSize, record = false, concurrency = 50 }: BenchServiceOptions,
): Promise<BenchService> {
  const clock = { now: () => Date.now() };
  const client = await server.connections.command("bench");
  const keys = new Keys(prefix);
  const scripts = loadScripts(client);
  const commits = new Map<string, { keys: readonly string[]; args: readonly (string | number)[] }>();
  const recording: RunScript = (scriptKeys, args) => {
    commits.set(scriptKeys[0] ?? "", { keys: scriptKeys, args });
    return scripts.commitStep(scriptKeys, args);
  };
  const onError = (_where: string, error: Error) => failLoudly(error);
  const queues = new QueueSet({
    connect: (name) => server.connections.blocking(name),
    prefixOf: (shard) => keys.queuePrefix(shard),
    shards: 1,
    onError,
  });
  const relay = new OutboxRelay({ queues, partitionOf, onError });
  const actors: ActorSystem = new ActorSystem({
    machines: new MachineCatalog([benchMachine]),
    store: makeRedisActorStore(client, record ? { ...scripts, commitStep: recording } : scripts, keys),
    clock,
    afterCommit: {
      effectsAdded: (address, effects) => relay.add(address, effects),
      timerMoved: (address, dueAt) => clockWorker.timerMoved(address, dueAt),
    },
    ...(cacheSize === undefined ? {} : { cacheSize }),
  });
  const clockWorker = new ClockWorker({
    queues,
    timers: makeRedisTimerSource(client, keys, onError),
    door: {
      async fireTimer(timer) {
        const outcome = await actors.fireTimer(timer);
        service.onTimer(timer.address);
        return outcome;
      },
    },
    clock,
    onError,
    onFired: (lateMs, outcome) => service.onFired(lateMs, outcome),
    alsoSweep: [],
  });
  const service: BenchService = {
    actors,
    keys,
    queues,
    clockWorker,
    lastCommit(address) {
      const call = commits.get(keys.actor(address));
      if (!call) throw new Error(`no commit of ${address} was recorded`);
      return call;
    },
    bareCommit: loadScripts(server.plain).commitStep,
    relay,
    onFired: () => {},
    onTimer: () => {},
    onResult: () => {},
    async startWorkers() {
      const run = makeEffectRunner({
        door: {
          send: (...args) => actors.send(...args),
          awaits: (...args) => actors.awaits(...args),
          async deliverResult(address, ...rest) {
            const result = await actors.deliverResult(address, ...rest);
            service.onResult(address);
            return result;
          },
        },
        outbox: makeRedisOutbox(client, keys),
        executors: makeExecutors({} as EffectTable, doNothing),
        failed: { add: async (effectId) => failLoudly(new Error(`${effectId} failed`)), list: async () => [] },
        clock,
        random: () => 0.5,
      });
      startEffectWorkers({
        queues,
        run,
        wallClock: clock.now,
        concurrency: { actors: concurrency, outside: concurrency },
        onRetry: (effectId, code) => failLoudly(new Error(`${effectId}: ${code}`)),
      });
      clockWorker.start();
      await clockWorker.scheduleSweep();
      await queues.ready();
    },
    async close() {
      await relay.flushed();
      await queues.close();
    },
  };
  await queues.ready();
  return service;
}

/** Executors that answer at once: what is measured is everything around them. */
const doNothing = Object.fromEntries(
  Object.keys(invocations).map((name) => [name, async () => ({ membership: "member" })]),
) as unknown as InvocationTable;

/** Creates actors 0 to count - 1, and arms the timer of each when a term is given. */
export async function populate(service: BenchService, count: number, termMs: number | null): Promise<void> {
  await inParallel(count, 128, async (index) => {
    const address = addressAt(index);
    await service.actors.send(address, { type: "bench.opened", planCode: "month" }, { cause: CAUSE });
    if (termMs !== null) await service.actors.send(address, { type: "bench.armed", termMs }, { cause: CAUSE });
  });
}

/** Calls work(0) to work(count - 1), `width` of them at a time. */
export async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const loop = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, loop));
}
