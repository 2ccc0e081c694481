// A directory of files in, one result out (contract, section 12).
import { join } from "node:path";
import { daysOf } from "../../../machines/dataset/days.ts";
import { evaluateCalibration } from "../engine/calibration.ts";
import { completenessOf, historyOf } from "../engine/history.ts";
import { type DayMeasure, measureDay, poolDays, type SumsByKey } from "../engine/measure-day.ts";
import { judgeRelease } from "../engine/release.ts";
import { replayGate } from "../engine/replay-gate.ts";
import type { RowTable } from "../engine/row-table.ts";
import { type CaseConfig, readConfig, unknownNames } from "./config.ts";
import { readCatalogue } from "./read-catalogue.ts";
import { type CaseFormat, readJson } from "./read-files.ts";
import { readRows } from "./read-rows.ts";
import {
  calibrationMember,
  completenessMember,
  datasetDays,
  datasetMember,
  gateMember,
  metricsOfDays,
  normalisationMember,
  pooledMember,
  releaseMember,
} from "./report.ts";

export interface EvaluateOptions {
  /** Left out: whichever files are there, CSV first. */
  readonly format?: CaseFormat | undefined;
  /** What is done now: work may take seconds. */
  readonly progress?: (step: string) => void;
  /** What a person should know although it is no error. */
  readonly warn?: (sentence: string) => void;
}

/**
 * @returns plain JSON; member by member as section 12 says
 * @throws AppError parity.caseInvalid: `details.problem` is a sentence that names file, line or row, and rule
 */
export async function evaluateCase(directory: string, options: EvaluateOptions = {}): Promise<object> {
  const { format, progress = () => {}, warn = () => {} } = options;
  const file = { name: "config.json", path: join(directory, "config.json") };
  const config = readConfig(await readJson(file), file.name);
  const { window, keys, gate, calibration, release } = config;
  const wanted = { directory, format, keys: Object.keys(keys), window };
  progress("reading");
  const upstream = await readRows("upstream", wanted);
  const local = await readRows("local", wanted);
  const candidate = release === null ? null : await readRows("candidate", wanted);
  const catalogue = await readCatalogue(directory, format);
  // After all that may be refused: a refusal is one sentence.
  for (const name of unknownNames(config)) warn(`${file.name}: ${name} is none of keys, so it is not looked at`);

  progress("comparing");
  const days = measureDays(upstream.table, local.table, config);
  const pooled = poolDays(days, keys);
  const history = historyOf(local.table, catalogue);
  const sides = { upstream: upstream.table, local: local.table, keys };
  if (calibration) progress("calibrating");
  return {
    normalisation: {
      upstream: normalisationMember(upstream.counts),
      local: normalisationMember(local.counts),
      ...(candidate ? { candidate: normalisationMember(candidate.counts) } : {}),
    },
    metrics: metricsOfDays(days),
    dataset_days: datasetDays(days),
    pooled: pooledMember(pooled),
    dataset_pooled: datasetMember(pooled),
    completeness: completenessMember(completenessOf(history, window)),
    ...(gate ? { gate: gateMember(replayGate(days, keys, history, gate)) } : {}),
    ...(calibration
      ? { calibration: calibrationMember(evaluateCalibration({ ...sides, catalogue, ...calibration })) }
      : {}),
    ...(release && candidate ? { release: releaseOf(pooled, upstream.table, candidate.table, config, release) } : {}),
  };
}

const measureDays = (upstream: RowTable, local: RowTable, { window, keys }: CaseConfig): DayMeasure[] =>
  daysOf(window).map((day) => measureDay({ upstream, local, keys }, day));

function releaseOf(
  baseline: SumsByKey,
  upstream: RowTable,
  candidate: RowTable,
  config: CaseConfig,
  settings: NonNullable<CaseConfig["release"]>,
): object {
  const pooled = poolDays(measureDays(upstream, candidate, config), config.keys);
  return releaseMember(judgeRelease(baseline, pooled, settings), baseline, pooled);
}
