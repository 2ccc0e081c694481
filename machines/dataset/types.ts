import { z } from "zod";
import { event, LATEST_AT, Staff } from "../event.ts";
import type { Day, GateReason, GateState, Side } from "./gate.ts";

const DayText = z.iso.date();
const SideName = z.enum(["upstream", "local"]);
const Share = z.number().min(0).max(1);
const Days = z.int().positive().max(366);

export const DayStatusName = z.enum(["ok", "local_missing", "upstream_missing", "both_missing"]);
export const VerdictName = z.enum(["pass", "hold", "fail", "no_data"]);
export const TierName = z.enum(["none", "green", "yellow", "red"]);
export type TierName = z.infer<typeof TierName>;

/** The gate's parameters as they were when the day was judged; see `GateSettings`. */
export const GateParameters = z.strictObject({
  initialState: SideName,
  enterRatio: Share,
  exitRatio: Share,
  enterDays: Days,
  holdDays: Days,
  minDwellDays: z.int().nonnegative().max(366),
  minRows: z.int().nonnegative(),
  maxPoolDays: Days,
  maxNoDataDays: z.int().nonnegative().max(366),
  backoffDays: z.int().nonnegative().max(366),
  requireCompleteness: z.strictObject({ days: Days, pctNmContinuous: Share, pctDaysWithoutHoles: Share }).nullable(),
});

/** Shares of the days that the rule asks for; null: nothing is expected there. */
const Completeness = z.strictObject({ pctNmContinuous: Share.nullable(), pctDaysWithoutHoles: Share.nullable() });

/** A sealed slice that a verdict was made from. */
const SliceSeal = z.strictObject({
  side: SideName,
  date: DayText,
  version: z.int().positive(),
  seal: z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in lower-case hex"),
});

const Key = z.string().min(1).max(64);
/** Names a set of coefficients, which lie elsewhere. */
const SetId = z.string().min(1).max(64);

export const DatasetEvent = z.discriminatedUnion("type", [
  /** The scope is measured from this day on; no window reaches back before it. */
  event("dataset.opened", { firstDay: DayText, side: SideName }),
  /** What a frozen day says. Days come in order; one that is not later than the last one changes nothing. */
  event("dataset.dayJudged", {
    date: DayText,
    status: DayStatusName,
    /** The two sides were received too far apart: compared, and not counted. */
    asofSkew: z.boolean(),
    verdict: VerdictName,
    numericExactRatio: Share.nullable(),
    /** null: the day is not `ok`. */
    windowDays: Days.nullable(),
    /** Per key; of a day that is not `ok`: none. */
    tiers: z.record(Key, TierName),
    completeness: Completeness.nullable(),
    evidence: z.strictObject({
      /** Of thresholds and parameters together. */
      paramsHash: z.string().min(1).max(64),
      /** Two sides of each day that the verdict was made on, at most a year of them. */
      slices: z.array(SliceSeal).max(2 * 366),
    }),
    settings: GateParameters,
  }),
  /** New corrections were fitted and judged (contract, section 8). What does not go live is on record all the same. */
  event("dataset.calibrated", {
    set: SetId,
    asOf: DayText,
    /** Per key why it is not corrected; null: it may be. */
    verdicts: z.record(Key, z.string().min(1).max(80).nullable()),
    /** Of the accepted keys together; null: none was accepted. */
    release: z.strictObject({ isAllowed: z.boolean(), reason: z.string().max(80).nullable() }).nullable(),
    evidence: z.strictObject({ paramsHash: z.string().min(1).max(64), slicesHash: z.string().min(1).max(64) }),
  }),
  /** On a day's window these keys were worse with their live corrections than without (8.8). */
  event("dataset.correctionWithdrawn", { set: SetId, date: DayText, keys: z.array(Key).min(1).max(64) }),
  event("dataset.pinned", { side: SideName, until: z.int().positive().max(LATEST_AT), ...Staff }),
  event("dataset.unpinned", Staff),
]);
export type DatasetEvent = z.infer<typeof DatasetEvent>;
export type DayJudged = Extract<DatasetEvent, { type: "dataset.dayJudged" }>;
export type Calibrated = Extract<DatasetEvent, { type: "dataset.calibrated" }>;
export type CorrectionWithdrawn = Extract<DatasetEvent, { type: "dataset.correctionWithdrawn" }>;

/** What the gate made of a day. Append-only; older ones than the context keeps are in the audit, with all their evidence. */
export interface DayRecord {
  readonly date: Day;
  readonly status: z.infer<typeof DayStatusName>;
  readonly asofSkew: boolean;
  readonly verdict: z.infer<typeof VerdictName>;
  readonly numericExactRatio: number | null;
  readonly windowDays: number | null;
  readonly tiers: Readonly<Record<string, TierName>>;
  readonly completeness: z.infer<typeof Completeness> | null;
  /** null: the day began with `local`. */
  readonly neededStreak: number | null;
  /** After the day. */
  readonly state: Side;
  readonly switched: boolean;
  readonly reason: GateReason | null;
  readonly passStreak: number;
  readonly holdStreak: number;
  /** A pin withheld it; null: nothing was withheld. */
  readonly wouldHave: { readonly state: Side; readonly reason: GateReason } | null;
  readonly decisionId: string | null;
  readonly paramsHash: string;
  /** Version and seal of the day's own slices; null: there was none. */
  readonly seals: Readonly<Record<Side, { readonly version: number; readonly seal: string } | null>>;
  /** Epoch ms. */
  readonly judgedAt: number;
}

/** A switch, and what became of it at the product backend. */
export interface Decision {
  readonly id: string;
  readonly side: Side;
  readonly reason: GateReason | "pinned";
  /** The day that it was taken on. */
  readonly date: Day;
  /** Epoch ms. */
  readonly decidedAt: number;
  /** null: under way. */
  readonly applied: boolean | null;
  /** Why not, a code; null: it was, or nobody knows yet. */
  readonly problem: string | null;
}

export interface Pin {
  readonly side: Side;
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
  readonly by: string;
  readonly reason: string;
}

/** Corrections in use: a set of coefficients that has passed the release rule. */
export interface Corrections {
  readonly set: string;
  readonly asOf: Day;
  readonly keys: readonly string[];
  /** Those that were worse than raw data later, and since which day; they are not used any more. */
  readonly withdrawn: Readonly<Record<string, Day>>;
}

export interface DatasetContext {
  readonly dataset: string;
  readonly spreadsheetId: string;
  /** First evaluated day; null before it was opened. */
  readonly from: Day | null;
  /** `gate.side` is what is served first; the machine's state only says the same in another way. */
  readonly gate: GateState;
  /** Oldest first. */
  readonly days: readonly DayRecord[];
  /** In a row, with `local` served and nothing to compare it with. */
  readonly unverifiedDays: number;
  readonly pin: Pin | null;
  /** The newest one; older ones are in the audit. */
  readonly decision: Decision | null;
  /** How many there were. */
  readonly decisions: number;
  /** The last frozen day of the newest fit; null: there was none yet. */
  readonly fittedOn: Day | null;
  /** null: our own data are served as they are. */
  readonly corrections: Corrections | null;
  /** Id of the decision that the backend was told, or is being told, last. */
  readonly told: string | null;
  /** Rounds in a row in which the backend could not be told of the decision. */
  readonly failures: number;
}
