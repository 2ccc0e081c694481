// `npm run bench`: measures the durable core beside what it is built on, prints a table and writes docs/benchmarks.md.
// Options: --only <name> (several times), --quick (seconds; numbers mean nothing), --no-write.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCosts } from "./costs.ts";
import { measureEffects } from "./effects.ts";
import { measureEvents } from "./events.ts";
import { measureFleet } from "./fleet-day.ts";
import { measureOnboarding } from "./onboarding.ts";
import { benchmarksPage } from "./page.ts";
import { measureParityCase } from "./parity-case.ts";
import { goalsTable, markdown, type Report, type Run } from "./report.ts";
import { measureSingleTimers, measureTimers } from "./timers.ts";
import { measurePreCheckout } from "./under-load.ts";

const MEASUREMENTS: Readonly<Record<string, (run: Run) => Promise<Report>>> = {
  costs: measureCosts,
  "events-everysec": measureEvents("everysec"),
  "events-always": measureEvents("always"),
  timers: measureTimers,
  "single-timer": measureSingleTimers,
  effects: measureEffects,
  "pre-checkout": measurePreCheckout,
  onboarding: measureOnboarding,
  "parity-case": measureParityCase,
  "fleet-day": measureFleet,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const names = values.only ?? Object.keys(MEASUREMENTS);
const unknown = names.filter((name) => !(name in MEASUREMENTS));
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(", ")}. Known: ${Object.keys(MEASUREMENTS).join(", ")}.`);
  process.exit(2);
}

const startedAt = performance.now();
const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
const run: Run = {
  quick: values.quick,
  progress: (text) => console.error(`${String(seconds()).padStart(4)} s  ${text}`),
};
const reports: Report[] = [];
for (const name of names) {
  const report = await MEASUREMENTS[name]?.(run);
  if (report) reports.push(report);
}
const goals = reports.flatMap((report) => report.goals);
const tables = reports.flatMap((report) => report.tables);
for (const table of [...tables, goalsTable(goals)]) console.log(markdown(table));

// Part of the measurements, or hasty ones, must not replace the page.
const isComplete = !values.quick && values.only === undefined;
if (values.write && isComplete) {
  const file = join(import.meta.dirname, "../../docs/benchmarks.md");
  writeFileSync(file, await benchmarksPage({ goals, tables }, seconds()));
  console.error(`${seconds()} s: written to docs/benchmarks.md`);
} else {
  console.error(`${seconds()} s: docs/benchmarks.md stays as it is`);
}
