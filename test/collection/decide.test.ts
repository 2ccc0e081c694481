import { describe, expect, it } from "vitest";
import { addDays } from "../../machines/dataset/days.ts";
import { decide, isFreezeLate, nextLookAt } from "../../src/collection/decide.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/collection/moscow.ts";
import {
  afterBusy,
  afterCollected,
  afterFailure,
  afterJobFailed,
  afterSideFailure,
  afterStarted,
  afterWait,
  backfilled,
  beginSlot,
  noteAsked,
  noteMissed,
  over,
} from "../../src/collection/outcomes.ts";
import { keyOfRun } from "../../src/collection/run-step.ts";
import { offsetOf } from "../../src/collection/schedule.ts";
import { ended, firstState, type Run, resumed, type ScopeState } from "../../src/collection/state.ts";

const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
const SCOPE = { spreadsheetId: SHEET, dataset: "checklist" };
const OFFSET = offsetOf(SHEET);
const S = { freezeAfterMs: 6 * HOUR_MS, backfillDays: 3 };
const at = (day: string, time = "00:00"): number => Date.parse(`${day}T${time}:00+03:00`);
const D = "2026-02-17";
const SLOT = at(D, "05:00") + OFFSET;

const fresh = (time = "04:00"): ScopeState => firstState(SCOPE, at(D, time), S.freezeAfterMs);
const running = (): { state: ScopeState; run: Run } => {
  const state = beginSlot(fresh(), SLOT, SLOT, S);
  const run = noteAsked(state.run as Run, SLOT);
  return { state: { ...state, run }, run };
};
const runOf = ({ run }: ScopeState): Run => {
  if (run === null) throw new Error("no run is under way");
  return run;
};

