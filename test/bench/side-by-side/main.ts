// `npm run bench:side-by-side`: the same machine on Restate and on our runtime, in turns, in one run. Prints the tables and writes
// docs/benchmarks-restate.md. Options: --actors <n> (default 10000; as many timers), --quick (seconds; numbers mean nothing), --no-write.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { markdown } from "../report.ts";
import { WORKLOADS } from "./events.ts";
import { sideBySidePage, tablesOf } from "./page.ts";
import { measurePair, type PairSize } from "./pair.ts";

const { values } = parseArgs({
  options: {
    actors: { type: "string", default: "10000" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: true },
  },
  allowNegative: true,
});

const actors = z.coerce.number().int().min(200).parse(values.actors);
const FULL: PairSize = { actors, repeats: 3, turnMs: 3_000, bursts: 2, workloads: WORKLOADS };
const SHORTER: PairSize = {
  ...FULL,
  bursts: 1,
  workloads: WORKLOADS.filter(({ callers, keyed }) => callers === 64 && !keyed),
};
const QUICK: PairSize = { actors: 200, repeats: 1, turnMs: 300, bursts: 1, workloads: WORKLOADS };

const startedAt = performance.now();
const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
const progress = (text: string) => console.error(`${String(seconds()).padStart(4)} s  ${text}`);

// What is stopped by hand takes its servers along: process.exit runs what processes.ts asked for.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const asItComes = await measurePair("default", values.quick ? QUICK : FULL, progress);
const small = await measurePair("small", values.quick ? QUICK : SHORTER, progress);
for (const table of tablesOf(asItComes, small)) console.log(markdown(table));

if (values.write && !values.quick) {
  const file = join(import.meta.dirname, "../../../docs/benchmarks-restate.md");
  writeFileSync(file, await sideBySidePage(asItComes, small, seconds()));
  console.error(`${seconds()} s: written to docs/benchmarks-restate.md`);
} else {
  console.error(`${seconds()} s: docs/benchmarks-restate.md stays as it is`);
}
