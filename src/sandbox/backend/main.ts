// `npm run backend:sim`: the simulated backend as a process of its own, configured by SIM_* (environment.ts).
import { SimulatedBackend } from "./backend.ts";
import { readSimEnvironment } from "./environment.ts";
import { SimulatorUsageError } from "./errors.ts";
import { VirtualClock } from "./virtual-clock.ts";

const REFUSED = 2;
const NOT_STARTED = 1;

// biome-ignore lint/style/noProcessEnv: the entry of a process; nothing else of the simulator reads the environment
const read = readSimEnvironment(process.env);
if (!read.ok) {
  process.stderr.write(`The configuration is refused:\n${read.problems.map((line) => `  - ${line}\n`).join("")}`);
  process.exit(REFUSED);
}
const { options, startAt, isFrozen } = read.start;
const clock = new VirtualClock({ now: () => Date.now() }, { startAt, stands: isFrozen });

try {
  const backend = new SimulatedBackend({ ...options, clock, setClock: (now) => clock.set(now) });
  await backend.start();
  const { profile, control } = backend.options;
  process.stdout.write(
    `Simulated backend (${profile}) at ${backend.url}${control ? `, controls at ${backend.origin}/__sim/` : ""}\n`,
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void backend.stop());
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = NOT_STARTED;
}

function reasonOf(error: unknown): string {
  if (error instanceof SimulatorUsageError) return error.message;
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    return `Port ${options.port} is taken; choose another with SIM_PORT (0: any free one).`;
  return "The simulated backend could not start: check SIM_PORT, SIM_STATE_FILE and the keys.";
}
