// npm run soak [-- --rate 100 --minutes 10 --json]: the service under load; exit code 1 when memory or lag rise, or Telegram waits.
import { parseArgs } from "node:util";
import { SOAK_HEAD, soak } from "./support/soak-run.ts";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "100" },
    minutes: { type: "string", default: "10" },
    /** Instead of minutes. */
    seconds: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds ?? Number(values.minutes) * 60);
const rate = Number(values.rate);
if (!(seconds > 0) || !(rate > 0)) {
  console.error("--rate, --minutes and --seconds are positive numbers");
  process.exit(2);
}
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
say(SOAK_HEAD);
const report = await soak({ rate, seconds, sampleSeconds: Math.min(10, seconds), progress: say });
if (values.json) console.log(JSON.stringify({ rate, seconds, ...report }, null, 2));
say(`done: ${JSON.stringify(report.done)}; refused: ${JSON.stringify(report.refused)}; behind: ${report.behind}`);
for (const { name, measured, asked, met } of report.verdicts)
  say(`${met === null ? "?     " : met ? "met   " : "NOT MET"} ${name}: ${measured} (asked ${asked})`);
process.exitCode = report.verdicts.some(({ met }) => met === false) ? 1 : 0;
