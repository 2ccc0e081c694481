// `npm run -s parity:evaluate`.
import { runEvaluate } from "../quality/case/command.ts";

const { stderr } = process;
/** So long nobody wonders. Unit: ms. */
const QUIET_MS = 500;
const CLEAR_LINE = "\r\u001b[K";

const startedAt = performance.now();
let hasLine = false;
const clear = (): void => {
  if (hasLine) stderr.write(CLEAR_LINE);
  hasLine = false;
};
const show = (step: string): void => {
  if (performance.now() - startedAt < QUIET_MS) return;
  stderr.write(`${CLEAR_LINE}${step} ...`);
  hasLine = true;
};

process.exitCode = await runEvaluate({
  args: process.argv.slice(2),
  print: (text) => void process.stdout.write(text),
  complain: (sentence) => {
    clear();
    stderr.write(`${sentence}\n`);
  },
  ...(stderr.isTTY ? { progress: show } : {}),
});
clear();
