// Timers through the real clock: many due at once beside as many raw BullMQ jobs, and single ones on an idle system.
import { Queue, Worker } from "bullmq";
import { type Goal, ms, NOISY_FOREIGN, type Report, type Run, ratio } from "./report.ts";
import { addressAt, type BenchServer, CAUSE, inParallel, makeService, populate, startServer } from "./service.ts";
import { foreignCpu, median, percentile, readCpu } from "./stats.ts";

const WINDOW_MS = 2_000;
const ASKED = { doneMs: 2_600, lateP99Ms: 500, singleP99Ms: 50 } as const;

interface Burst {
  /** From the first due time to the last commit. */
  readonly doneMs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
}

export async function measureTimers(run: Run): Promise<Report> {
  const { count, repeats } = run.quick ? { count: 300, repeats: 1 } : { count: 20_000, repeats: 2 };
  const server = await startServer("everysec");
  try {
    const ours: Burst[] = [];
    const raw: Burst[] = [];
    const before = await readCpu(server.plain);
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      run.progress(`timers: ${count} due within ${WINDOW_MS} ms, ${repeat + 1} of ${repeats}`);
      ours.push(await ourBurst(server, `t${repeat}`, count));
      run.progress(`timers: as many BullMQ jobs, ${repeat + 1} of ${repeats}`);
      raw.push(await rawBurst(server, `r${repeat}`, count));
    }
    const noisy = foreignCpu(before, await readCpu(server.plain)) > NOISY_FOREIGN;
    const of = (bursts: readonly Burst[], what: keyof Burst) => median(bursts.map((burst) => burst[what]));
    const [done, late] = [of(ours, "doneMs"), of(ours, "lateP99Ms")];
    const goals: Goal[] = [
      {
        name: `${count} timers due within 2 s, all committed`,
        asked: "≤ 2.6 s",
        measured: `${(done / 1_000).toFixed(2)} s`,
        met: done <= ASKED.doneMs,
        noisy,
      },
      {
        name: "the same, lateness p99",
        asked: "≤ 0.5 s",
        measured: `${(late / 1_000).toFixed(2)} s`,
        met: late <= ASKED.lateP99Ms,
        noisy,
      },
    ];
    const row = (name: string, bursts: readonly Burst[]) => [
      name,
      ms(of(bursts, "doneMs")),
      ms(of(bursts, "lateP50Ms")),
      ms(of(bursts, "lateP99Ms")),
    ];
    return {
      goals,
      tables: [
        {
          title: `${count} timers due within two seconds`,
          columns: ["", "all done, ms after the first was due", "late p50, ms", "late p99, ms"],
          rows: [
            row("actors' timers, each a committed event", ours),
            row("raw BullMQ delayed jobs, no-op, one queue, concurrency 50", raw),
          ],
          notes: [`Time until all were done, raw BullMQ to ours: ${ratio(of(raw, "doneMs") / done)}.`],
        },
      ],
    };
  } finally {
    await server.close();
  }
}

export async function measureSingleTimers(run: Run): Promise<Report> {
  const count = run.quick ? 3 : 60;
  const server = await startServer("everysec");
  try {
    run.progress(`timers: ${count} single ones on an idle system`);
    const service = await makeService(server, { prefix: "single" });
    await populate(service, count, null);
    await service.startWorkers();
    const before = await readCpu(server.plain);
    const late: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const fired = new Promise<number>((resolve) => {
        service.onFired = resolve;
      });
      // Different distances, so that no due time meets a tick of anybody's clock by habit.
      await service.actors.send(
        addressAt(index),
        { type: "bench.armed", termMs: 60 + ((index * 37) % 120) },
        { cause: CAUSE },
      );
      late.push(await fired);
    }
    const noisy = foreignCpu(before, await readCpu(server.plain)) > NOISY_FOREIGN;
    await service.close();
    const p99 = percentile(late, 99);
    return {
      goals: [
        {
          name: "one timer on an idle system, lateness p99",
          asked: "≤ 50 ms",
          measured: `${ms(p99)} ms`,
          met: p99 <= ASKED.singleP99Ms,
          noisy,
        },
      ],
      tables: [
        {
          title: "One timer on an idle system",
          columns: ["timers", "late p50, ms", "late p90, ms", "late p99, ms"],
          rows: [[String(count), ms(percentile(late, 50)), ms(percentile(late, 90)), ms(p99)]],
          notes: [],
        },
      ],
    };
  } finally {
    await server.close();
  }
}

async function ourBurst(server: BenchServer, prefix: string, count: number): Promise<Burst> {
  const service = await makeService(server, { prefix, cacheSize: count });
  const populatedFrom = Date.now();
  await populate(service, count, null);
  const populateMs = Date.now() - populatedFrom;
  await service.startWorkers();
  const late: number[] = [];
  const done = new Promise<number>((resolve, reject) => {
    service.onFired = (lateMs, outcome) => {
      if (outcome !== "applied") reject(new Error(`a timer was ${outcome}`));
      late.push(lateMs);
      if (late.length === count) resolve(Date.now());
    };
  });
  // Arming takes about as long as creating did, and has to be over before the first one is due.
  const start = Date.now() + 1_000 + 2 * populateMs;
  await inParallel(count, 128, (index) => {
    const termMs = start + Math.floor((index * WINDOW_MS) / count) - Date.now();
    return service.actors.send(addressAt(index), { type: "bench.armed", termMs }, { cause: CAUSE });
  });
  if (Date.now() > start)
    throw new Error("arming the timers took longer than planned: this machine is too busy to measure anything");
  const doneAt = await done;
  await service.close();
  return { doneMs: doneAt - start, lateP50Ms: percentile(late, 50), lateP99Ms: percentile(late, 99) };
}

async function rawBurst(server: BenchServer, prefix: string, count: number): Promise<Burst> {
  const options = { prefix: `{${prefix}}` };
  const queue = new Queue("raw", {
    ...options,
    connection: server.plainClient(),
    defaultJobOptions: { removeOnComplete: true },
  });
  const late: number[] = [];
  let finish: (at: number) => void = () => {};
  const done = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const process = async (job: { data: { dueAt: number } }) => {
    late.push(Date.now() - job.data.dueAt);
    if (late.length === count) finish(Date.now());
  };
  const worker = new Worker("raw", process, { ...options, connection: server.plainClient(), concurrency: 50 });
  await worker.waitUntilReady();
  const start = Date.now() + 1_000 + count / 8;
  for (let from = 0; from < count; from += 1_000) {
    const jobs = Array.from({ length: Math.min(1_000, count - from) }, (_, offset) => {
      const dueAt = start + Math.floor(((from + offset) * WINDOW_MS) / count);
      return { name: "due", data: { dueAt }, opts: { delay: dueAt - Date.now() } };
    });
    await queue.addBulk(jobs);
  }
  if (Date.now() > start)
    throw new Error("adding the jobs took longer than planned: this machine is too busy to measure anything");
  const doneAt = await done;
  await worker.close();
  await queue.close();
  return { doneMs: doneAt - start, lateP50Ms: percentile(late, 50), lateP99Ms: percentile(late, 99) };
}
