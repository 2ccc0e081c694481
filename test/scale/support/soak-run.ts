// The service under the same load for a while: one web and one worker process, sampled from outside.
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../../bench/stats.ts";
import { startLoad } from "./load.ts";
import { startOwnRedis } from "./own-redis.ts";
import { bucketsOf, quantile, readMetrics, sumOf, valuesOf } from "./read-metrics.ts";
import { CHANNEL, monthPlans } from "./short-plans.ts";
import { Town } from "./town.ts";

export interface SoakOptions {
  /** Deeds of people a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly sampleSeconds: number;
  readonly progress: (line: string) => void;
}

/** One look from outside. Memory in bytes, times in milliseconds. */
export interface SoakSample {
  readonly atSecond: number;
  /** Of the two processes, in their order. */
  readonly rss: readonly number[];
  readonly heap: readonly number[];
  readonly updates: number;
  readonly ackP99: number;
  readonly lagP99: number;
  readonly queued: number;
  readonly outboxOldest: number;
  readonly actors: number;
  readonly redisPerActor: number;
}

export interface SoakVerdict {
  readonly name: string;
  readonly measured: string;
  readonly asked: string;
  /** null: the time was too short to tell. */
  readonly met: boolean | null;
}

export interface SoakReport {
  readonly samples: readonly SoakSample[];
  readonly verdicts: readonly SoakVerdict[];
  readonly done: Readonly<Record<string, number>>;
  readonly behind: number;
  readonly refused: Readonly<Record<string, number>>;
}

const MACHINES = ["customer", "order", "payment", "subscription", "invite", "ticket"] as const;
/** Caches fill and the compiler works. Unit: seconds. */
const WARM_UP_S = 120;
const MOST_GROWTH = 0.1;
const ACK_P99_MS = 100;
/** What the lag may rise by from beginning to end, by the line through all samples. Unit: milliseconds. */
const MOST_LAG_RISE_MS = 100;
const SHORTEST_TO_JUDGE = 6;

export async function soak({ rate, seconds, sampleSeconds, progress }: SoakOptions): Promise<SoakReport> {
  const ends: (() => Promise<void>)[] = [];
  const atEnd = (end: () => Promise<void>) => void ends.unshift(end);
  try {
    const redis = await startOwnRedis(atEnd);
    let acks: number[] = [];
    const allAcks: number[] = [];
    const town = await Town.open({
      ...{ redisUrl: redis.url, client: redis.client, plans: monthPlans(), channelId: CHANNEL, atEnd },
      journalSize: 1_000,
      onAnswer: (_status, afterMs) => void acks.push(afterMs),
    });
    town.telegram.channels.create({ id: CHANNEL, title: "The club" });
    await Promise.all([town.start("web"), town.start("worker")]);
    const samples: SoakSample[] = [];
    const usedBefore = await redis.usedMemory();
    const load = startLoad(town.telegram, CHANNEL, rate);
    const from = performance.now();
    const lagOf = (texts: readonly string[]) =>
      bucketsOf(texts.flatMap(readMetrics), "tg_event_lag_seconds", { source: "update" });
    let before = lagOf(await town.metrics());
    for (let number = 1; number * sampleSeconds <= seconds; number += 1) {
      await sleep(Math.max(0, from + number * sampleSeconds * 1_000 - performance.now()));
      const texts = await town.metrics();
      const perProcess = texts.map(readMetrics);
      const all = perProcess.flat();
      const lag = lagOf(texts);
      const counted = await Promise.all(MACHINES.map((machine) => countActors(town, machine)));
      const actors = counted.reduce((sum, count) => sum + count, 0);
      const sample: SoakSample = {
        atSecond: number * sampleSeconds,
        rss: perProcess.map((one) => sumOf(one, "process_resident_memory_bytes")),
        heap: perProcess.map((one) => sumOf(one, "nodejs_heap_size_used_bytes")),
        updates: acks.length,
        ackP99: percentile(acks, 99),
        lagP99: quantile(lag, before, 0.99) * 1_000,
        // Gauges are the same in all processes; delayed jobs are timers and the sweep's next turn.
        queued: sumOf(perProcess[0] ?? [], "tg_queue_depth", { state: "waiting" }),
        outboxOldest: Math.max(0, ...valuesOf(all, "tg_outbox_oldest_seconds")) * 1_000,
        actors,
        redisPerActor: ((await redis.usedMemory()) - usedBefore) / Math.max(1, actors),
      };
      samples.push(sample);
      for (const ack of acks) allAcks.push(ack);
      acks = [];
      before = lag;
      progress(lineOf(sample));
    }
    await load.stop();
    return {
      samples,
      verdicts: judge(samples, allAcks, rate),
      done: load.done,
      behind: load.behind,
      refused: Object.fromEntries(load.refused),
    };
  } finally {
    for (const end of ends) await end();
  }
}

async function countActors({ reader }: Town, machine: (typeof MACHINES)[number]): Promise<number> {
  const states = await reader.actors.countByState(machine);
  // Parallel machines are in several states at once: the fullest region has them all or, where it is split, almost.
  const regions = new Map<string, number>();
  for (const [state, count] of Object.entries(states)) {
    const region = state.split(".")[0] ?? "";
    regions.set(region, (regions.get(region) ?? 0) + count);
  }
  const isParallel = machine === "subscription" || machine === "customer";
  const counts = [...regions.values()];
  return isParallel ? Math.max(0, ...counts) : counts.reduce((sum, count) => sum + count, 0);
}

function judge(samples: readonly SoakSample[], acks: readonly number[], rate: number): SoakVerdict[] {
  const warm = samples.filter(({ atSecond }) => atSecond > WARM_UP_S);
  const canJudge = warm.length >= SHORTEST_TO_JUDGE;
  const third = Math.max(1, Math.floor(warm.length / 3));
  const growth = ["web", "worker"].map((name, index) => {
    const rss = (part: readonly SoakSample[]) =>
      percentile(
        part.map((sample) => sample.rss[index] ?? 0),
        50,
      );
    return { name, ratio: rss(warm.slice(-third)) / rss(warm.slice(0, third)) - 1 };
  });
  const rise = slopeOf(warm) * ((warm.at(-1)?.atSecond ?? 0) - (warm[0]?.atSecond ?? 0));
  const ackP99 = percentile(acks, 99);
  const last = samples.at(-1);
  const seconds = last?.atSecond ?? 0;
  return [
    ...growth.map(({ name, ratio }) => ({
      name: `memory (RSS) of the ${name} process, from minute 2 to the end, last third to first`,
      measured: canJudge ? `${(ratio * 100).toFixed(1)} %` : "too short to tell",
      asked: `≤ ${MOST_GROWTH * 100} %`,
      met: canJudge ? ratio <= MOST_GROWTH : null,
    })),
    {
      name: "webhook acknowledged, p99",
      measured: `${ackP99.toFixed(1)} ms`,
      asked: `< ${ACK_P99_MS} ms`,
      met: canJudge ? ackP99 < ACK_P99_MS : null,
    },
    {
      name: "event lag p99, rise from minute 2 to the end, by a line through the samples",
      measured: canJudge ? `${rise.toFixed(0)} ms` : "too short to tell",
      asked: `≤ ${MOST_LAG_RISE_MS} ms`,
      met: canJudge ? rise <= MOST_LAG_RISE_MS : null,
    },
    {
      name: "updates a second",
      measured: (acks.length / Math.max(1, seconds)).toFixed(1),
      asked: `≥ ${(rate * 0.9).toFixed(1)}`,
      met: acks.length / Math.max(1, seconds) >= rate * 0.9,
    },
  ];
}

/** Least squares. Unit: milliseconds of lag per second. */
function slopeOf(samples: readonly SoakSample[]): number {
  const points = samples.filter(({ lagP99 }) => Number.isFinite(lagP99));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [x, y] = [mean(points.map(({ atSecond }) => atSecond)), mean(points.map(({ lagP99 }) => lagP99))];
  const spread = points.reduce((sum, { atSecond }) => sum + (atSecond - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, one) => sum + (one.atSecond - x) * (one.lagP99 - y), 0) / spread;
}

export const SOAK_HEAD =
  "  s | RSS web/worker MB | heap MB   | updates | ack p99 ms | lag p99 ms | queued | outbox s | actors | Redis B/actor";
const mb = (bytes: number) => (bytes / 1_048_576).toFixed(0);
const lineOf = (one: SoakSample): string =>
  [
    String(one.atSecond).padStart(3),
    one.rss.map(mb).join(" / ").padEnd(17),
    one.heap.map(mb).join(" / ").padEnd(9),
    String(one.updates).padStart(7),
    one.ackP99.toFixed(1).padStart(10),
    one.lagP99.toFixed(0).padStart(10),
    String(one.queued).padStart(6),
    (one.outboxOldest / 1_000).toFixed(1).padStart(8),
    String(one.actors).padStart(6),
    one.redisPerActor.toFixed(0).padStart(7),
  ].join(" | ");
