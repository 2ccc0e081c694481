import { describe, expect, it } from "vitest";
import { dueDays, isOverdue, lastFrozen, MOST_DAYS, nextJudgedAt } from "../../../src/quality/daily/due-days.ts";

/** A time of day in Moscow on 2026-11-23. */
const at = (hours: number, minutes = 0): number => Date.UTC(2026, 10, 23, hours - 3, minutes);

describe("the last day that may be judged", () => {
  it("is yesterday from five minutes after the freeze on, and the day before until then", () => {
    expect(lastFrozen(at(6, 4))).toBe("2026-11-21");
    expect(lastFrozen(at(6, 5))).toBe("2026-11-22");
    expect(lastFrozen(at(24, 30))).toBe("2026-11-22");
  });

  it("is judged without a slice that is missing from 07:00 on", () => {
    expect(isOverdue(at(6, 59), "2026-11-22")).toBe(false);
    expect(isOverdue(at(7), "2026-11-22")).toBe(true);
    expect(isOverdue(at(6), "2026-11-21")).toBe(true);
  });
});

describe("the next day", () => {
  it("may be judged five minutes after its freeze", () => {
    expect(nextJudgedAt(at(6, 4))).toBe(at(6, 5));
    expect(nextJudgedAt(at(6, 5))).toBe(at(30, 5));
  });
});

describe("the days of a scope that wait for their verdict", () => {
  it("are those that were missed, oldest first", () => {
    expect(dueDays({ from: "2026-11-01", last: "2026-11-19", upTo: "2026-11-22" })).toEqual([
      "2026-11-20",
      "2026-11-21",
      "2026-11-22",
    ]);
    expect(dueDays({ from: "2026-11-22", last: null, upTo: "2026-11-22" })).toEqual(["2026-11-22"]);
    expect(dueDays({ from: "2026-11-22", last: "2026-11-22", upTo: "2026-11-22" })).toEqual([]);
  });

  it("reach back no further than two months", () => {
    expect(dueDays({ from: "2026-01-01", last: "2026-01-05", upTo: "2026-11-22" })).toHaveLength(MOST_DAYS);
  });
});