describe("a scope that was connected just now", () => {
  it("waits for its next slot, and is looked at then", () => {
    const state = fresh();
    expect(decide(state, at(D, "04:30"), S)).toBeNull();
    expect(nextLookAt(state, at(D, "04:30"), S)).toBe(SLOT);
    expect(decide(state, SLOT, S)).toEqual({ kind: "slots", run: SLOT, missed: [], upTo: SLOT });
  });

  it("in the small hours has yesterday still before its freeze", () => {
    expect([fresh("04:00").frozenTo, fresh("06:00").frozenTo]).toEqual(["2026-02-15", "2026-02-16"]);
    expect(runOf(beginSlot(fresh(), SLOT, SLOT, S))).toMatchObject({ from: "2026-02-16", to: D, phase: "asking" });
  });

  it("that lost its right rests, but its days are sealed; with a new right it goes on from there", () => {
    const state = { ...ended(running().state), lastSuccessAt: SLOT };
    expect(decide(state, at(D, "05:59"), S)).toBeNull();
    expect(decide(state, at(D, "06:00"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
    expect(decide({ ...state, frozenTo: "2026-02-16" }, at(D, "12:00"), S)).toBeNull();
    const back = resumed({ ...state, frozenTo: "2026-02-19" }, at("2026-02-20", "12:00"));
    expect(decide(back, at("2026-02-20", "12:00"), S)).toBeNull();
  });
});

describe("1.2: the freeze", () => {
  it("seals a day at 06:00 of the next", () => {
    const state = { ...fresh(), lastSlot: SLOT };
    expect(decide(state, at(D, "05:59"), S)).toBeNull();
    expect(decide(state, at(D, "06:00"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
  });

  it("waits for a run that began before it, and not longer than 45 minutes", () => {
    const { state, run } = running();
    const polling = { ...state, run: { ...run, phase: "polling" as const, nextAt: at(D, "08:00") } };
    expect(decide(polling, at(D, "06:00"), S)).toBeNull();
    expect(nextLookAt(polling, at(D, "06:00"), S)).toBe(at(D, "06:45"));
    expect(decide(polling, at(D, "06:45"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
  });

  it("does not wait for a run that has not begun, or of other days", () => {
    const { state, run } = running();
    const waiting = { ...state, run: { ...run, startedAt: null, nextAt: at(D, "08:00") } };
    expect(decide(waiting, at(D, "06:00"), S)).toMatchObject({ kind: "freeze" });
    const other = { ...state, run: { ...run, from: D, nextAt: at(D, "08:00") } };
    expect(decide(other, at(D, "06:00"), S)).toMatchObject({ kind: "freeze" });
  });

  it("is made up for, day by day, after an outage", () => {
    const state = { ...fresh(), lastSlot: at("2026-02-20", "05:59") };
    expect(decide(state, at("2026-02-20", "06:00"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
    expect(decide({ ...state, frozenTo: "2026-02-18" }, at("2026-02-20", "06:00"), S)).toEqual({
      kind: "freeze",
      day: "2026-02-19",
    });
  });

  it("that fails is tried again later, and never given up", () => {
    let state: ScopeState = { ...fresh(), lastSlot: SLOT };
    for (let i = 0; i < 9; i += 1) state = afterSideFailure(state, at(D, "06:00"), false) ?? fresh();
    expect(decide(state, at(D, "06:04"), S)).toBeNull();
    expect(nextLookAt(state, at(D, "06:04"), S)).toBe(at(D, "06:05"));
    expect(decide(state, at(D, "06:05"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
    expect(afterSideFailure({ ...state, sideFailures: 4 }, 0, true)).toBeNull();
  });
});

describe("1.3: a freeze that does not end", () => {
  it("is late from 07:00 on, as long as anything of the scope is open", () => {
    const state = { ...fresh(), lastSuccessAt: SLOT };
    expect([isFreezeLate(state, at(D, "06:59"), S), isFreezeLate(state, at(D, "07:00"), S)]).toEqual([false, true]);
    expect(isFreezeLate({ ...state, frozenTo: "2026-02-16" }, at(D, "23:00"), S)).toBe(false);
    expect(isFreezeLate(ended(state), at(D, "07:00"), S)).toBe(true);
    expect(isFreezeLate(ended({ ...state, frozenTo: "2026-02-19" }), at("2026-02-25"), S)).toBe(false);
    expect(isFreezeLate(state, at(D, "07:00"), { ...S, freezeAfterMs: 7 * HOUR_MS })).toBe(false);
  });
});

describe("10.2: a busy collector", () => {
  it("is asked again after 5, 10 and 20 minutes; then the slot is skipped", () => {
    let { state } = running();
    const waits: number[] = [];
    for (;;) {
      const now = runOf(state).nextAt;
      const next = afterBusy(state, runOf(state), now);
      if (next.ended !== null) {
        expect([next.ended, next.state.run, next.state.lastSlot]).toEqual(["busy", null, SLOT]);
        break;
      }
      waits.push(runOf(next.state).nextAt - now);
      state = next.state;
    }
    expect(waits).toEqual([5, 10, 20].map((minutes) => minutes * MINUTE_MS));
  });

  it("does not count as begun: the freeze does not wait for it", () => {
    const { state, run } = running();
    expect(runOf(afterBusy(state, run, SLOT).state).startedAt).toBeNull();
  });
});

describe("waits and failures", () => {
  it("of the backend cost no try, until the slot is over", () => {
    const { state, run } = running();
    expect(afterWait(state, run, 30_000, SLOT)).toMatchObject({
      ended: null,
      state: { run: { failures: 0, nextAt: SLOT + 30_000 } },
    });
    const late = SLOT + 2 * HOUR_MS;
    expect(afterWait(state, run, 30_000, late)).toMatchObject({ ended: "failed", state: { run: null } });
    expect(afterWait(state, run, 30_000, late, "busy")).toMatchObject({ ended: "busy", state: { run: null } });
  });

  it("are repeated after 2, 5, 10 and 20 s, a fifth up or down, or as long as the backend asks", () => {
    const { state, run } = running();
    const wait = (failures: number, asked: number | null, jitter: number) =>
      runOf(afterFailure(state, { ...run, failures }, asked, jitter, SLOT).state).nextAt - SLOT;
    expect([wait(0, null, 0), wait(1, null, 1), wait(2, null, -1), wait(3, null, 0)]).toEqual([
      2_000, 6_000, 8_000, 20_000,
    ]);
    expect(wait(0, 7_000, 0)).toBe(7_000);
    expect(afterFailure(state, { ...run, failures: 4 }, null, 0, SLOT)).toMatchObject({ ended: "failed" });
  });

  it("of a backfill pass the day over", () => {
    const backfill = { next: "2026-02-14", last: "2026-02-12" };
    const run: Run = { ...running().run, purpose: "backfill", from: "2026-02-14", to: "2026-02-14", failures: 4 };
    const next = afterFailure({ ...fresh(), backfill, run }, run, null, 0, SLOT);
    expect(next).toMatchObject({ ended: null, state: { run: null, backfill: { next: "2026-02-13" } } });
  });
});

describe("parts that failed", () => {
  const parts = { stored: ["orders"], retryable: ["daily_funnel"], failed: ["daily_funnel"] };
  it("are asked for twice more, under keys of their own; then the slice is partial", () => {
    const { state, run } = running();
    const once = runOf(afterCollected(state, run, parts, SLOT).state);
    expect(once).toMatchObject({
      phase: "asking",
      again: 1,
      isPartial: true,
      stored: ["orders"],
      nextAt: SLOT + MINUTE_MS,
    });
    const twice = runOf(afterCollected(state, once, parts, SLOT).state);
    expect([keyOfRun(SCOPE, run), keyOfRun(SCOPE, once), keyOfRun(SCOPE, twice)]).toEqual([
      `col:${SHEET}:${SLOT}`,
      `col:${SHEET}:${SLOT}:1`,
      `col:${SHEET}:${SLOT}:2`,
    ]);
    expect(runOf(afterCollected(state, twice, parts, SLOT).state)).toMatchObject({ phase: "reading", isPartial: true });
    const whole = { stored: ["daily_funnel"], retryable: [], failed: [] };
    expect(runOf(afterCollected(state, twice, whole, SLOT).state)).toMatchObject({
      phase: "reading",
      isPartial: false,
    });
  });
  it("for good are not asked for again", () => {
    const { state, run } = running();
    const next = afterCollected(state, run, { ...parts, retryable: [] }, SLOT);
    expect(runOf(next.state)).toMatchObject({ phase: "reading", isPartial: true });
  });
});

describe("the idempotency key", () => {
  it("stays for repetitions, changes when a job failed, and always fits", () => {
    const { state, run } = running();
    const started = runOf(afterStarted(state, run, "job_1", SLOT + 5_000).state);
    expect(keyOfRun(SCOPE, started)).toBe(keyOfRun(SCOPE, run));
    expect(keyOfRun(SCOPE, runOf(afterFailure(state, run, null, 0, SLOT).state))).toBe(keyOfRun(SCOPE, run));
    expect(keyOfRun(SCOPE, runOf(afterJobFailed(state, started, 0, SLOT).state))).toBe(`col:${SHEET}:${SLOT}:1`);
    expect(keyOfRun({ spreadsheetId: "x".repeat(128) }, run).length).toBeLessThanOrEqual(128);
  });
});

describe("10.3: backfill", () => {
  const first = () => {
    const { state, run } = running();
    return over(state, { ...run, phase: "reading" }, SLOT, "success", S);
  };
  it("follows the first run that succeeded, newest first, once", () => {
    const { state, ended: result } = first();
    expect([result, state.backfill, state.successes]).toEqual([
      "success",
      { next: "2026-02-15", last: "2026-02-13" },
      [SLOT],
    ]);
    expect(decide(state, SLOT, S)).toBeNull();
    expect(decide(state, SLOT + 30_000, S)).toEqual({ kind: "backfill", day: "2026-02-15" });
    let left = state;
    for (const day of ["2026-02-15", "2026-02-14", "2026-02-13"]) left = backfilled(left, day, SLOT);
    expect(left.backfill).toBeNull();
    const again = beginSlot(left, SLOT + 6 * HOUR_MS, SLOT + 6 * HOUR_MS, S);
    expect(over(again, runOf(again), SLOT + 6 * HOUR_MS, "success", S).state.backfill).toBeNull();
  });

  it("follows an outage of a day and a time without a right, too", () => {
    const { state } = first();
    const done = { ...state, backfill: null };
    expect(noteMissed(done, [1, 2, 3])).toBe(done);
    const now = at("2026-02-19", "05:10") + OFFSET;
    for (const back of [noteMissed(done, [1, 2, 3, 4]), resumed(ended(done), now)]) {
      const begun = beginSlot(back, now, now, S);
      expect(over(begun, runOf(begun), now, "success", S).state.backfill).toEqual({
        next: addDays(runOf(begun).from, -1),
        last: addDays(runOf(begun).from, -3),
      });
    }
  });

  it("makes way for freezes and slots", () => {
    const { state } = first();
    expect(decide(state, at(D, "06:00"), S)).toEqual({ kind: "freeze", day: "2026-02-16" });
    expect(decide({ ...state, frozenTo: "2026-02-16" }, at(D, "11:20"), S)).toMatchObject({ kind: "slots" });
  });
});

describe("1.7: the second reading", () => {
  it("is due a week after the freeze", () => {
    const state = { ...fresh(), frozenTo: "2026-02-23", rereadTo: "2026-02-16", lastSlot: at("2026-02-25", "05:30") };
    const due = at("2026-02-25", "07:00") + OFFSET;
    expect(decide({ ...state, frozenTo: "2026-02-24" }, due - 1, S)).toBeNull();
    expect(decide({ ...state, frozenTo: "2026-02-24" }, due, S)).toEqual({ kind: "reread", day: D });
    expect(nextLookAt({ ...state, frozenTo: "2026-02-24" }, due - HOUR_MS, S)).toBe(due);
  });
});
