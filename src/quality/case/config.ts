// `config.json` of a case (contract, section 12): parameters are given in full, members it does not know are left alone.
import { z } from "zod";
import { daysBetween, isDay } from "../../../machines/dataset/days.ts";
import type { Day, GateSettings } from "../../../machines/dataset/gate.ts";
import type { CalibrationSettings } from "../engine/calibration-settings.ts";
import type { ReleaseSettings } from "../engine/release.ts";
import { looserThanYellow } from "../engine/tiers.ts";
import type { DayWindow, KeySettings, KeyTable } from "../model.ts";
import { badCase } from "./bad-case.ts";

export interface CaseConfig {
  readonly window: DayWindow;
  /** In alphabetical order: that of the result. */
  readonly keys: KeyTable;
  readonly gate: GateSettings | null;
  readonly calibration: { readonly asOf: Day; readonly settings: CalibrationSettings } | null;
  readonly release: ReleaseSettings | null;
}

/** A day each is listed in the result; a mistyped year would fill the disk. */
const MOST_DAYS = 10_000;

const day = z.string().refine(isDay, "expected a date of the calendar, YYYY-MM-DD");
const count = z.int().min(0, "expected a whole number, 0 or more");
const positive = z.int().min(1, "expected a whole number, 1 or more");
const notNegative = z.number().min(0, "expected 0 or more");
const names = z.array(z.string());

/** null says, too, that it is not given. */
const limit = z
  .number()
  .nullish()
  .transform((given) => given ?? undefined);

const Limits = z
  .object({ exact_min: limit, coverage_min: limit, wape_max: limit, mape_max: limit, mae_max: limit })
  .transform(({ exact_min, coverage_min, wape_max, mape_max, mae_max }) => ({
    ...(exact_min === undefined ? {} : { exactMin: exact_min }),
    ...(coverage_min === undefined ? {} : { coverageMin: coverage_min }),
    ...(wape_max === undefined ? {} : { wapeMax: wape_max }),
    ...(mape_max === undefined ? {} : { mapeMax: mape_max }),
    ...(mae_max === undefined ? {} : { maeMax: mae_max }),
  }));

const Key = z
  .object({
    abs_tol: notNegative,
    rel_tol: notNegative,
    missing_as_zero: z.boolean(),
    decimals: count.max(15, "expected at most 15"),
    critical: z.boolean(),
    green: Limits,
    yellow: Limits,
  })
  .transform(
    (key): KeySettings => ({
      absTol: key.abs_tol,
      relTol: key.rel_tol,
      missingAsZero: key.missing_as_zero,
      decimals: key.decimals,
      critical: key.critical,
      green: key.green,
      yellow: key.yellow,
    }),
  )
  .refine((key) => looserThanYellow(key) === null, "a limit of green is looser than that of yellow");

const Gate = z
  .object({
    initial_state: z.enum(["upstream", "local"]),
    enter_ratio: z.number(),
    exit_ratio: z.number(),
    enter_days: positive,
    hold_days: positive,
    min_dwell_days: count,
    min_rows: count,
    max_pool_days: positive,
    max_no_data_days: count,
    backoff_days: count,
    require_completeness: z
      .object({ days: positive, pct_nm_continuous: z.number(), pct_days_without_holes: z.number() })
      .nullable(),
  })
  .transform((gate): GateSettings => {
    const rule = gate.require_completeness;
    return {
      initialState: gate.initial_state,
      enterRatio: gate.enter_ratio,
      exitRatio: gate.exit_ratio,
      enterDays: gate.enter_days,
      holdDays: gate.hold_days,
      minDwellDays: gate.min_dwell_days,
      minRows: gate.min_rows,
      maxPoolDays: gate.max_pool_days,
      maxNoDataDays: gate.max_no_data_days,
      backoffDays: gate.backoff_days,
      requireCompleteness: rule && {
        days: rule.days,
        pctNmContinuous: rule.pct_nm_continuous,
        pctDaysWithoutHoles: rule.pct_days_without_holes,
      },
    };
  });

