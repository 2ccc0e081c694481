// Once a week a scope's corrections are fitted anew and judged; every day those in use are held against raw data.
import { createHash } from "node:crypto";
import { addressOf } from "../../../machines/address.ts";
import { addDays, daysBetween, daysOf } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import { correctedKeys } from "../../../machines/dataset/policy.ts";
import type { DatasetContext, DatasetEvent } from "../../../machines/dataset/types.ts";
import type { Actors, Cause } from "../../runtime/ports.ts";
import type { FrozenSlices, Scope } from "../daily/ports.ts";
import { type Coefficients, calibrate } from "../engine/apply.ts";
import { type Calibration, evaluateCalibration } from "../engine/calibration.ts";
import { measureDay, poolDays, type Sides, type SumsByKey } from "../engine/measure-day.ts";
import { metricsOf } from "../engine/metrics.ts";
import { judgeRelease, keyStatus, type Release } from "../engine/release.ts";
import { emptySums } from "../engine/sums.ts";
import { hashOf } from "../hash-of.ts";
import type { DayWindow, KeyTable } from "../model.ts";
import { readComparedDays } from "./compared-days.ts";
import type { CalibrationBook, CalibrationRecord, CoefficientSet } from "./ports.ts";
import { calibrationSettings, FIRST_FIT_DAYS, FIT_EVERY_DAYS, releaseSettings } from "./settings.ts";

export interface CalibrationDeps {
  readonly actors: Pick<Actors, "send">;
  readonly slices: FrozenSlices;
  readonly book: CalibrationBook;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface JudgedScope {
  readonly scope: Scope;
  /** First evaluated day; nothing before it is looked at. */
  readonly from: Day;
  /** The frozen day. */
  readonly date: Day;
  /** Of its verdict; null: there was no comparison. */
  readonly windowDays: number | null;
  readonly keys: KeyTable;
  readonly known: Pick<DatasetContext, "from" | "fittedOn" | "corrections">;
}

/** The same day again does the same, and its events are taken once. @throws AppError redis.unreachable; what reading slices throws */
export async function calibrateScope(deps: CalibrationDeps, judged: JudgedScope): Promise<void> {
  await withdrawWorse(deps, judged);
  if (isFitDue(judged)) await fitAnew(deps, judged);
}

/** Before the first evaluated days are enough for a holdout nothing could pass. */
export const isFitDue = ({ from, date, known: { fittedOn } }: Pick<JudgedScope, "from" | "date" | "known">): boolean =>
  fittedOn === null ? daysBetween(from, date) + 1 >= FIRST_FIT_DAYS : daysBetween(fittedOn, date) >= FIT_EVERY_DAYS;

async function fitAnew(deps: CalibrationDeps, { scope, from, date, keys }: JudgedScope): Promise<void> {
  const settings = calibrationSettings(keys);
  const start = addDays(date, 1 - settings.overlapDays);
  const window = { from: start < from ? from : start, to: date };
  const { evidence, ...sides } = await readComparedDays(deps.slices, scope, window, Object.keys(keys).length);
  const found = evaluateCalibration({ ...sides, keys, asOf: date, settings });
  const release =
    found.accepted.length === 0 ? null : judgeRelease(found.combined.before, found.combined.after, releaseSettings);
  const coefficients = setOf(found.coefficients);
  const id = `${date}-${hashOf(coefficients).slice(0, 8)}`;
  const run = recordOf(found, {
    ...{ id, asOf: date, release, judgedAt: deps.now() },
    paramsHash: hashOf({ keys, settings, releaseSettings }),
    slicesHash: createHash("sha256").update(evidence.join("\n")).digest("hex").slice(0, 32),
  });
  // Written first: whoever finds that a set is live finds its coefficients and its numbers as well.
  await deps.book.putRun(scope, run);
  if (release?.verdict === "allow") await deps.book.putCoefficients(scope, id, coefficients);
  await tell(deps, scope, date, {
    type: "dataset.calibrated",
    set: id,
    asOf: date,
    verdicts: Object.fromEntries(Object.entries(run.keys).map(([key, { reason }]) => [key, reason])),
    release: release === null ? null : { isAllowed: release.verdict === "allow", reason: release.reason },
    evidence: { paramsHash: run.paramsHash, slicesHash: run.slicesHash },
  });
}

const setOf = (coefficients: Coefficients): CoefficientSet =>
  Object.fromEntries([...coefficients].map(([key, ofNmIds]) => [key, Object.fromEntries(ofNmIds)]));

type Rest = Pick<CalibrationRecord, "id" | "asOf" | "paramsHash" | "slicesHash" | "judgedAt"> & {
  readonly release: Release | null;
};

const recordOf = ({ train, holdout, keys, combined, coefficients }: Calibration, rest: Rest): CalibrationRecord => ({
  ...{ ...rest, train, holdout, combined },
  keys: Object.fromEntries(
    Object.entries(keys).map(([key, { groups: _, ...said }]) => [
      key,
      { ...said, coefficients: coefficients.get(key)?.size ?? 0, withdrawnOn: null },
    ]),
  ),
});

/** The set in use as the engine takes it, for some of its keys. */
export const coefficientsOf = (set: CoefficientSet, keys: readonly string[]): Coefficients =>
  new Map(
    keys.map((key) => [
      key,
      new Map(Object.entries(set[key] ?? {}).map(([nmId, coefficient]) => [Number(nmId), coefficient])),
    ]),
  );

/** 8.8, on the same window as the day's verdict. */
async function withdrawWorse(
  deps: CalibrationDeps,
  { scope, from, date, windowDays, keys, known }: JudgedScope,
): Promise<void> {
  const { corrections } = known;
  const inUse = correctedKeys(known).filter((key) => Object.hasOwn(keys, key));
  // Days that the set was made from have spoken already.
  if (corrections === null || inUse.length === 0 || windowDays === null || date <= corrections.asOf) return;
  const set = await deps.book.coefficients(scope, corrections.set);
  if (set === null) return;
  const start = addDays(date, 1 - windowDays);
  const window = { from: start < from ? from : start, to: date };
  const { upstream, local } = await readComparedDays(deps.slices, scope, window, Object.keys(keys).length);
  const raw = pooled({ upstream, local, keys }, window);
  const corrected = pooled({ upstream, local: calibrate(local, keys, coefficientsOf(set, inUse)), keys }, window);
  const worse = inUse.filter((key) => statusOf(raw, corrected, key) === "worse");
  if (worse.length === 0) return;
  await deps.book.noteWithdrawn(scope, corrections.set, worse, date);
  await tell(deps, scope, date, { type: "dataset.correctionWithdrawn", set: corrections.set, date, keys: worse });
}

const statusOf = (raw: SumsByKey, corrected: SumsByKey, key: string) =>
  keyStatus(metricsOf(raw[key] ?? emptySums()), metricsOf(corrected[key] ?? emptySums()), releaseSettings);

const pooled = (sides: Sides, window: DayWindow): SumsByKey =>
  poolDays(
    daysOf(window)
      .map((day) => measureDay(sides, day))
      .filter(({ status }) => status === "ok"),
    sides.keys,
  );

async function tell(
  { actors }: CalibrationDeps,
  { dataset, spreadsheetId }: Scope,
  date: Day,
  event: DatasetEvent,
): Promise<void> {
  const cause: Cause = { kind: "system", id: `parity ${date}` };
  await actors.send(addressOf.dataset(dataset, spreadsheetId), event, { cause, key: `${event.type} ${date}` });
}
