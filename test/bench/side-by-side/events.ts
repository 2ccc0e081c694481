// Durable events over HTTP: both sides take turns.
import { cpus } from "node:os";
import { closedLoop } from "../closed-loop.ts";
import { median } from "../stats.ts";
import type { Contestant } from "./contestants.ts";
import { cpuMs } from "./processes.ts";

export const WORKLOADS = [
  { callers: 1, keyed: false },
  { callers: 16, keyed: false },
  { callers: 64, keyed: false },
  { callers: 64, keyed: true },
] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface Turn {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Service and its server, without whoever calls them. */
  readonly cpuMsPer1000: number;
}

export interface Size {
  readonly actors: number;
  readonly repeats: number;
  readonly turnMs: number;
}

export interface EventsMeasured {
  readonly workload: Workload;
  readonly ours: readonly Turn[];
  readonly restate: readonly Turn[];
  /** Share of the machine that others used meanwhile. 0 to 1. */
  readonly foreign: number;
}

/** The share of `before` to now that belongs to none of the processes of the comparison. */
export function foreignSince(pids: readonly number[]): () => number {
  const all = [...pids, process.pid];
  const busy = () => cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const before = { at: performance.now(), busy: busy(), ours: cpuMs(all) };
  return () => {
    const others = busy() - before.busy - (cpuMs(all) - before.ours);
    return Math.max(0, others / ((performance.now() - before.at) * cpus().length));
  };
}

export class EventsPart {
  readonly #contestants: readonly [Contestant, Contestant];
  readonly #size: Size;
  /** Events per actor, to be found again in what is stored. */
  readonly #sent = new Map<Contestant, number[]>();
  #calls = 0;

  constructor(contestants: readonly [Contestant, Contestant], size: Size) {
    this.#contestants = contestants;
    this.#size = size;
    for (const contestant of contestants) this.#sent.set(contestant, new Array<number>(size.actors).fill(0));
  }

  async measure(workload: Workload): Promise<EventsMeasured> {
    const { repeats, turnMs } = this.#size;
    const turns: Record<Contestant["name"], Turn[]> = { ours: [], restate: [] };
    const foreign = foreignSince(this.#contestants.flatMap(({ pids }) => pids));
    for (const contestant of this.#contestants) {
      await contestant.useCallers(workload.callers);
      await this.#turn(contestant, workload, turnMs / 4);
    }
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      // Who begins changes, so that a neighbour that comes and goes hits both.
      const order = repeat % 2 === 0 ? this.#contestants : this.#contestants.toReversed();
      for (const contestant of order) turns[contestant.name].push(await this.#turn(contestant, workload, turnMs));
    }
    return { workload, ...turns, foreign: foreign() };
  }

  async #turn(contestant: Contestant, { callers, keyed }: Workload, durationMs: number): Promise<Turn> {
    const sent = this.#sent.get(contestant) ?? [];
    const from = this.#calls;
    let calls = 0;
    const before = cpuMs(contestant.pids);
    const loop = await closedLoop(callers, durationMs, async (n) => {
      const index = (from + n) % sent.length;
      calls += 1;
      await contestant.send(index, { type: "bench.used", units: 1 }, keyed ? `k${from + n}` : undefined);
      sent[index] = (sent[index] ?? 0) + 1;
    });
    const used = cpuMs(contestant.pids) - before;
    this.#calls += calls;
    return { ...loop, cpuMsPer1000: (used / calls) * 1_000 };
  }

  /** What was answered must be stored, once. @throws Error for the first actor of whom it is not. */
  async check(): Promise<void> {
    for (const contestant of this.#contestants) {
      const sent = this.#sent.get(contestant) ?? [];
      for (let index = 0; index < sent.length; index += Math.ceil(sent.length / 200)) {
        const { used } = await contestant.read(index);
        if (used !== sent[index])
          throw new Error(`${contestant.name}: actor ${index} was sent ${sent[index]} events and has ${used}`);
      }
    }
  }
}

export const middle = (turns: readonly Turn[], what: keyof Turn): number => median(turns.map((turn) => turn[what]));
