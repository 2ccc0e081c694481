// Timers that are all due at the same moment: how long until the last one is handled, and how late each was.
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../stats.ts";
import type { Contestant } from "./contestants.ts";
import { cpuMs } from "./processes.ts";

const CALLERS = 64;

export interface Burst {
  readonly armedPerSecond: number;
  /** From the due time to the last one. */
  readonly doneMs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  /** To arm and to fire one thousand. */
  readonly cpuMsPer1000: number;
}

/** @param leadMs How long from now they are due; arming has to be over by then. */
export async function burst(contestant: Contestant, count: number, leadMs: number): Promise<Burst> {
  await contestant.useCallers(CALLERS);
  await contestant.takeFired();
  const from = Date.now();
  const before = cpuMs(contestant.pids);
  const dueAt = from + leadMs;
  await inParallel(count, async (index) => {
    const termMs = dueAt - Date.now();
    if (termMs <= 0) throw new Error(`${contestant.name}: arming takes longer than planned, the machine is too busy`);
    await contestant.send(index, { type: "bench.armed", termMs });
  });
  const armedAt = Date.now();
  while ((await contestant.countFired()) < count) {
    if (Date.now() > dueAt + 600_000) throw new Error(`${contestant.name}: timers are missing ten minutes later`);
    await delay(200);
  }
  const used = cpuMs(contestant.pids) - before;
  const late = (await contestant.takeFired()).map((at) => at - dueAt);
  for (let index = 0; index < count; index += Math.ceil(count / 100)) {
    const { state } = await contestant.read(index);
    if (state !== "idle") throw new Error(`${contestant.name}: actor ${index} is ${state}, and its timer was fired`);
  }
  return {
    armedPerSecond: (count / (armedAt - from)) * 1_000,
    doneMs: Math.max(...late),
    lateP50Ms: percentile(late, 50),
    lateP99Ms: percentile(late, 99),
    cpuMsPer1000: (used / count) * 1_000,
  };
}

/** Calls work(0) to work(count - 1), as many at a time as there are callers. */
export async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const loop = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CALLERS }, loop));
}