const Calibration = z
  .object({
    as_of: day,
    overlap_days: positive,
    holdout_days: positive,
    min_support: count,
    min_distinct_days: count,
    tau: notNegative,
    noharm_exact_share: z.number(),
    deadband: notNegative,
    clip: z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, "expected the smaller one first"),
    min_holdout_cells: count,
    min_holdout_days: count,
    min_wape_gain: z.number(),
    max_exact_loss: z.number(),
    min_better_days_share: z.number(),
    guard_wape_limit: z.number(),
    keys: names,
    guard_keys: names,
  })
  .refine((given) => given.overlap_days > given.holdout_days, {
    message: "expected more than holdout_days: nothing is left to fit to",
    path: ["overlap_days"],
  })
  .transform((given) => ({
    asOf: given.as_of,
    settings: {
      overlapDays: given.overlap_days,
      holdoutDays: given.holdout_days,
      minSupport: given.min_support,
      minDistinctDays: given.min_distinct_days,
      tau: given.tau,
      noharmExactShare: given.noharm_exact_share,
      deadband: given.deadband,
      clip: given.clip,
      minHoldoutCells: given.min_holdout_cells,
      minHoldoutDays: given.min_holdout_days,
      minWapeGain: given.min_wape_gain,
      maxExactLoss: given.max_exact_loss,
      minBetterDaysShare: given.min_better_days_share,
      guardWapeLimit: given.guard_wape_limit,
      keys: given.keys,
      guardKeys: given.guard_keys,
    } satisfies CalibrationSettings,
  }));

const Release = z
  .object({
    key_metrics: names,
    guard_keys: names,
    min_improved: count,
    exact_gain: z.number(),
    wape_gain: z.number(),
    wape_slack: z.number(),
    exact_slack: z.number(),
    exact_limit: z.number(),
    wape_limit: z.number(),
  })
  .transform(
    (given): ReleaseSettings => ({
      keyMetrics: given.key_metrics,
      guardKeys: given.guard_keys,
      minImproved: given.min_improved,
      exactGain: given.exact_gain,
      wapeGain: given.wape_gain,
      wapeSlack: given.wape_slack,
      exactSlack: given.exact_slack,
      exactLimit: given.exact_limit,
      wapeLimit: given.wape_limit,
    }),
  );

const NOT_KEYS: readonly string[] = ["date", "nm_id"];

const Config = z.object({
  dataset: z.string(),
  spreadsheet_id: z.string(),
  window: z
    .object({ from: day, to: day })
    .refine(({ from, to }) => from <= to, "from lies after to")
    .refine(({ from, to }) => daysBetween(from, to) < MOST_DAYS, `expected at most ${MOST_DAYS} days`),
  keys: z
    .record(z.string(), Key)
    .refine((keys) => Object.keys(keys).length > 0, "expected at least one key")
    .refine((keys) => !NOT_KEYS.some((name) => name in keys), "date and nm_id are no keys"),
  gate: Gate.nullish(),
  calibration: Calibration.nullish(),
  release: Release.nullish(),
});

/** @throws AppError parity.caseInvalid */
export function readConfig(data: unknown, file: string): CaseConfig {
  const read = Config.safeParse(data, {
    error: (issue) => {
      if (issue.code !== "invalid_type") return undefined;
      return issue.input === undefined ? "is missing (parameters are given in full)" : `expected ${issue.expected}`;
    },
  });
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join(".") ?? "";
    throw badCase(`${file}: ${place === "" ? "" : `${place}: `}${issue?.message ?? "it cannot be read"}`);
  }
  const { window, keys, gate, calibration, release } = read.data;
  const inOrder = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ window, keys: Object.fromEntries(inOrder) },
    ...{ gate: gate ?? null, calibration: calibration ?? null, release: release ?? null },
  };
}

/** Names that a list of the config has and `keys` has not: they are not looked at, which a person should know. */
export function unknownNames({ keys, calibration, release }: CaseConfig): string[] {
  const lists: Readonly<Record<string, readonly string[]>> = {
    "calibration.keys": calibration?.settings.keys ?? [],
    "calibration.guard_keys": calibration?.settings.guardKeys ?? [],
    "release.key_metrics": release?.keyMetrics ?? [],
    "release.guard_keys": release?.guardKeys ?? [],
  };
  return Object.entries(lists).flatMap(([list, given]) =>
    given.filter((name) => !Object.hasOwn(keys, name)).map((name) => `${list}: ${name}`),
  );
}
