// npm run storm [-- --actors 100000 --json]: the paid time of so many ends within a minute; exit code 1 when a pace or a limit is not kept.
import { parseArgs } from "node:util";
import { storm } from "./support/storm-run.ts";

const { values } = parseArgs({
  options: {
    actors: { type: "string", default: "100000" },
    /** Seconds until the first end; the crowd must be settled by then. */
    lead: { type: "string" },
    /** Seconds in which all of them end. */
    window: { type: "string", default: "60" },
    workers: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const [actors, windowS, workers] = [Number(values.actors), Number(values.window), Number(values.workers)];
const leadS = Number(values.lead ?? 30 + actors / 400);
if (![actors, windowS, workers, leadS].every((value) => value > 0)) {
  console.error("--actors, --lead, --window and --workers are positive numbers");
  process.exit(2);
}
const progress = (line: string) => console.error(line);
const report = await storm({
  ...{ actors, workers, progress, buyers: 10, breaker: 20 },
  leadMs: leadS * 1_000,
  windowMs: windowS * 1_000,
});
if (values.json) console.log(JSON.stringify(report, null, 2));
else console.log(report);
for (const line of report.wrong) console.error(`wrong: ${line}`);
process.exitCode = report.wrong.length > 0 ? 1 : 0;
