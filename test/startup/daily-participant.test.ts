import { describe, expect, it } from "vitest";
import type { Day } from "../../machines/dataset/gate.ts";
import { lastFrozen } from "../../src/quality/daily/due-days.ts";
import { dailyParticipant } from "../../src/startup/daily-participant.ts";

const HOUR_MS = 3_600_000;
/** By Moscow's clock. */
const at = (day: string, time: string): number => Date.parse(`${day}T${time}:00+03:00`);

/** Judges at once, unless a slice is missing. */
function world(start: number) {
  const state = { now: start, judged: null as Day | null, sweeps: 0, isMissing: false };
  const participant = dailyParticipant({
    sweep: async () => {
      state.sweeps += 1;
      if (!state.isMissing) state.judged = lastFrozen(state.now, 6 * HOUR_MS);
    },
    judgedTo: () => state.judged,
    now: () => state.now,
    freezeMs: () => 6 * HOUR_MS,
  });
  return { state, participant };
}

describe("the daily decision beside a clock that is moved by hand", () => {
  it("is due at once after a start, and then five minutes after each freeze", async () => {
    const { state, participant } = world(at("2026-02-18", "12:00"));
    expect(participant.nextDueAt()).toBe(state.now);
    await participant.settled();
    expect(state).toMatchObject({ judged: "2026-02-17", sweeps: 1 });
    await participant.settled();
    expect(state.sweeps).toBe(1);
    expect(participant.nextDueAt()).toBe(at("2026-02-19", "06:05"));
    state.now = at("2026-02-19", "06:05");
    await participant.runDue(state.now);
    expect(state).toMatchObject({ judged: "2026-02-18", sweeps: 2 });
  });

  it("looks again every ten minutes while a slice is not there", async () => {
    const { state, participant } = world(at("2026-02-18", "06:05"));
    state.isMissing = true;
    await participant.settled();
    expect(participant.nextDueAt()).toBe(at("2026-02-18", "06:15"));
    state.now = at("2026-02-18", "06:15");
    state.isMissing = false;
    await participant.runDue(state.now);
    expect(participant.nextDueAt()).toBe(at("2026-02-19", "06:05"));
  });
});
