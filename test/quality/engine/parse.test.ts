import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf } from "../../../machines/dataset/days.ts";
import { parseDay } from "../../../src/quality/engine/parse-day.ts";
import { parseNmId, parseValue } from "../../../src/quality/engine/parse-value.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const dayIn = (value: unknown): string | null => {
  const day = parseDay(value);
  return day === null ? null : dayOf(day);
};

describe("2.1 the date of a row", () => {
  it.each([
    ["2026-01-05", "2026-01-05"],
    ["  2026-01-05 ", "2026-01-05"],
    ["2024-02-29", "2024-02-29"],
    ["2026-01-05T23:59:59.999", "2026-01-05"],
    ["2026-01-05 23:59", "2026-01-05"],
    ["2026-01-05T20:59:59Z", "2026-01-05"],
    ["2026-01-05T21:00:00Z", "2026-01-06"],
    ["2026-01-05T21:00:00.000Z", "2026-01-06"],
    ["2026-12-31 22:30:00+00:00", "2027-01-01"],
    ["2026-01-05T00:30:00+05:00", "2026-01-04"],
    ["2026-01-05T00:30:00+0300", "2026-01-05"],
    ["2026-01-05T02:59:00+0600", "2026-01-04"],
    ["2026-03-01T18:00:00-0400", "2026-03-02"],
    ["2026-01-05T12:00:00+05:30", "2026-01-05"],
  ])("%j is %s", (text, day) => expect(dayIn(text)).toBe(day));

  it.each([
    "",
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "05.01.2026",
    "2026-1-5",
    "20260105",
    "2026-01-05x",
    "2026-01-05T",
    "2026-01-05T25:00",
    "2026-01-05T10:60",
    "2026-01-05 noon",
    "2026-01-05T10:00+25:00",
    "2026-01-05T10:00 MSK",
    20_260_105,
    null,
    undefined,
    true,
    {},
  ])("%j is none", (value) => expect(parseDay(value)).toBeNull());
});

describe("2.2 the nm_id of a row", () => {
  it.each([
    [1, 1],
    ["1", 1],
    ["12 345", 12_345],
    ["12,0", 12],
    ["1e3", 1_000],
    [2 ** 53, 2 ** 53],
  ])("%j is %d", (raw, nmId) => expect(parseNmId(raw)).toBe(nmId));

  it.each([0, -1, 1.5, 2 ** 53 + 2, "0", "1.5", "", "-", "abc", null, undefined, true, [1], {}])("%j is none", (raw) =>
    expect(parseNmId(raw)).toBeNull(),
  );
});

describe(`2.4 the value of a cell (TEST_SEED=${SEED})`, () => {
  it.each([
    ["1 234,50", 1234.5],
    ["1\u00a0234\u202f567,5", 1_234_567.5],
    ["\t12\t", 12],
    ["+5", 5],
    ["-0", 0],
    ["0,5", 0.5],
    ["1e3", 1_000],
    ["1E-3", 0.001],
    ["1,5e2", 150],
    ["9007199254740993", 9_007_199_254_740_992],
    [-0, 0],
    [1.25, 1.25],
  ])("%j is %d", (raw, value) => expect(parseValue(raw)).toBe(value));

  it.each([null, undefined, "", " ", "-", "—", " - ", "\u00a0"])("%j is missing", (raw) =>
    expect(parseValue(raw)).toBeNull(),
  );

  it.each([
    "1,234.5",
    "1,2,3",
    "12%",
    "NaN",
    "Infinity",
    "abc",
    "0x10",
    "1.",
    ".5",
    "1e",
    "--5",
    "−5",
    "1\n",
    "1e309",
    "٣",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    false,
    [],
    {},
  ])("%j is invalid", (raw) => expect(parseValue(raw)).toBeUndefined());

  it("reads every number back that it is given as a text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseValue(String(value))).toBe(value + 0);
        expect(parseValue(value)).toBe(value + 0);
      }),
      seeded(300),
    );
  });
});
