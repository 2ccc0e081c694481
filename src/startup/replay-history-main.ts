// `npm run history:replay`.
import { runHistoryReplay } from "./replay-history.ts";

process.exitCode = await runHistoryReplay({
  args: process.argv.slice(2),
  print: (text) => void process.stdout.write(text),
});
