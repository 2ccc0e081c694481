// One comparison: both sides are started, filled, measured in turns, and stopped.
import { type Contestant, type RestateSettings, startOurs, startRestate } from "./contestants.ts";
import { type EventsMeasured, EventsPart, foreignSince, type Size, type Workload } from "./events.ts";
import { residentMib } from "./processes.ts";
import { type Burst, burst, inParallel } from "./timers.ts";

export interface PairSize extends Size {
  readonly workloads: readonly Workload[];
  readonly bursts: number;
}

type OfBoth<T> = Readonly<Record<Contestant["name"], T>>;

export interface Pair {
  readonly settings: RestateSettings;
  readonly size: PairSize;
  readonly createdPerSecond: OfBoth<number>;
  readonly events: readonly EventsMeasured[];
  readonly bursts: OfBoth<readonly Burst[]>;
  /** Share of the machine that others used while timers ran. 0 to 1. */
  readonly foreignInBursts: number;
  /** Resident memory of the service and its server. Unit: MiB. */
  readonly memory: OfBoth<{ readonly started: number; readonly afterEvents: number; readonly afterTimers: number }>;
}

export async function measurePair(
  settings: RestateSettings,
  size: PairSize,
  progress: (text: string) => void,
): Promise<Pair> {
  progress(`${settings}: starting both`);
  const ours = await startOurs();
  const restate = await startRestate(settings);
  const both = [ours, restate] as const;
  const memoryNow = () => ofBoth(({ pids }) => residentMib(pids));
  const ofBoth = <T>(read: (contestant: Contestant) => T) => ({ ours: read(ours), restate: read(restate) });
  try {
    const started = memoryNow();
    progress(`${settings}: creating ${size.actors} actors in each`);
    const seconds = { ours: await fill(ours, size.actors), restate: await fill(restate, size.actors) };

    const part = new EventsPart(both, size);
    const events: EventsMeasured[] = [];
    for (const workload of size.workloads) {
      progress(`${settings}: events, ${workload.callers} callers${workload.keyed ? ", with keys" : ""}`);
      events.push(await part.measure(workload));
    }
    await part.check();
    const afterEvents = memoryNow();

    const foreign = foreignSince(both.flatMap(({ pids }) => pids));
    const bursts: Record<Contestant["name"], Burst[]> = { ours: [], restate: [] };
    for (let repeat = 0; repeat < size.bursts; repeat += 1) {
      for (const contestant of both) {
        progress(`${settings}: ${size.actors} timers, ${contestant.name}, ${repeat + 1} of ${size.bursts}`);
        // Arming takes a little longer than creating did.
        const leadMs = Math.ceil(4_000 + 2_000 * seconds[contestant.name]);
        bursts[contestant.name].push(await burst(contestant, size.actors, leadMs));
      }
    }
    const afterTimers = memoryNow();
    return {
      settings,
      size,
      createdPerSecond: ofBoth(({ name }) => size.actors / seconds[name]),
      events,
      bursts,
      foreignInBursts: foreign(),
      memory: ofBoth(({ name }) => ({
        started: started[name],
        afterEvents: afterEvents[name],
        afterTimers: afterTimers[name],
      })),
    };
  } finally {
    await ours.stop();
    await restate.stop();
  }
}

/** @returns how long it took. Unit: seconds. */
async function fill(contestant: Contestant, actors: number): Promise<number> {
  const from = performance.now();
  await inParallel(actors, (index) => contestant.create(index));
  return (performance.now() - from) / 1_000;
}
