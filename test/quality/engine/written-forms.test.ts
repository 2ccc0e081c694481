// Rows as sides write them (contract, section 2): dates with offsets, numbers with spaces and commas, what is no number, rows twice.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber, dayOf } from "../../../machines/dataset/days.ts";
import { normalise } from "../../../src/quality/engine/normalise.ts";
import { parseDay } from "../../../src/quality/engine/parse-day.ts";
import { parseValue } from "../../../src/quality/engine/parse-value.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const MINUTE_MS = 60_000;
const pad = (number: number): string => String(number).padStart(2, "0");
const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Minutes ahead of UTC, from -12:00 to +14:00. */
const offset = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
const minute = fc.integer({ min: Date.UTC(1999, 0) / MINUTE_MS, max: Date.UTC(2100, 0) / MINUTE_MS });
const spaces = fc.constantFrom("", " ", "   ");
const seconds = fc.constantFrom("", ":00", ":59", ":59.999", ":07.123456");

describe(`2.1 dates (TEST_SEED=${SEED})`, () => {
  it("an instant with an offset is that of Moscow, however the offset is written", () => {
    fc.assert(
      fc.property(
        fc.record({ minute, offset, seconds, before: spaces, after: spaces }),
        fc.constantFrom("T", " "),
        fc.constantFrom(":", ""),
        (at, between, colon) => {
          const wall = iso((at.minute + at.offset) * MINUTE_MS);
          const ahead = Math.abs(at.offset);
          const sign = at.offset < 0 ? "-" : "+";
          const written = `${sign}${pad(Math.floor(ahead / 60))}${colon}${pad(ahead % 60)}`;
          const text = `${wall.slice(0, 10)}${between}${wall.slice(11, 16)}${at.seconds}`;
          const day = iso(at.minute * MINUTE_MS + 180 * MINUTE_MS).slice(0, 10);
          expect(parseDay(`${at.before}${text}${written}${at.after}`)).toBe(dayNumber(day));
          if (at.offset === 0) expect(parseDay(`${at.before}${text}Z${at.after}`)).toBe(dayNumber(day));
          // Without an offset nothing is known but the date.
          expect(parseDay(`${at.before}${text}${at.after}`)).toBe(dayNumber(wall.slice(0, 10)));
        },
      ),
      seeded(500),
    );
  });

  it("no text that is read is another day than its first ten characters or the days beside it", () => {
    const piece = fc.constantFrom(
      "2026-03-01",
      "2026-02-29",
      "T",
      " ",
      "10:30",
      "24:00",
      "Z",
      "+03:00",
      "-1200",
      "x",
      "",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join("");
        const day = parseDay(text);
        if (day === null) return;
        expect(Math.abs(day - dayNumber(text.trim().slice(0, 10)))).toBeLessThanOrEqual(1);
        expect(dayOf(dayNumber(text.trim().slice(0, 10)))).toBe(text.trim().slice(0, 10));
      }),
      seeded(500),
    );
  });
});

const space = fc.constantFrom(" ", "\u00a0", "\u202f", "\t");
/** A number and one of the ways to write it. */
const written = fc
  .record({
    sign: fc.constantFrom("", "+", "-"),
    whole: fc.integer({ min: 0, max: 999_999_999 }),
    fraction: fc.constantFrom("", "0", "5", "25", "001"),
    mark: fc.constantFrom(".", ","),
    exponent: fc.constantFrom("", "e0", "E2", "e-3", "e+1"),
    space,
    places: fc.array(fc.nat(20), { maxLength: 4 }),
  })
  .map(({ sign, whole, fraction, mark, exponent, space: gap, places }) => {
    const plain = `${sign}${whole}${fraction && `.${fraction}`}${exponent}`;
    let text = plain.replace(".", mark);
    for (const place of places) text = `${text.slice(0, place)}${gap}${text.slice(place)}`;
    return { text, value: Number(plain) + 0 };
  });

