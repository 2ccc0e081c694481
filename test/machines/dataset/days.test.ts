import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayNumber, dayOf, daysBetween, daysOf, isDay } from "../../../machines/dataset/days.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const DAY_MS = 86_400_000;

describe(`calendar days (TEST_SEED=${SEED})`, () => {
  it("are those of the calendar, from year 1 to 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (number) => {
        const day = new Date(number * DAY_MS).toISOString().slice(0, 10);
        expect(dayOf(number)).toBe(day);
        expect(dayNumber(day)).toBe(number);
        expect(isDay(day)).toBe(true);
      }),
      seeded(500),
    );
  });

  it("knows which dates there are not", () => {
    for (const text of [
      "2026-02-30",
      "2026-02-29",
      "1900-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-01-00",
      "0000-01-01",
    ])
      expect(isDay(text), text).toBe(false);
    for (const text of ["2024-02-29", "2000-02-29", "2026-12-31"]) expect(isDay(text), text).toBe(true);
    for (const text of ["2026-1-1", "20260101", " 2026-01-01", "2026-01-01T00:00", ""]) expect(isDay(text)).toBe(false);
  });

  it("counts over the ends of months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2024-03-01", -1)).toBe("2024-02-29");
    expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
    expect(daysOf({ from: "2026-02-27", to: "2026-03-01" })).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
    expect(daysOf({ from: "2026-03-01", to: "2026-02-27" })).toEqual([]);
  });
});
