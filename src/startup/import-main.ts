// `npm run import`.
import { runImport } from "./import.ts";

process.exitCode = await runImport({
  // biome-ignore lint/style/noProcessEnv: the entry of a command, as main.ts is that of the service.
  env: process.env,
  args: process.argv.slice(2),
  print: (text) => void process.stdout.write(text),
  progress: (text) => void process.stderr.write(`${text}\n`),
});
