import { InvocationFailure } from "../invocations.ts";
import { moscowDay } from "../moscow-day.ts";
import { type Day, type GateOutcome, type GateState, gateStep, type Side } from "./gate.ts";
import type { Calibrated, CorrectionWithdrawn, DatasetContext, DayJudged, DayRecord, Decision } from "./types.ts";

const MINUTE_MS = 60_000;
/** Between two rounds at a backend that could not be reached; each round is several tries. The last one repeats. */
const RETRY_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;
/** After so many rounds people are told, once; the rounds go on. */
export const ROUNDS_BEFORE_STAFF = 4;
/** Days in a row with `local` served and nothing to compare it with, after which people are told. */
export const UNVERIFIED_DAYS = 7;
/** Records kept in the context: what the dashboard draws. */
const KEPT_DAYS = 60;
/** Parts of a decision's id, so that `gate:<id>` fits into an idempotency key of 128 characters. */
const LONGEST_DATASET = 32;
const LONGEST_SPREADSHEET = 64;

export const retryDelay = ({ failures }: DatasetContext): number =>
  RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];

/** Splits `<dataset>:<spreadsheet id>`; neither part has a colon. */
export function parseScopeId(id: string): { readonly dataset: string; readonly spreadsheetId: string } {
  const colon = id.indexOf(":");
  return { dataset: id.slice(0, colon), spreadsheetId: id.slice(colon + 1) };
}

/** Before anything happened. XState also calls it without input on every step and throws the result away. */
export function firstContext(input: { readonly id: string } | undefined): DatasetContext {
  return {
    ...parseScopeId(input?.id ?? ""),
    from: null,
    gate: { side: "upstream", passStreak: 0, holdStreak: 0, noDataStreak: 0, lastSwitch: null, fallbacks: [] },
    days: [],
    unverifiedDays: 0,
    pin: null,
    decision: null,
    decisions: 0,
    fittedOn: null,
    corrections: null,
    told: null,
    failures: 0,
  };
}

export const lastDayOf = ({ days }: DatasetContext): Day | null => days.at(-1)?.date ?? null;

/** Days come in order, each once, from the first one on. */
export function isNextDay(context: DatasetContext, date: Day): boolean {
  const last = lastDayOf(context);
  return context.from !== null && date >= context.from && (last === null || date > last);
}

/** Our own data were served, and the reference stands in for them now: the gate fell back, or people did. */
export const isOnReserve = ({ gate }: Pick<DatasetContext, "gate">): boolean =>
  gate.side === "upstream" && gate.lastSwitch !== null;

/** The first keyed call of a decision and each repetition of it name the same. */
export function decisionIdOf({ dataset, spreadsheetId, decisions }: DatasetContext, date: Day): string {
  return `${dataset.slice(0, LONGEST_DATASET)}:${spreadsheetId.slice(-LONGEST_SPREADSHEET)}:${date}:${decisions + 1}`;
}

type Change = Partial<DatasetContext>;

/** The switch is what matters from now on: an older one that the backend has not heard of is overtaken. */
function decide(
  context: DatasetContext,
  made: Pick<Decision, "side" | "reason" | "date" | "decidedAt">,
): Pick<DatasetContext, "decision" | "decisions" | "failures"> {
  return {
    decision: { ...made, id: decisionIdOf(context, made.date), applied: null, problem: null },
    decisions: context.decisions + 1,
    failures: 0,
  };
}

/** The day's step of the gate, and its record. While pinned the gate judges on and switches nothing. */
export function judge(context: DatasetContext, event: DayJudged & { readonly at: number }): Change {
  const { date, status, verdict, completeness, settings, at } = event;
  const outcome = gateStep(context.gate, { date, status, verdict, completeness }, settings);
  const isPinned = context.pin !== null;
  const gate = isPinned ? withheld(context.gate, outcome, event) : outcome.state;
  const decided =
    outcome.switched && outcome.reason !== null && !isPinned
      ? decide(context, { side: gate.side, reason: outcome.reason, date, decidedAt: at })
      : null;
  const record: DayRecord = {
    ...{ date, status, verdict, completeness, judgedAt: at },
    asofSkew: event.asofSkew,
    numericExactRatio: event.numericExactRatio,
    windowDays: event.windowDays,
    tiers: event.tiers,
    neededStreak: outcome.neededStreak,
    state: gate.side,
    switched: decided !== null,
    reason: outcome.switched && isPinned ? null : outcome.reason,
    passStreak: gate.passStreak,
    holdStreak: gate.holdStreak,
    wouldHave:
      outcome.switched && outcome.reason !== null && isPinned
        ? { state: outcome.state.side, reason: outcome.reason }
        : null,
    decisionId: decided?.decision?.id ?? null,
    paramsHash: event.evidence.paramsHash,
    seals: { upstream: sealOf(event, "upstream"), local: sealOf(event, "local") },
  };
  return {
    gate,
    days: [...context.days, record].slice(-KEPT_DAYS),
    unverifiedDays: outcome.reason === "unverified" ? context.unverifiedDays + 1 : 0,
    ...decided,
  };
}

