// `npm run -s parity:day -- --day 2026-11-22`.
import { runParityDay } from "./parity-day.ts";

process.exitCode = await runParityDay({
  // biome-ignore lint/style/noProcessEnv: the entry of a command, as main.ts is that of the service.
  env: process.env,
  args: process.argv.slice(2),
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  hasTerminal: process.stderr.isTTY,
});
