// docs/benchmarks-restate.md.
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { findRedisServer } from "../../../src/setup/redis-server.mjs";
import { type Goal, goalsTable, markdown, ms, NOISY_FOREIGN, NOISY_SPREAD, perSecond, type Table } from "../report.ts";
import { median, spread } from "../stats.ts";
import { type EventsMeasured, middle, type Turn } from "./events.ts";
import type { Pair } from "./pair.ts";
import type { Burst } from "./timers.ts";

const ASKED = { eventsTimes: 12, p99Part: 8, cpuPart: 15, timersTimes: 15, memoryPart: 3 } as const;

const times = (value: number): string => `${value.toFixed(1)}×`;
const part = (value: number): string => `1/${value.toFixed(1)}`;
const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
const mib = (value: number): string => value.toFixed(0);

/** How many times more of it Restate has (or, for what should be many, we). */
const byTurn = ({ ours, restate }: EventsMeasured, what: keyof Turn): number[] =>
  ours.map((turn, index) => (restate[index]?.[what] ?? Number.NaN) / turn[what]);

const ofBursts = (bursts: readonly Burst[], what: keyof Burst): number => median(bursts.map((burst) => burst[what]));

function goalsOf({ events, bursts, memory, size, foreignInBursts }: Pair): Goal[] {
  const at64 = events.find(({ workload }) => workload.callers === 64 && !workload.keyed);
  if (!at64) throw new Error("64 callers were not measured");
  const rate = byTurn(at64, "perSecond").map((value) => 1 / value);
  const p99 = byTurn(at64, "p99Ms");
  const cpu = byTurn(at64, "cpuMsPer1000");
  const noisy = (values: readonly number[]) => at64.foreign > NOISY_FOREIGN || spread(values) > NOISY_SPREAD;
  const timers = ofBursts(bursts.restate, "doneMs") / ofBursts(bursts.ours, "doneMs");
  const resident = memory.restate.afterTimers / memory.ours.afterTimers;
  return [
    {
      name: "durable events/s over HTTP, 64 callers",
      asked: `≥ ${ASKED.eventsTimes}×`,
      measured: times(median(rate)),
      met: median(rate) >= ASKED.eventsTimes,
      noisy: noisy(rate),
    },
    {
      name: "the same, latency p99",
      asked: `≤ 1/${ASKED.p99Part}`,
      measured: part(median(p99)),
      met: median(p99) >= ASKED.p99Part,
      noisy: noisy(p99),
    },
    {
      name: "the same, processor time per event (service and server)",
      asked: `≤ 1/${ASKED.cpuPart}`,
      measured: part(median(cpu)),
      met: median(cpu) >= ASKED.cpuPart,
      noisy: noisy(cpu),
    },
    {
      name: `${size.actors.toLocaleString("en")} timers due at the same moment, until the last one`,
      asked: `≥ ${ASKED.timersTimes}× faster`,
      measured: times(timers),
      met: timers >= ASKED.timersTimes,
      noisy: foreignInBursts > NOISY_FOREIGN,
    },
    {
      name: "resident memory after all of it (service and server)",
      asked: `≤ 1/${ASKED.memoryPart}`,
      measured: part(resident),
      met: resident >= ASKED.memoryPart,
      noisy: false,
    },
  ];
}

function eventsTable({ events }: Pair, title: string): Table {
  return {
    title,
    columns: [
      ...["callers", "ours/s", "Restate/s", "times", "ours p50, ms", "Restate p50, ms"],
      ...["ours p99, ms", "Restate p99, ms", "part", "ours CPU, ms per 1,000", "Restate CPU, ms per 1,000", "part"],
    ],
    rows: events.map((measured) => {
      const { workload, ours, restate } = measured;
      const both = (what: keyof Turn) => [ms(middle(ours, what)), ms(middle(restate, what))];
      return [
        `${workload.callers}${workload.keyed ? ", each event with an idempotency key" : ""}`,
        ...[perSecond(middle(ours, "perSecond")), perSecond(middle(restate, "perSecond"))],
        times(1 / median(byTurn(measured, "perSecond"))),
        ...both("p50Ms"),
        ...[...both("p99Ms"), part(median(byTurn(measured, "p99Ms")))],
        ...[...both("cpuMsPer1000"), part(median(byTurn(measured, "cpuMsPer1000")))],
      ];
    }),
    notes: [],
  };
}

function timersTable({ bursts, size }: Pair, title: string): Table {
  const row = (name: string, of: readonly Burst[]) => [
    name,
    perSecond(ofBursts(of, "armedPerSecond")),
    ...[ms(ofBursts(of, "doneMs")), ms(ofBursts(of, "lateP50Ms")), ms(ofBursts(of, "lateP99Ms"))],
    ms(ofBursts(of, "cpuMsPer1000")),
  ];
  return {
    title: `${size.actors.toLocaleString("en")} timers due at the same moment${title}`,
    columns: ["", "armed/s", "last one after, ms", "late p50, ms", "late p99, ms", "CPU, ms per 1,000 armed and fired"],
    rows: [row("ours", bursts.ours), row("Restate", bursts.restate)],
    notes: [],
  };
}

function memoryTable({ memory }: Pair, title: string): Table {
  const row = (name: string, { started, afterEvents, afterTimers }: Pair["memory"]["ours"]) => [
    name,
    ...[mib(started), mib(afterEvents), mib(afterTimers)],
  ];
  return {
    title: `Resident memory, MiB${title}`,
    columns: ["service and server", "started", "after the events", "after the timers"],
    rows: [row("ours", memory.ours), row("Restate", memory.restate)],
    notes: [],
  };
}

