// `npm run drill`. Exit code 0: all promises kept; 1: one was missed, or the drill could not be held; 2: wrong arguments, or to be done by hand.
import { writeFileSync } from "node:fs";
import { readArguments, USAGE } from "./arguments.ts";
import { BY_HAND } from "./by-hand.ts";
import { runDrill } from "./drill.ts";
import { type PrivateStack, startPrivateStack } from "./private-stack.ts";
import { reportOf, textOf } from "./report.ts";

const print = (text: string) => void process.stdout.write(text);

// biome-ignore lint/style/noProcessEnv: a secret is no argument: those can be read by everybody on the machine.
const options = readArguments(process.argv.slice(2), process.env.DRILL_TOKEN);
if (typeof options === "string") {
  print(`${options}\n\n${USAGE}`);
  process.exit(2);
}
const { staging, json, ...sizes } = options;
if (staging === "byHand") {
  print(BY_HAND);
  process.exit(2);
}
let stop: PrivateStack["stop"] = async () => {};
try {
  const place: PrivateStack = staging === "private" ? await startPrivateStack() : { ...staging, stop };
  stop = place.stop;
  print(`${sizes.payments} payments, ${sizes.cycles} grants and revocations, at ${place.service}\n`);
  const found = await runDrill(place, { ...sizes, onProgress: (line) => print(`  ${line}\n`) });
  const report = reportOf(found);
  print(`\n${textOf(report)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  print(`The drill could not be held: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stop();
}
process.exit();
