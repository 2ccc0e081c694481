// Invoked effects with an executor that does nothing, from the asking event to the committed result, beside raw BullMQ.
import { Queue, Worker } from "bullmq";
import { NOISY_FOREIGN, NOISY_SPREAD, perSecond, type Report, type Run, ratio } from "./report.ts";
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
import { foreignCpu, median, readCpu, spread } from "./stats.ts";

const CONCURRENCY = 50;
const ASKED = 0.45;

export async function measureEffects(run: Run): Promise<Report> {
  const { count, repeats } = run.quick ? { count: 200, repeats: 1 } : { count: 5_000, repeats: 4 };
  const server = await startServer("everysec");
  try {
    const service = await makeService(server, { prefix: "fx", concurrency: CONCURRENCY });
    await populate(service, count, null);
    await service.startWorkers();
    const ours: number[] = [];
    const raw: number[] = [];
    // Once unmeasured, so that neither side pays for the compiler.
    await ourEffects(service, count);
    await rawJobs(server, "warm", count);
    const before = await readCpu(server.plain);
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      run.progress(`effects: ${count}, ${repeat + 1} of ${repeats}`);
      ours.push(await ourEffects(service, count));
      raw.push(await rawJobs(server, `r${repeat}`, count));
    }
    const noisy = foreignCpu(before, await readCpu(server.plain)) > NOISY_FOREIGN;
    await service.close();
    const ratios = ours.map((value, index) => value / (raw[index] ?? Number.NaN));
    const share = median(ratios);
    return {
      goals: [
        {
          name: "invoked effects/s, from the asking event to the committed result",
          asked: `≥ ${ASKED} of raw BullMQ processing`,
          measured: ratio(share),
          met: share >= ASKED,
          noisy: noisy || spread(ratios) > NOISY_SPREAD,
        },
      ],
      tables: [
        {
          title: "Invoked effects",
          columns: ["", "per second"],
          rows: [
            ["effects: asking event, job, executor, result event", perSecond(median(ours))],
            [
              `raw BullMQ: processing of waiting no-op jobs, one queue, concurrency ${CONCURRENCY}`,
              perSecond(median(raw)),
            ],
          ],
          notes: [
            "Each effect is two commits, one job and one look at the outbox; the raw jobs were added before the clock started.",
          ],
        },
      ],
    };
  } finally {
    await server.close();
  }
}

/** @returns effects per second. */
async function ourEffects(service: BenchService, count: number): Promise<number> {
  const start = performance.now();
  let asked = 0;
  const finished = new Promise<void>((resolve) => {
    let done = 0;
    service.onResult = () => {
      done += 1;
      if (done === count) resolve();
    };
  });
  await inParallel(count, 64, async (index) => {
    const { outcome, view } = await service.actors.send(addressAt(index), { type: "bench.asked" }, { cause: CAUSE });
    if (outcome === "applied" && view?.states[0] === "asking") asked += 1;
  });
  if (asked !== count) throw new Error(`${count - asked} actors did not ask`);
  await finished;
  return count / ((performance.now() - start) / 1_000);
}

/** @returns jobs per second. */
async function rawJobs(server: BenchServer, name: string, count: number): Promise<number> {
  const options = { prefix: `{raw-${name}}` };
  const queue = new Queue("raw", {
    ...options,
    connection: server.plainClient(),
    defaultJobOptions: { removeOnComplete: true },
  });
  for (let from = 0; from < count; from += 1_000) {
    await queue.addBulk(
      Array.from({ length: Math.min(1_000, count - from) }, (_, index) => ({ name: "job", data: { index } })),
    );
  }
  let done = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const process = async () => {
    done += 1;
    if (done === count) finish();
  };
  const worker = new Worker("raw", process, {
    ...options,
    connection: server.plainClient(),
    concurrency: CONCURRENCY,
    autorun: false,
  });
  await worker.waitUntilReady();
  const start = performance.now();
  void worker.run();
  await finished;
  const seconds = (performance.now() - start) / 1_000;
  await worker.close();
  await queue.close();
  return count / seconds;
}
