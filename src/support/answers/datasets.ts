// From which side customers' data are served, and how far the two sides are apart. Words: docs/parity.md.
import { z } from "zod";
import { At } from "./actors.ts";

const Day = z.iso.date().meta({ description: "a day in Moscow" });
export const SideName = z.enum(["upstream", "local"]);
const Verdict = z.enum(["pass", "hold", "fail", "no_data"]);
const DayStatus = z.enum(["ok", "local_missing", "upstream_missing", "both_missing"]);
const Tier = z.enum(["none", "green", "yellow", "red"]);
const Share = z.number().nullable().meta({ description: "0 to 1; null: undefined" });
const Reason = z
  .string()
  .nullable()
  .meta({ description: "of the gate: `entered`, `dwell`, `fail`, …; null: nothing was in question" });
const Tiers = z.record(z.string(), Tier).meta({ description: "per key" });

const Pin = z.object({ side: SideName, since: At, until: At, by: z.string(), reason: z.string() });
const Decision = z.object({
  id: z.string(),
  side: SideName,
  reason: z.string(),
  date: Day,
  decidedAt: At,
  applied: z.boolean().nullable().meta({ description: "whether the product backend has taken it; null: under way" }),
  problem: z.string().nullable(),
});

export const DatasetLine = z
  .object({
    dataset: z.string(),
    spreadsheetId: z.string(),
    address: z.string(),
    state: z.enum(["unopened", "proxyFirst", "probation", "autonomous", "pinned"]),
    side: SideName.meta({ description: "what is served first" }),
    passStreak: z.int(),
    holdStreak: z.int(),
    unverifiedDays: z
      .int()
      .meta({ description: "in a row: `local` is served, and there is nothing to compare it with" }),
    lastDay: z.object({ date: Day, verdict: Verdict, numericExactRatio: Share }).nullable(),
    pin: Pin.nullable(),
    decision: Decision.nullable().meta({ description: "the newest" }),
  })
  .meta({ id: "DatasetLine" });
export type DatasetLine = z.infer<typeof DatasetLine>;

export const DatasetList = z.object({ datasets: z.array(DatasetLine), cursor: z.string().nullable(), now: At });

const Seal = z.object({ version: z.int(), seal: z.string() }).nullable();

/** What sums of one key say. */
const KeyMetrics = z.object({
  nCells: z.int(),
  exactRatio: Share,
  exactRatioPaired: Share,
  coverage: Share,
  wape: Share,
  mape: Share,
  mae: z.number().nullable(),
  bias: z.number().nullable(),
});

export const DatasetDay = z
  .object({
    date: Day,
    status: DayStatus,
    asofSkew: z.boolean(),
    verdict: Verdict,
    numericExactRatio: Share,
    windowDays: z.int().nullable(),
    tiers: Tiers,
    completeness: z.object({ pctNmContinuous: Share, pctDaysWithoutHoles: Share }).nullable(),
    neededStreak: z.int().nullable(),
    state: SideName.meta({ description: "after the day" }),
    switched: z.boolean(),
    reason: Reason,
    passStreak: z.int(),
    holdStreak: z.int(),
    wouldHave: z
      .object({ state: SideName, reason: z.string() })
      .nullable()
      .meta({ description: "what a pin withheld" }),
    decisionId: z.string().nullable(),
    paramsHash: z.string().meta({ description: "names the thresholds and parameters that it was judged by" }),
    seals: z.object({ upstream: Seal, local: Seal }),
    keys: z
      .record(z.string(), KeyMetrics)
      .nullable()
      .meta({ description: "of the day itself, not of its window; null: no comparison, or not kept any more" }),
    history: z
      .object({ pctNmContinuous: Share, pctDaysWithoutHoles: Share, nmTotal: z.int(), daysTotal: z.int() })
      .nullable()
      .meta({ description: "of our own data over the days that the gate asks for; null: not kept any more" }),
    judgedAt: At,
  })
  .meta({ id: "DatasetDay" });
export type DatasetDay = z.infer<typeof DatasetDay>;

const Limits = z.object({
  exactMin: z.number().optional(),
  coverageMin: z.number().optional(),
  wapeMax: z.number().optional(),
  mapeMax: z.number().optional(),
  maeMax: z.number().optional(),
});
const KeyLimits = z.object({ key: z.string(), critical: z.boolean(), green: Limits, yellow: Limits });

export const DatasetPage = z.object({
  ...DatasetLine.shape,
  from: Day.nullable().meta({ description: "first evaluated day" }),
  lastSwitch: Day.nullable(),
  fallbacks: z.array(Day).meta({ description: "switches back to upstream that make the next way longer" }),
  collection: z
    .object({
      isActive: z.boolean().meta({ description: "false: the subscription has ended, nothing new is collected" }),
      since: At,
      lastSuccessAt: At.nullable(),
      isUnsupported: z.boolean().meta({
        description:
          "the backend cannot say which side it answers from: nothing can be compared, and the reference is served",
      }),
    })
    .nullable()
    .meta({ description: "null: it is not collected here" }),
  keys: z.array(KeyLimits).meta({ description: "the limits that this spreadsheet is judged by now" }),
  days: z.array(DatasetDay).meta({ description: "newest first; at most 60, older ones are in the actor's history" }),
  now: At,
});
export type DatasetPage = z.infer<typeof DatasetPage>;

