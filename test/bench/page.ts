// docs/benchmarks.md.
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { goalsTable, markdown, type Report } from "./report.ts";

export async function benchmarksPage({ goals, tables }: Report, seconds: number): Promise<string> {
  const missed = goals.filter(({ met }) => !met);
  const noisy = goals.filter((goal) => goal.noisy);
  const [cpu] = cpus();
  const redis = await findRedisServer();
  const summary =
    missed.length === 0
      ? `All ${goals.length} goals were met in this run.`
      : `${goals.length - missed.length} of ${goals.length} goals were met in this run; not met: ${missed.map(({ name, measured }) => `${name} (${measured})`).join("; ")}.`;
  return [
    "<!-- Written by `npm run bench`; edit test/bench instead. -->",
    "",
    "# Benchmarks",
    "",
    `${summary}${noisy.length > 0 ? ` ${noisy.length} of the values are marked noisy: others used the machine, or repeats lay far apart.` : ""}`,
    "",
    "Ratios compare two things that took turns in one run on one server, so they carry over to other machines. Everything else is a number",
    "of the machine below and is here for reading only.",
    "",
    `Machine: ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${release()}.`,
    `Node ${process.versions.node}, redis-server ${redis.version}, ioredis ${versionOf("ioredis")}, BullMQ ${versionOf("bullmq")}, XState ${versionOf("xstate")}. One Node process that is`,
    "client and service at once, one Redis on a unix socket with the settings of redis.conf.",
    "",
    `To repeat it: \`npm run bench\` (${Math.ceil(seconds / 60)} minutes here; leave the machine alone meanwhile), or a part of it: \`npm run bench -- --only timers --no-write\`.`,
    "",
    "The same machine on Restate and on ours, side by side: [benchmarks-restate.md](benchmarks-restate.md), by a command of its own.",
    "",
    markdown(goalsTable(goals)).replace("### Goals", "## Goals"),
    "## What falls short, and how to read it",
    "",
    ...READING.map((line) => `- ${line}`),
    "",
    "## Numbers of this machine",
    "",
    ...tables.map(markdown),
  ].join("\n");
}

const READING = [
  "The bare script is the service's own commit script, called again with the recorded payload of a real event: no machine, no check of the event, no JSON, no hash. It is a ceiling, not an alternative.",
  "With one caller the ratio is lower than with 64: a single event is latency, and the step and the JSON are added to one round trip instead of being done while others wait.",
  "Each part runs in one process on purpose. Several processes on one Redis reach more, because the process is the limit and not Redis.",
  "Raw BullMQ does nothing with its jobs. A timer or an effect here is at least one committed event with its audit entry.",
  "A renewal writes its timer three times (in the actor, in the sorted set, in the audit entry), about 150 B more than a plain event; that is the price of reading what is due without loading actors, and of an audit that names every due time.",
  "An effect is two commits, two reads and the whole life of a BullMQ job, while a raw job is only taken and finished: most of the gap is that work itself, in one process.",
  "The effects' and the timers' worker share one process and, for reads and commits, one connection; a read waits for the commits before it. Under appendfsync always that is at most a few fsyncs.",
  "A single timer is late by BullMQ's way to wake a sleeping worker, which goes by Redis' own clock (`hz` in redis.conf), and by one commit.",
] as const;

function versionOf(name: string): string {
  const file = join(import.meta.dirname, `../../node_modules/${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