/** A switch that a pin withholds: the streaks go on as with any other that was withheld. */
function withheld(before: GateState, outcome: GateOutcome, { verdict }: DayJudged): GateState {
  if (!outcome.switched) return outcome.state;
  const { noDataStreak } = outcome.state;
  return {
    ...before,
    noDataStreak,
    passStreak: before.side === "upstream" ? before.passStreak + 1 : before.passStreak,
    holdStreak: before.side === "local" && verdict === "hold" ? before.holdStreak + 1 : before.holdStreak,
  };
}

function sealOf({ date, evidence }: DayJudged, side: Side): DayRecord["seals"][Side] {
  const slice = evidence.slices.find((one) => one.side === side && one.date === date);
  return slice === undefined ? null : { version: slice.version, seal: slice.seal };
}

const NO_STREAKS = { passStreak: 0, holdStreak: 0, noDataStreak: 0 } as const;

/** A pin to the other side is a switch by people: it counts for the dwell, and not as a fallback of the gate. */
export function pin(context: DatasetContext, made: NonNullable<DatasetContext["pin"]>): Change {
  if (made.side === context.gate.side) return { pin: made };
  const date = moscowDay(made.since);
  return {
    pin: made,
    gate: { ...context.gate, ...NO_STREAKS, side: made.side, lastSwitch: date },
    unverifiedDays: 0,
    ...decide(context, { side: made.side, reason: "pinned", date, decidedAt: made.since }),
  };
}

/** The gate takes over where the pin stood. */
export const unpin = ({ gate }: DatasetContext): Change => ({
  pin: null,
  gate: { ...gate, ...NO_STREAKS },
  unverifiedDays: 0,
});

/** Keys whose corrections are in use. */
export const correctedKeys = ({ corrections }: Pick<DatasetContext, "corrections">): readonly string[] =>
  corrections === null ? [] : corrections.keys.filter((key) => !Object.hasOwn(corrections.withdrawn, key));

/** Fits come in order, each once, and only of a scope that is judged. */
export const isLaterFit = ({ from, fittedOn }: DatasetContext, asOf: Day): boolean =>
  from !== null && (fittedOn === null || asOf > fittedOn);

/** A fit that is not allowed leaves the corrections in use as they are: they are measured every day anyway. */
export function calibrate({ corrections }: DatasetContext, { set, asOf, verdicts, release }: Calibrated): Change {
  const keys = Object.keys(verdicts).filter((key) => verdicts[key] === null);
  const isLive = release?.isAllowed === true && keys.length > 0;
  return { fittedOn: asOf, corrections: isLive ? { set, asOf, keys, withdrawn: {} } : corrections };
}

/** Whether something that is in use is to be withdrawn. */
export const isInUse = (context: DatasetContext, { set, keys }: CorrectionWithdrawn): boolean =>
  context.corrections?.set === set && correctedKeys(context).some((key) => keys.includes(key));

export function withdraw(context: DatasetContext, { date, keys }: CorrectionWithdrawn): Change {
  const { corrections } = context;
  if (corrections === null) return {};
  const now = correctedKeys(context).filter((key) => keys.includes(key));
  const withdrawn = { ...corrections.withdrawn, ...Object.fromEntries(now.map((key) => [key, date])) };
  return { corrections: { ...corrections, withdrawn } };
}

export const noteApplied = ({ decision }: DatasetContext, applied: boolean, problem: string | null): Change => ({
  decision: decision === null ? null : { ...decision, applied, problem },
  failures: 0,
});

/** Of the event that reports how work failed. */
export function failureOf(event: { readonly type: string }): InvocationFailure {
  const failure = InvocationFailure.safeParse((event as { readonly error?: unknown }).error);
  return failure.success ? failure.data : { code: "unknown", final: false };
}
