import { measureEvents } from "./events.ts";
import { markdown, goalsTable } from "./report.ts";
const quick = process.argv.includes("--quick");
const r = await measureEvents((process.argv[2] as never) ?? "everysec")({ quick, progress: (t) => console.error(t) });
console.log(markdown(goalsTable(r.goals)));
for (const t of r.tables) console.log(markdown(t));
