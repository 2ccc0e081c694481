import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween } from "../../../machines/dataset/days.ts";
import {
  firstState,
  GATE_DEFAULTS,
  type GateOutcome,
  type GateSettings,
  type GateState,
  gateStep,
  type JudgedDay,
  type Side,
} from "../../../machines/dataset/gate.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const FIRST = "2026-03-01";
const SETTINGS: GateSettings = {
  ...GATE_DEFAULTS,
  ...{ enterDays: 2, holdDays: 2, minDwellDays: 0, requireCompleteness: null },
};
type Finding = Pick<JudgedDay, "status" | "verdict" | "completeness">;

const ok = (verdict: "pass" | "hold" | "fail"): Finding => ({ status: "ok", verdict, completeness: null });
const without = (status: JudgedDay["status"]): Finding => ({ status, verdict: "no_data", completeness: null });
const known = (pctNmContinuous: number | null, pctDaysWithoutHoles: number | null): Finding => ({
  ...ok("pass"),
  completeness: { pctNmContinuous, pctDaysWithoutHoles },
});

function walk(findings: readonly Finding[], settings: GateSettings): GateOutcome[] {
  let state = firstState(settings);
  return findings.map((finding, index) => {
    const outcome = gateStep(state, { date: addDays(FIRST, index), ...finding }, settings);
    state = outcome.state;
    return outcome;
  });
}
const reasons = (findings: readonly Finding[], changes: Partial<GateSettings> = {}) =>
  walk(findings, { ...SETTINGS, ...changes }).map(({ reason }) => reason);

describe("the gate's step", () => {
  it("7.4.3 asks for the dwell before it asks for completeness", () => {
    const requireCompleteness = { days: 14, pctNmContinuous: 0.95, pctDaysWithoutHoles: 0.9 };
    const findings = [known(1, 1), ok("fail"), known(0, 0), known(0, 0), known(0.95, 0.9)];
    expect(reasons(findings, { enterDays: 1, minDwellDays: 2, requireCompleteness })).toEqual([
      ...["entered", "fail", "dwell", "incomplete_history", "entered"],
    ]);
  });

  it("7.4.3 takes an unknown share for one that is too small", () => {
    const requireCompleteness = { days: 14, pctNmContinuous: 0, pctDaysWithoutHoles: 0 };
    const findings = [known(null, 1), known(1, null), ok("pass"), known(0, 0)];
    expect(reasons(findings, { enterDays: 1, requireCompleteness })).toEqual([
      ...["incomplete_history", "incomplete_history", "incomplete_history", "entered"],
    ]);
  });

  it("7.3 counts days without a comparison in either state", () => {
    const findings = [without("upstream_missing"), without("upstream_missing"), without("local_missing"), ok("pass")];
    const outcomes = walk(findings, { ...SETTINGS, initialState: "local" });
    expect(outcomes.map(({ state }) => state.noDataStreak)).toEqual([1, 2, 3, 0]);
    expect(outcomes.map(({ state }) => state.side)).toEqual(["local", "local", "upstream", "upstream"]);
  });

  it("7.5 falls back without waiting for the dwell", () =>
    expect(reasons([ok("pass"), ok("fail")], { enterDays: 1, minDwellDays: 100 })).toEqual(["entered", "fail"]));
});

/** One day of the record, as section 7 words it. */
interface Told {
  readonly side: Side;
  readonly switched: boolean;
  readonly reason: string | null;
  readonly needed: number | null;
  readonly passStreak: number;
  readonly holdStreak: number;
}

