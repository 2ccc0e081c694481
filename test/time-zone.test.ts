import { describe, expect, it } from "vitest";
import { utcOffsetMinutes } from "../src/time-zone.ts";

const JANUARY = Date.UTC(2026, 0, 15);
const JULY = Date.UTC(2026, 6, 15);

describe("the offset of a zone", () => {
  it.each([
    ["Europe/Moscow", JANUARY, 180],
    ["Europe/Berlin", JANUARY, 60],
    ["Europe/Berlin", JULY, 120],
    ["America/St_Johns", JANUARY, -210],
    ["Asia/Kolkata", JULY, 330],
    ["UTC", JULY, 0],
  ])("of %s at %i is %i minutes", (zone, at, minutes) => {
    expect(utcOffsetMinutes(zone, at)).toBe(minutes);
  });
});