export function tablesOf(asItComes: Pair, small: Pair): Table[] {
  const settings = ", Restate set for a small machine";
  return [
    goalsTable(goalsOf(asItComes)),
    eventsTable(asItComes, "Events"),
    timersTable(asItComes, ""),
    memoryTable(asItComes, ""),
    eventsTable(small, `Events${settings}`),
    timersTable(small, settings),
    memoryTable(small, settings),
  ];
}

export async function sideBySidePage(asItComes: Pair, small: Pair, seconds: number): Promise<string> {
  const goals = goalsOf(asItComes);
  const met = goals.filter((goal) => goal.met).length;
  const noisy = goals.filter((goal) => goal.noisy).length;
  const [cpu] = cpus();
  const redis = await findRedisServer();
  const [table, ...rest] = tablesOf(asItComes, small);
  if (!table) throw new Error("there is no table of goals");
  return [
    "<!-- Written by `npm run bench:side-by-side`; edit test/bench/side-by-side instead. -->",
    "",
    "# Beside Restate",
    "",
    "[Restate](https://restate.dev) is what comes nearest to this runtime: durable XState machines by its own adapter, `@restatedev/xstate`.",
    "Here the same machine (`test/bench/machine.ts`) runs on both, on one machine, in turns.",
    "",
    `${met} of ${goals.length} goals were met in this run.${noisy > 0 ? ` ${noisy} of the values are marked noisy: others used the machine, or turns lay far apart.` : ""}`,
    "The other benchmarks: [benchmarks.md](benchmarks.md).",
    "",
    `Machine: ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${release()}.`,
    `Node ${process.versions.node}, XState ${versionOf("../../../node_modules/xstate")}; redis-server ${redis.version}, Fastify ${versionOf("../../../node_modules/fastify")};`,
    `restate-server ${restateVersion("restate-server")}, restate-sdk ${restateVersion("restate-sdk")}, @restatedev/xstate ${restateVersion("xstate")}.`,
    "",
    `To repeat it: \`npm run bench:side-by-side -- --actors ${asItComes.size.actors}\` (${Math.ceil(seconds / 60)} minutes here, Linux; leave the machine alone meanwhile). It installs Restate, about 230 MB, in that folder only;`,
    "the service needs none of it, and no test does. `npm run bench:side-by-side -- --quick` shows in half a minute that it works.",
    "",
    markdown(table).replace("### Goals", "## Goals"),
    "## What is compared, and what is not",
    "",
    ...COMPARED,
    "",
    "## How to read it",
    "",
    ...READING.map((line) => `- ${line}`),
    "",
    "## Numbers of this machine",
    "",
    `As it comes: ${howMuch(asItComes)}`,
    "",
    `Set for a small machine: ${howMuch(small)}`,
    "",
    ...rest.map(markdown),
  ].join("\n");
}

const COMPARED = [
  "Compared is what both do: an event arrives over HTTP, the machine takes its step, the new state is on disk before the answer, the answer holds the",
  "whole actor; and a delayed transition comes when it is due. Restate does more than that: handlers in several languages whose every step is journaled and",
  "retried, calls between services that count once, a log replicated over several servers, SQL over its state. Ours does what that adapter does not: a",
  "hash-chained audit of every event, an index by state, and events that are checked before the machine sees them, all of it paid for in these numbers.",
] as const;

const howMuch = ({ size, events, foreignInBursts }: Pair): string =>
  `${size.actors.toLocaleString("en")} actors on each side. Events: ${size.repeats} turns of ${size.turnMs / 1_000} s for each side and number of callers, medians; timers: ${size.bursts === 1 ? "once" : `${size.bursts} times`}. Others used ${percent(Math.max(...events.map(({ foreign }) => foreign)))} of the machine's processors during the events at most, and ${percent(foreignInBursts)} during the timers.`;

const READING = [
  "Equal durability: Restate answers when the record is in the write-ahead log of its log server and that file is synced (`log-server.rocksdb-disable-wal-fsync` is `false`, its default; one server, `default-replication = 1`). Redis runs with `appendfsync always`, as redis.conf has it. Both write to the same disk; both sync once for all who wait.",
  "Each side is one Node process with the machine and one server: Fastify and redis-server (unix socket) here, Restate's SDK (HTTP/2) and restate-server, which has the HTTP door, there. Callers are a third process, whose processor time counts for nobody, though it takes the same two cores. Both sides are up all the time; while one is measured, the other idles.",
  "Processor time and memory are read from /proc and are of both processes of a side. The ratios of a line are medians of the turns' own ratios.",
  "After the events, stored counters of 200 actors of each side are compared with what was sent; after the timers, 100 actors' states. A difference stops the run.",
  "A timer of ours counts when its event is committed. One of Restate's counts when its handler has returned, a little before its commit: the difference is in Restate's favour. Restate's delay begins when the server has the event, which adds at most the latency of one call.",
  "The adapter's log lines are switched off, and so is Restate's telemetry.",
  "Set for a small machine: 4 partitions instead of 24 and no journals kept of finished calls; it syncs as before. On a machine with more cores, or several, Restate gains more than a single process of ours does.",
  "The adapter reads and writes several keys per event, each a record in the journal; a Restate object written by hand with one key needs less. What is compared is what one gets who has XState machines.",
] as const;

const restateVersion = (name: string): string => versionOf(`node_modules/@restatedev/${name}`);

function versionOf(folder: string): string {
  const file = join(import.meta.dirname, folder, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