/** Section 7.3-7.5 told again with nothing carried over but the records: whatever is needed is looked up in them. */
function retell(findings: readonly Finding[], settings: GateSettings): Told[] {
  const told: Told[] = [];
  for (const [today, { status, verdict, completeness }] of findings.entries()) {
    const before = told.at(-1) ?? { side: settings.initialState, passStreak: 0, holdStreak: 0 };
    const switches = told.flatMap(({ switched, side }, index) => (switched ? [{ side, index }] : []));
    const compared = findings.slice(0, today + 1).findLastIndex((one) => one.verdict !== "no_data");
    const withoutData = today - compared;
    if (before.side === "upstream") {
      const fallbacks = switches.filter(
        ({ side, index }) => side === "upstream" && today - index < settings.backoffDays,
      );
      const needed = settings.enterDays * ([1, 1, 2, 4][fallbacks.length] ?? 4);
      let passStreak = verdict === "pass" ? before.passStreak + 1 : 0;
      if (verdict === "no_data" && withoutData <= settings.maxNoDataDays) passStreak = before.passStreak;
      const stays = (reason: string | null): Told => ({
        ...{ side: "upstream", switched: false, reason, needed, passStreak, holdStreak: before.holdStreak },
      });
      const last = switches.at(-1);
      const rule = settings.requireCompleteness;
      if (verdict !== "pass" || passStreak < needed) told.push(stays(null));
      else if (last !== undefined && today - last.index < settings.minDwellDays) told.push(stays("dwell"));
      else if (
        rule !== null &&
        !(
          (completeness?.pctNmContinuous ?? -1) >= rule.pctNmContinuous &&
          (completeness?.pctDaysWithoutHoles ?? -1) >= rule.pctDaysWithoutHoles
        )
      )
        told.push(stays("incomplete_history"));
      else told.push({ ...{ side: "local", switched: true, reason: "entered", needed, passStreak: 0, holdStreak: 0 } });
      continue;
    }
    const holdStreak = { pass: 0, hold: before.holdStreak + 1, fail: 0, no_data: before.holdStreak }[verdict];
    const isLocalGone = status === "local_missing" || status === "both_missing";
    const fallsFor =
      (verdict === "fail" && "fail") ||
      (verdict === "hold" && holdStreak >= settings.holdDays && "hold") ||
      (verdict === "no_data" && isLocalGone && "no_local_data") ||
      null;
    told.push(
      fallsFor === null
        ? {
            ...{ side: "local", switched: false, reason: verdict === "no_data" ? "unverified" : null, needed: null },
            ...{ passStreak: before.passStreak, holdStreak },
          }
        : { ...{ side: "upstream", switched: true, reason: fallsFor, needed: null, passStreak: 0, holdStreak: 0 } },
    );
  }
  return told;
}

const share = fc.constantFrom(null, 0, 0.5, 0.9, 1);
const finding: fc.Arbitrary<Finding> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(share, share).map(([a, b]) => known(a, b)) },
  { weight: 2, arbitrary: fc.constantFrom(ok("hold"), ok("fail")) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("ok", "local_missing", "upstream_missing", "both_missing").map(without),
  },
) as fc.Arbitrary<Finding>;
const findings = fc.array(finding, { maxLength: 60 });
const settings: fc.Arbitrary<GateSettings> = fc.record({
  initialState: fc.constantFrom("upstream", "local"),
  ...{ enterRatio: fc.constant(0.9), exitRatio: fc.constant(0.87) },
  ...{ enterDays: fc.integer({ min: 1, max: 3 }), holdDays: fc.integer({ min: 1, max: 3 }) },
  ...{ minDwellDays: fc.integer({ min: 0, max: 4 }), minRows: fc.constant(0), maxPoolDays: fc.constant(1) },
  ...{ maxNoDataDays: fc.integer({ min: 0, max: 3 }), backoffDays: fc.constantFrom(0, 1, 5, 28) },
  requireCompleteness: fc.constantFrom(null, { days: 14, pctNmContinuous: 0.9, pctDaysWithoutHoles: 0.5 }),
});

describe(`the gate over any days (TEST_SEED=${SEED})`, () => {
  it("does what section 7 tells, day by day", () => {
    fc.assert(
      fc.property(findings, settings, (days, given) => {
        const steps = walk(days, given).map(({ state, switched, reason, neededStreak }) => ({
          ...{ side: state.side, switched, reason, needed: neededStreak },
          ...{ passStreak: state.passStreak, holdStreak: state.holdStreak },
        }));
        expect(steps).toEqual(retell(days, given));
      }),
      seeded(500),
    );
  });

  it("7.7 remembers all it needs in plain JSON, and of fallbacks no more than count", () => {
    fc.assert(
      fc.property(findings, settings, finding, (days, given, next) => {
        const state = walk(days, given).at(-1)?.state ?? firstState(given);
        const day = { date: addDays(FIRST, days.length), ...next };
        const stored = JSON.parse(JSON.stringify(state)) as GateState;
        const outcome = gateStep(stored, day, given);
        expect(outcome).toEqual(gateStep(state, day, given));
        for (const fallback of outcome.state.fallbacks)
          expect(daysBetween(fallback, day.date)).toBeLessThan(Math.max(given.backoffDays, 1));
      }),
      seeded(200),
    );
  });
});
