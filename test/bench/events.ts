// Durable events per second beside the bare commit script: same server, same process, same payload, taking turns.
import { closedLoop, type LoopResult } from "./closed-loop.ts";
import { type Goal, ms, NOISY_FOREIGN, NOISY_SPREAD, perSecond, type Report, type Run, ratio } from "./report.ts";
import {
  addressAt,
  type BenchServer,
  type BenchService,
  CAUSE,
  type Fsync,
  inParallel,
  makeService,
  populate,
  startServer,
} from "./service.ts";
import { foreignCpu, median, readCpu, spread } from "./stats.ts";

const CALLERS = [1, 16, 64] as const;
const TERM_MS = 30 * 86_400_000;
/** Asked for with 64 callers. */
const ASKED: Readonly<Record<Fsync, number>> = { everysec: 0.55, always: 0.5 };

const WORKLOADS = {
  "no timer": { termMs: null, event: () => ({ type: "bench.used", units: 1 }) },
  "with a timer set": { termMs: TERM_MS, event: () => ({ type: "bench.used", units: 1 }) },
  renewal: { termMs: TERM_MS, event: (n: number) => ({ type: "bench.renewed", termMs: TERM_MS + (n % 1_000_000) }) },
} as const;
type Workload = keyof typeof WORKLOADS;

type Call = (n: number) => Promise<unknown>;

export function measureEvents(fsync: Fsync): (run: Run) => Promise<Report> {
  return async (run) => {
    const server = await startServer(fsync);
    try {
      const goals: Goal[] = [];
      const rows: string[][] = [];
      for (const workload of Object.keys(WORKLOADS) as Workload[]) {
        const outcome = await measureWorkload(server, fsync, workload, run);
        goals.push(outcome.goal);
        rows.push(...outcome.rows);
      }
      const columns = [
        "workload",
        "callers",
        "events/s",
        "p50 ms",
        "p99 ms",
        "bare script/s",
        "p50 ms",
        "p99 ms",
        "ratio",
      ];
      return { goals, tables: [{ title: `Events, appendfsync ${fsync}`, columns, rows, notes: [] }] };
    } finally {
      await server.close();
    }
  };
}

async function measureWorkload(server: BenchServer, fsync: Fsync, workload: Workload, run: Run) {
  const count = run.quick ? 200 : 10_000;
  const { repeats, durationMs } = run.quick ? { repeats: 1, durationMs: 40 } : { repeats: 5, durationMs: 300 };
  run.progress(`events, ${fsync}, ${workload}: creating ${count} actors twice`);
  const { ours, bare, close } = await contestants(server, workload, count);

  const rows: string[][] = [];
  let goal: Goal | undefined;
  for (const callers of CALLERS) {
    run.progress(`events, ${fsync}, ${workload}: ${callers} callers`);
    const pairs: { ours: LoopResult; bare: LoopResult }[] = [];
    const before = await readCpu(server.plain);
    await closedLoop(callers, durationMs / 2, ours);
    await closedLoop(callers, durationMs / 2, bare);
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      // Who begins changes, so that a neighbour that comes and goes hits both.
      const first = await closedLoop(callers, durationMs, repeat % 2 === 0 ? ours : bare);
      const second = await closedLoop(callers, durationMs, repeat % 2 === 0 ? bare : ours);
      pairs.push(repeat % 2 === 0 ? { ours: first, bare: second } : { ours: second, bare: first });
    }
    const foreign = foreignCpu(before, await readCpu(server.plain));
    const ratios = pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond);
    const of = (who: "ours" | "bare", what: keyof LoopResult) => median(pairs.map((pair) => pair[who][what]));
    rows.push([
      ...[workload, String(callers)],
      ...[perSecond(of("ours", "perSecond")), ms(of("ours", "p50Ms")), ms(of("ours", "p99Ms"))],
      ...[perSecond(of("bare", "perSecond")), ms(of("bare", "p50Ms")), ms(of("bare", "p99Ms"))],
      ratio(median(ratios)),
    ]);
    goal = {
      name: `events/s, ${workload}, ${callers} callers, ${fsync}`,
      asked: `≥ ${ASKED[fsync]} of the bare script`,
      measured: ratio(median(ratios)),
      met: median(ratios) >= ASKED[fsync],
      noisy: foreign > NOISY_FOREIGN || spread(ratios) > NOISY_SPREAD,
    };
  }
  await close();
  if (!goal) throw new Error("no number of callers was measured");
  return { goal, rows };
}

/** The same actors twice: one set takes events through the runtime, the other has the recorded commits of such events repeated. */
async function contestants(server: BenchServer, workload: Workload, count: number) {
  const { termMs, event } = WORKLOADS[workload];
  const prefix = `e${workload.replaceAll(" ", "")}`;
  const service = await makeService(server, { prefix: `${prefix}-ours` });
  await populate(service, count, termMs);
  const ours: Call = (n) => service.actors.send(addressAt(n % count), event(n), { cause: CAUSE });

  const recorder = await makeService(server, { prefix: `${prefix}-bare`, record: true });
  await populate(recorder, count, termMs);
  const commits = await recordCommits(recorder, count, event);
  const bare: Call = async (n) => {
    const commit = commits[n % count];
    if (!commit) throw new Error("no commit was recorded");
    await commit();
  };
  const close = async () => {
    await Promise.all([service.close(), recorder.close()]);
  };
  return { ours, bare, close };
}

/** Sends one event to each actor and keeps the script call it led to, to be repeated with the next revision. */
async function recordCommits(recorder: BenchService, count: number, event: (n: number) => { type: string }) {
  const commits: (() => Promise<unknown>)[] = [];
  for (let index = 0; index < count; index += 1) commits.push(() => Promise.reject(new Error("not recorded")));
  await inParallel(count, 64, async (index) => {
    await recorder.actors.send(addressAt(index), event(index), { cause: CAUSE });
    const call = recorder.lastCommit(addressAt(index));
    const args = [...call.args];
    const due = args.findIndex((value) => typeof value === "number" && value > 1_000_000_000_000);
    commits[index] = async () => {
      args[0] = Number(args[0]) + 1;
      // The same due time again would be no write.
      if (due >= 0) args[due] = Number(args[due]) + 1;
      const reply = (await recorder.bareCommit(call.keys, args)) as unknown[];
      if (reply.length !== 3) throw new Error(`the bare script wrote nothing: ${JSON.stringify(reply)}`);
    };
  });
  return commits;
}