/** Texts that are no number: a number and something that may not stand there. */
const junk = fc.oneof(
  fc.constantFrom(
    "abc",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "1,234.5",
    "1.2.3",
    "1,2,3",
    "12%",
    "0x1F",
    "1_000",
    ".5",
    "5.",
  ),
  fc.constantFrom(
    "--",
    "—-",
    "n/a",
    "#REF!",
    "1e",
    "e5",
    "1e1.5",
    "+",
    "1\n2",
    "٣",
    "1e400",
    "9".repeat(400),
    "x".repeat(10_000),
  ),
  fc.tuple(fc.integer(), fc.constantFrom("%", "₽", "x", "e", "..", ",.", "-")).map(([n, end]) => `${n}${end}`),
);

describe(`2.4 values (TEST_SEED=${SEED})`, () => {
  it("reads a number however it is written", () => {
    fc.assert(
      fc.property(written, ({ text, value }) => {
        expect(parseValue(text)).toBe(value);
      }),
      seeded(500),
    );
  });

  it("takes what is no number as missing, counts each one, and changes nothing else", () => {
    const cell = fc.oneof(
      fc.oneof(junk, fc.constantFrom(true, false, [], {}, [1], Number.NaN, Number.POSITIVE_INFINITY)).map((raw) => ({
        ...{ raw: raw as unknown, plain: null, invalid: 1 },
      })),
      written.map(({ text, value }) => ({ raw: text as unknown, plain: value, invalid: 0 })),
      fc.constantFrom(null, undefined, "", "-", "—", " - ", "\u00a0").map((raw) => ({
        ...{ raw: raw as unknown, plain: null, invalid: 0 },
      })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 12 }), (cells) => {
        const rows = (member: "raw" | "plain") =>
          cells.map(([a, b], index) => ({ date: "2026-03-01", nm_id: index + 1, a: a[member], b: b[member] }));
        const window = { from: "2026-03-01", to: "2026-03-01" };
        const found = normalise(rows("raw"), ["a", "b"], window);
        const plain = normalise(rows("plain"), ["a", "b"], window);
        expect(found.table).toEqual(plain.table);
        expect(found.counts).toEqual({
          ...plain.counts,
          invalidValues: cells.flat().reduce((sum, { invalid }) => sum + invalid, 0),
        });
        expect(plain.counts).toMatchObject({ rows: cells.length, invalidValues: 0 });
      }),
      seeded(300),
    );
  });
});

describe(`2.5 rows that come twice (TEST_SEED=${SEED})`, () => {
  it("leave the last one of each (date, nm_id), whole, whatever their dates and nm_ids look like", () => {
    const row = fc.record({
      date: fc.constantFrom("2026-03-01", " 2026-03-01", "2026-03-01T10:00", "2026-02-28T21:30Z", "2026-03-02"),
      nm_id: fc.constantFrom<unknown>(1, "1", "1,0", " 1 ", 2, "2.0", "2e0"),
      a: fc.option(fc.integer()),
      b: fc.option(fc.integer()),
    });
    const window = { from: "2026-03-01", to: "2026-03-02" };
    fc.assert(
      fc.property(fc.array(row, { maxLength: 15 }), (rows) => {
        const last = new Map(
          rows.map(({ date, nm_id, a, b }) => {
            const day = date === "2026-03-02" ? date : "2026-03-01";
            const nmId = String(nm_id).trim().startsWith("1") ? 1 : 2;
            return [`${day} ${nmId}`, { date: day, nm_id: nmId, a, b }] as const;
          }),
        );
        const found = normalise(rows, ["a", "b"], window);
        expect(found.table).toEqual(normalise([...last.values()], ["a", "b"], window).table);
        expect(found.counts).toMatchObject({ rows: last.size, duplicateRows: rows.length - last.size, invalidRows: 0 });
      }),
      seeded(300),
    );
  });
});