/** The words of the data contract, not of this API. */
export const DatasetRows = z.object({
  source_tag: SideName,
  requested_source: z.enum(["upstream", "local", "auto"]),
  degraded: z.boolean().meta({ description: "the first choice was not there" }),
  captured_at: At.nullable().meta({ description: "when that side's data were obtained" }),
  row_count: z.int(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});
export type DatasetRows = z.infer<typeof DatasetRows>;

export const WorstRows = z.object({
  rows: z
    .array(
      z.object({
        nmId: z.int(),
        upstream: z.number().nullable(),
        local: z.number().nullable(),
        error: z.number().meta({ description: "|local − upstream|; where one side misses it, the other's size" }),
      }),
    )
    .meta({ description: "largest error first" }),
});

export type WorstRows = z.infer<typeof WorstRows>;

const KeyDay = z.object({
  ...KeyMetrics.shape,
  tier: Tier.meta({ description: "of all spreadsheets together, by the thresholds as they are now" }),
  tiers: z.partialRecord(Tier, z.int()).meta({ description: "tier → spreadsheets" }),
});

/** How well upstream agrees with itself. */
const NoiseFloor = z.object({
  date: Day.meta({ description: "the newest day that was read again" }),
  scopes: z.int().meta({ description: "spreadsheets with a second reading; the newest of each is pooled" }),
  numericExactRatio: Share,
  keys: z.record(z.string(), z.object({ exactRatio: Share, nCells: z.int() })),
});

export const ParityDays = z.object({
  dataset: z.string(),
  keys: z.array(KeyLimits),
  gate: z.object({
    ...{ enterRatio: z.number(), exitRatio: z.number(), enterDays: z.int(), holdDays: z.int() },
    ...{ minDwellDays: z.int(), minRows: z.int(), maxPoolDays: z.int(), maxNoDataDays: z.int(), backoffDays: z.int() },
    requireCompleteness: z
      .object({ days: z.int(), pctNmContinuous: z.number(), pctDaysWithoutHoles: z.number() })
      .nullable()
      .meta({ description: "what the history must be like before our own data are served; null: nothing is asked" }),
  }),
  collects: z.boolean().meta({ description: "false: nothing is collected here, and nothing will ever be judged" }),
  nextAt: At.nullable().meta({ description: "when the next frozen day is judged; null: never" }),
  collected: z.int().meta({ description: "spreadsheets whose data are collected now" }),
  unsupported: z.int().meta({ description: "of them those whose backend cannot tell its two sides apart" }),
  noise: NoiseFloor.nullable().meta({ description: "null: no day was read a second time yet" }),
  states: z.record(z.string(), z.int()).meta({ description: "state of the gate → spreadsheets" }),
  days: z
    .array(
      z.object({
        date: Day,
        scopes: z.int(),
        statuses: z.partialRecord(DayStatus, z.int()),
        skewed: z.int().meta({ description: "of the `ok` ones: received more than six hours apart, so not counted" }),
        numericExactRatio: Share,
        pctNmContinuous: Share,
        pctDaysWithoutHoles: Share,
        keys: z.record(z.string(), KeyDay),
      }),
    )
    .meta({ description: "over all spreadsheets, oldest first; at most 60" }),
  now: At,
});
export type ParityDays = z.infer<typeof ParityDays>;

const CalibrationMetrics = z.object({ exactRatio: Share, wape: Share, mae: z.number().nullable(), nPaired: z.int() });
const BeforeAfter = { before: CalibrationMetrics, after: CalibrationMetrics };
const Window = z.object({ from: Day, to: Day });

export const CalibrationRun = z
  .object({
    id: z.string(),
    asOf: Day.meta({ description: "the last frozen day that was looked at" }),
    train: Window.meta({ description: "days the coefficients were fitted to" }),
    holdout: Window.meta({ description: "later days they were judged on" }),
    keys: z.array(
      z.object({
        key: z.string(),
        verdict: z.enum(["accepted", "rejected"]),
        reason: z.string().nullable().meta({ description: "`no_gain`, `unstable`, `guard:<key>`, …; null: accepted" }),
        ...BeforeAfter,
        betterDays: z.int().meta({ description: "holdout days on which the error fell, of `days`" }),
        days: z.int(),
        changedCells: z.int(),
        coefficients: z.int().meta({ description: "articles with a coefficient; 0 of a key that was not accepted" }),
        isLive: z.boolean().meta({ description: "our own data are served with it" }),
        withdrawnOn: Day.nullable().meta({ description: "the day on which it was worse than raw; null: it was not" }),
      }),
    ),
    combined: z
      .array(z.object({ key: z.string(), ...BeforeAfter }))
      .meta({ description: "every key, with the accepted ones applied together" }),
    release: z
      .object({
        verdict: z.enum(["allow", "deny"]),
        reason: z.string().nullable(),
        improvedCount: z.int(),
        status: z.record(z.string(), z.enum(["improved", "flat", "worse"])),
      })
      .nullable()
      .meta({ description: "whether the accepted keys together may go live; null: no key was accepted" }),
    paramsHash: z.string(),
    slicesHash: z.string().meta({ description: "of versions and seals of all slices that were looked at" }),
    judgedAt: At,
  })
  .meta({ id: "CalibrationRun" });
export type CalibrationRun = z.infer<typeof CalibrationRun>;

export const DatasetCalibration = z.object({
  live: z.string().nullable().meta({ description: "id of the run whose coefficients are in use; null: none are" }),
  runs: z.array(CalibrationRun).meta({ description: "newest first; at most 8" }),
  now: At,
});
export type DatasetCalibration = z.infer<typeof DatasetCalibration>;
