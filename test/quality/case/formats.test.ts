// Whatever stands in the cells, the result is the same from CSV and from JSON.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCase } from "../../../src/quality/case/evaluate-case.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { CALIBRATION, CONFIG, GATE, inCase, RELEASE } from "./support/case-directory.ts";

const NAMES = ["date", "nm_id", "adv_sum", "stocks_total"] as const;
type Written = Readonly<Record<(typeof NAMES)[number], string>>;

const config = { ...CONFIG, gate: GATE, calibration: CALIBRATION, release: RELEASE };
const cell = fc.oneof(
  fc.constantFrom(
    "",
    "-",
    "0",
    "5",
    "5,5",
    "1 234,5",
    "1,234.5",
    '"',
    '""',
    "a\nb",
    "a\r\nb",
    "\r",
    ",",
    "NaN",
    "1e308",
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  fc.string(),
);
const rows: fc.Arbitrary<Written[]> = fc.array(
  fc.record({
    date: fc.oneof(fc.constantFrom("2026-03-01", " 2026-03-02 ", "2026-03-01T22:00:00Z", "2026-03-03"), cell),
    nm_id: fc.oneof(fc.constantFrom("1", "2", "3", "4,0"), cell),
    adv_sum: cell,
    stocks_total: cell,
  }),
  { maxLength: 8 },
);

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** Quotes where they must be, or everywhere. */
const csv = (table: readonly Written[], lineEnd: string, isQuoted: boolean): string =>
  [NAMES, ...table.map((row) => NAMES.map((name) => row[name]))]
    .map((fields) => fields.map((field) => (isQuoted || /[",\r\n]/.test(field) ? quoted(field) : field)).join(","))
    .join(lineEnd);

describe(`the forms of a case (TEST_SEED=${SEED})`, () => {
  it("CSV and JSON of the same rows give the same result, byte order mark or not, whatever the line ends", async () => {
    const form = fc.record({
      lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
      mark: fc.constantFrom("", "\ufeff"),
      isQuoted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, rows, form, async (upstream, local, candidate, { lineEnd, mark, isQuoted }) => {
        const sides = { upstream, local, candidate };
        const files = Object.entries(sides).flatMap(([name, table]) => [
          [`${name}.csv`, mark + csv(table, lineEnd, isQuoted)],
          [`${name}.json`, mark + JSON.stringify({ rows: table })],
        ]);
        await inCase({ "config.json": config, ...Object.fromEntries(files) }, async (directory) => {
          const [fromCsv, fromJson] = [
            await evaluateCase(directory, { format: "csv" }),
            await evaluateCase(directory, { format: "json" }),
          ];
          expect(fromCsv).toEqual(fromJson);
          // What cannot be written in JSON would become null unseen.
          expect(JSON.parse(JSON.stringify(fromCsv))).toEqual(fromCsv);
        });
      }),
      seeded(60),
    );
  });
});
