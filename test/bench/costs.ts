// What an event and an idle actor cost Redis: commands, bytes of the append-only file, memory. Exact numbers, the same on every machine.
import type { Redis } from "ioredis";
import { partitions } from "../../src/redis/partitions.ts";
import type { Goal, Report, Run } from "./report.ts";
import {
  addressAt,
  type BenchServer,
  type BenchService,
  CAUSE,
  inParallel,
  makeService,
  populate,
  startServer,
} from "./service.ts";

const TERM_MS = 30 * 86_400_000;
const ASKED = { plainCommands: 6, renewalCommands: 8, memoryBytes: 1_800 } as const;
/** Of the snapshot's size, and bytes on top. */
const AOF_ASKED = { factor: 1.8, constant: 300 } as const;

export async function measureCosts(run: Run): Promise<Report> {
  const actors = run.quick ? 300 : 10_000;
  const server = await startServer("everysec");
  try {
    const service = await makeService(server, { prefix: "cost" });
    run.progress(`costs: creating ${actors} actors, each with a pending timer`);
    const idle = await memoryPerActor(server, service, actors);
    const snapshotBytes = await sizeOfSnapshot(server.plain, service);

    run.progress("costs: commands and bytes per event");
    const renewal = await perEvent(server.plain, service, actors, (n) => ({
      type: "bench.renewed",
      termMs: TERM_MS + 1 + n,
    }));
    const plain = await perEvent(server.plain, service, actors, () => ({ type: "bench.used", units: 1 }));
    await service.close();

    const aofAsked = AOF_ASKED.factor * snapshotBytes + AOF_ASKED.constant;
    const goals: Goal[] = [
      atMost("Redis commands per plain event", plain.commands, ASKED.plainCommands, ""),
      atMost("Redis commands per renewal", renewal.commands, ASKED.renewalCommands, ""),
      atMost("append-only file per plain event", plain.aofBytes, aofAsked, "B"),
      atMost("append-only file per renewal", renewal.aofBytes, aofAsked, "B"),
      atMost("Redis memory per idle actor with a pending timer", idle.total, ASKED.memoryBytes, "B"),
    ];
    return {
      goals,
      tables: [
        {
          title: "Costs in Redis",
          columns: ["", "commands", "append-only file, B"],
          rows: [
            ["plain event", plain.commands.toFixed(2), plain.aofBytes.toFixed(0)],
            ["renewal (its timer is armed anew)", renewal.commands.toFixed(2), renewal.aofBytes.toFixed(0)],
          ],
          notes: [
            `Commands include those inside the script. Snapshot: ${snapshotBytes} B of JSON (status, value, 15 fields of context), without the timers.`,
          ],
        },
        {
          title: "Redis memory per idle actor",
          columns: ["part", "B per actor"],
          rows: Object.entries(idle.parts).map(([part, bytes]) => [part, bytes.toFixed(0)]),
          notes: [
            `used_memory over ${actors} actors of two events each: created, timer armed. So each has two audit entries and two index entries. ` +
              "The parts are samples of MEMORY USAGE; the rest is the key itself and what Redis keeps around it.",
          ],
        },
      ],
    };
  } finally {
    await server.close();
  }
}

const atMost = (name: string, value: number, limit: number, unit: string): Goal => ({
  name,
  asked: `≤ ${Math.round(limit)} ${unit}`.trim(),
  measured: `${Number.isInteger(value) ? value : value.toFixed(unit === "" ? 2 : 0)} ${unit}`.trim(),
  met: value <= limit,
  noisy: false,
});

async function memoryPerActor(server: BenchServer, service: BenchService, actors: number) {
  const redis = server.plain;
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
  // Scripts are compiled and connections have their buffers before the first reading.
  await service.actors.send(addressAt(actors), { type: "bench.opened", planCode: "month" }, { cause: CAUSE });
  const before = await used();
  await populate(service, actors, TERM_MS);
  const total = ((await used()) - before) / actors;

  const usage = async (keys: readonly string[]) => {
    let sum = 0;
    for (const key of keys) sum += Number((await redis.memory("USAGE", key, "SAMPLES", 0)) ?? 0);
    return sum;
  };
  const all = partitions();
  const sample = Math.min(actors, 500);
  const hashes =
    (await usage(Array.from({ length: sample }, (_, index) => service.keys.actor(addressAt(index))))) / sample;
  const parts = {
    total,
    "the actor (hash)": hashes,
    "audit (stream)": (await usage(all.map((partition) => service.keys.audit(partition)))) / actors,
    "timers (sorted set)": (await usage(all.map((partition) => service.keys.timers(partition)))) / actors,
    "index (sorted set)": (await usage(all.map((partition) => service.keys.index(partition)))) / actors,
  };
  return { total, parts };
}

async function sizeOfSnapshot(redis: Redis, service: BenchService): Promise<number> {
  const envelope = JSON.parse((await redis.hget(service.keys.actor(addressAt(0)), "s")) ?? "{}");
  return Buffer.byteLength(JSON.stringify(envelope.snapshot));
}

async function perEvent(redis: Redis, service: BenchService, actors: number, event: (n: number) => { type: string }) {
  const count = Math.min(actors, 2_000);
  const send = (index: number) => service.actors.send(addressAt(index), event(index), { cause: CAUSE });
  // The first event makes the partition's wake-up and such; the second is what an event costs.
  await inParallel(count, 64, send);
  await settled();
  const before = await counters(redis);
  await inParallel(count, 64, (index) =>
    service.actors.send(addressAt(index), event(index + actors), { cause: CAUSE }),
  );
  await settled();
  const after = await counters(redis);
  return { commands: (after.commands - before.commands) / count, aofBytes: (after.aofBytes - before.aofBytes) / count };
}

/** What a commit sets in motion in this process has left it after a turn or two. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Without the reading itself. */
const READERS = new Set(["info", "ping"]);

async function counters(redis: Redis) {
  const stats = await redis.info("commandstats");
  let commands = 0;
  for (const [, name = "", calls] of stats.matchAll(/cmdstat_([^:]+):calls=(\d+)/g))
    if (!READERS.has(name)) commands += Number(calls);
  const aofBytes = Number(/aof_current_size:(\d+)/.exec(await redis.info("persistence"))?.[1]);
  return { commands, aofBytes };
}
