// A frozen day of all spreadsheets counted anew, from the sealed slices alone: no Redis, no verdict, nothing is changed. For whoever doubts
// the numbers of the dashboard, and for a fleet whose book was lost.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isDay } from "../../machines/dataset/days.ts";
import { makeCatalogSource, SAMPLE_PLANS_FILE } from "../catalog-source.ts";
import { plansSourceOf } from "../config.ts";
import { isAppError } from "../errors.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { metricsOf, share } from "../quality/engine/metrics.ts";
import { poolSums } from "../quality/engine/sums.ts";
import { PARITY_DATASET } from "../quality/settings.ts";
import { openDuck } from "../quality/slices/duck.ts";
import { type FleetProgress, measureFleetDay } from "../quality/slices/fleet-day.ts";

export interface ParityDayCommand {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--day YYYY-MM-DD [--data DIR] [--memory 1GB]` */
  readonly args: readonly string[];
  /** The outcome: one JSON object. */
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Whether somebody watches: then it shows how far it is. */
  readonly hasTerminal: boolean;
}

const USAGE =
  "parity:day --day YYYY-MM-DD [--data DIR] [--memory 1GB]: DIR is the service's DATA_DIR, ./data unless it is set\n";
const BAR = 30;

/** @returns 0: done; 2: wrong options, no such folder or plans with problems. @throws what the disk throws */
export async function runParityDay(command: ParityDayCommand): Promise<ExitCode> {
  const { env, print, complain } = command;
  const options = readOptions(command);
  if (options === null) {
    complain(USAGE);
    return EXIT_CODES.configRefused;
  }
  const { day, data, memory } = options;
  const root = join(data, "slices");
  if (!existsSync(root)) {
    complain(`${root}: there are no slices here; name the service's DATA_DIR with --data.\n`);
    return EXIT_CODES.configRefused;
  }
  const keys = await keysOf(env, complain);
  if (keys === null) return EXIT_CODES.configRefused;
  const duck = await openDuck({ spillDirectory: join(data, "slices-spill"), memoryLimit: memory });
  try {
    const deps = { root, duck, ...(command.hasTerminal ? { onProgress: barOn(complain) } : {}) };
    const { scopes, pooled } = await measureFleetDay(deps, PARITY_DATASET, day, keys);
    const all = poolSums(Object.values(pooled));
    const byKey = Object.fromEntries(
      Object.entries(pooled).map(([key, sums]) => [key, { ...sums, ...metricsOf(sums) }]),
    );
    const dataset = { nCells: all.nCells, nExact: all.nExact, numericExactRatio: share(all.nExact, all.nCells) };
    print(
      `${JSON.stringify({ dataset: PARITY_DATASET, day, scopes: scopes.length, ...dataset, keys: byKey }, null, 2)}\n`,
    );
    return EXIT_CODES.stopped;
  } finally {
    duck.close();
  }
}

function readOptions({ args, env }: ParityDayCommand) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { day: { type: "string" }, data: { type: "string" }, memory: { type: "string" } },
    });
    const { day = "", data = env.DATA_DIR ?? "./data", memory = "1GB" } = values;
    return isDay(day) && /^\d+(?:MB|GB)$/.test(memory) ? { day, data, memory } : null;
  } catch {
    return null;
  }
}

/** Tolerances as configured; those of single spreadsheets are not applied to all. */
async function keysOf(env: ParityDayCommand["env"], complain: (text: string) => void) {
  const { file, isOwnTelegramApi } = plansSourceOf(env);
  try {
    const catalog = await makeCatalogSource(file ?? SAMPLE_PLANS_FILE, { isOwnTelegramApi });
    return catalog.current().limits.parity.keys;
  } catch (error) {
    if (!isAppError(error)) throw error;
    complain(`${error.message}\n`);
    return null;
  }
}

const barOn =
  (complain: (text: string) => void): FleetProgress =>
  (done, of) => {
    const filled = Math.round((done / of) * BAR);
    const end = done === of ? "\n" : "";
    complain(`\rcompared [${"#".repeat(filled)}${".".repeat(BAR - filled)}] ${done} of ${of} spreadsheets${end}`);
  };
