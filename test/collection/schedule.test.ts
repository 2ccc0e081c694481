import { describe, expect, it } from "vitest";
import { DAY_MS, dayAt, HOUR_MS, MINUTE_MS, startOf } from "../../src/collection/moscow.ts";
import {
  daysOfRun,
  dueSlots,
  freezeAt,
  lastFrozen,
  lastReread,
  offsetOf,
  rereadAt,
  slotAfter,
  slotsBetween,
} from "../../src/collection/schedule.ts";

/** By Moscow's clock. */
const at = (day: string, time = "00:00"): number => Date.parse(`${day}T${time}:00+03:00`);
const timeOf = (ms: number): string => new Date(ms + 3 * HOUR_MS).toISOString().slice(5, 16).replace("T", " ");
const D = "2026-02-17";
const FREEZE = 6 * HOUR_MS;

describe("days in Moscow", () => {
  it("begin at 21:00 UTC, all year", () => {
    expect([dayAt(Date.UTC(2026, 6, 1, 20, 59)), dayAt(Date.UTC(2026, 6, 1, 21))]).toEqual([
      "2026-07-01",
      "2026-07-02",
    ]);
    expect(startOf("2026-07-02")).toBe(Date.UTC(2026, 6, 1, 21));
  });
});

describe("10.1: slots", () => {
  it("begin at 05:00, 11:00, 17:00 and 23:30, each spreadsheet up to 20 minutes later", () => {
    expect(slotsBetween(at(D), at(D) + DAY_MS, 0).map(timeOf)).toEqual([
      "02-17 05:00",
      "02-17 11:00",
      "02-17 17:00",
      "02-17 23:30",
    ]);
    const offset = 20 * MINUTE_MS;
    expect(slotsBetween(at(D), at(D) + DAY_MS, offset).map(timeOf)).toEqual([
      "02-17 05:20",
      "02-17 11:20",
      "02-17 17:20",
      "02-17 23:50",
    ]);
    expect(slotsBetween(at(D, "05:20"), at(D, "11:20"), offset).map(timeOf)).toEqual(["02-17 11:20"]);
    expect(timeOf(slotAfter(at(D, "23:50"), offset))).toBe("02-18 05:20");
  });

  it("are the same for a spreadsheet for ever, and spread over all of them", () => {
    const offsets = Array.from({ length: 400 }, (_, i) => offsetOf(`sheet-number-${i}-and-more-letters`));
    expect(offsets).toEqual(Array.from({ length: 400 }, (_, i) => offsetOf(`sheet-number-${i}-and-more-letters`)));
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(20 * MINUTE_MS);
    expect(new Set(offsets.map((offset) => Math.floor(offset / MINUTE_MS))).size).toBeGreaterThan(15);
  });

  it("ask for the day they belong to; the first of a day completes the day before, until that is frozen", () => {
    const days = (slot: string, now = slot) => Object.values(daysOfRun(at(D, slot), at(D, now), 0, FREEZE)).join(" ");
    expect([days("05:00"), days("05:00", "05:59")]).toEqual(["2026-02-16 2026-02-17", "2026-02-16 2026-02-17"]);
    expect([days("05:00", "06:00"), days("11:00"), days("17:00"), days("23:30")]).toEqual(Array(4).fill(`${D} ${D}`));
    // Caught up after midnight it is still the closing day's.
    expect(daysOfRun(at(D, "23:50"), at("2026-02-18", "01:00"), 20 * MINUTE_MS, FREEZE)).toEqual({ from: D, to: D });
  });
});

describe("10.2: a slot that was missed", () => {
  const due = (after: string, now: string) => {
    const { run, missed, upTo } = dueSlots(at(D, after), at(D, now), 0);
    return { run: run === null ? null : timeOf(run), missed: missed.map(timeOf), upTo: timeOf(upTo) };
  };
  it("is caught up within two hours", () => {
    expect(due("04:00", "04:59")).toEqual({ run: null, missed: [], upTo: "02-17 04:00" });
    expect(due("04:00", "05:00")).toEqual({ run: "02-17 05:00", missed: [], upTo: "02-17 05:00" });
    expect(due("04:00", "07:00")).toEqual({ run: "02-17 05:00", missed: [], upTo: "02-17 05:00" });
  });
  it("is counted as missed after that", () => {
    expect(due("04:00", "07:01")).toEqual({ run: null, missed: ["02-17 05:00"], upTo: "02-17 05:00" });
    expect(due("04:00", "17:30")).toEqual({
      run: "02-17 17:00",
      missed: ["02-17 05:00", "02-17 11:00"],
      upTo: "02-17 17:00",
    });
  });
});

describe("1.2, 1.7: the freeze and the second reading", () => {
  it("come at 06:00 of the next day, and seven days and an hour later", () => {
    expect(timeOf(freezeAt(D, FREEZE))).toBe("02-18 06:00");
    expect(timeOf(freezeAt(D, 8 * HOUR_MS))).toBe("02-18 08:00");
    expect(timeOf(rereadAt(D, 5 * MINUTE_MS, FREEZE))).toBe("02-25 07:05");
  });
  it("are due for the last day that had them", () => {
    expect([lastFrozen(at("2026-02-18", "05:59"), FREEZE), lastFrozen(at("2026-02-18", "06:00"), FREEZE)]).toEqual([
      "2026-02-16",
      D,
    ]);
    const offset = 5 * MINUTE_MS;
    const due = rereadAt(D, offset, FREEZE);
    expect([lastReread(due - 1, offset, FREEZE), lastReread(due, offset, FREEZE)]).toEqual(["2026-02-16", D]);
  });
});
