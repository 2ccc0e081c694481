import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../../src/quality/engine/normalise.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const WINDOW = { from: "2026-03-01", to: "2026-03-03" };
const row = (date: unknown, nm_id: unknown, members: Record<string, unknown> = {}) => ({ date, nm_id, ...members });
const counted = (rows: readonly unknown[]) => normalise(rows, ["k"], WINDOW).counts;

describe("normalisation of rows", () => {
  it("2.2 drops and counts rows without a date or an nm_id", () => {
    const rows = [row("2026-03-01", 1), row("2026-03-32", 1), row("2026-03-01", 0), row(null, 1), {}, null, 5];
    expect(counted(rows)).toMatchObject({ rows: 1, invalidRows: 6, outOfWindowRows: 0 });
  });

  it("2.2 before 2.3: a row without an nm_id is invalid wherever its date lies", () =>
    expect(counted([row("2027-01-01", "x")])).toMatchObject({ invalidRows: 1, outOfWindowRows: 0 }));

  it("2.3 drops rows outside the window without looking at their values; its ends are inside", () => {
    const rows = ["2026-02-28", "2026-03-01", "2026-03-03", "2026-03-04"].map((date) => row(date, 1, { k: "junk" }));
    expect(counted(rows)).toEqual({
      ...{ rows: 2, invalidRows: 0, outOfWindowRows: 2 },
      ...{ invalidValues: 2, duplicateRows: 0 },
    });
  });

  it("2.1 before 2.3: the date of an instant is that of Moscow", () =>
    expect(counted([row("2026-03-03T21:00:00Z", 1)])).toMatchObject({ outOfWindowRows: 1 }));

  it("2.4 takes an invalid value as missing and counts it", () => {
    const { table, counts } = normalise([row("2026-03-01", 1, { k: "12%" })], ["k"], WINDOW);
    expect(counts.invalidValues).toBe(1);
    expect([...table.values]).toEqual([Number.NaN]);
  });

  it("2.5 lets the later row replace the earlier one as a whole", () => {
    const rows = [row("2026-03-01", 7, { a: 1, b: "junk" }), row("2026-03-01T10:00", "7", { b: 3 })];
    const { table, counts } = normalise(rows, ["a", "b"], WINDOW);
    expect([...table.values]).toEqual([Number.NaN, 3]);
    expect(counts).toMatchObject({ rows: 1, duplicateRows: 1, invalidValues: 1 });
  });

  it("2.6 keeps a row of which all values are missing", () =>
    expect(counted([row("2026-03-01", 1, { k: null })])).toMatchObject({ rows: 1, invalidValues: 0 }));

  it("reads a key that is called like a member of every object from the row alone", () =>
    expect(normalise([row("2026-03-01", 1)], ["constructor"], WINDOW).counts.invalidValues).toBe(0));

  it(`keeps every row somewhere, and their order matters to duplicates alone (TEST_SEED=${SEED})`, () => {
    const rows = fc.uniqueArray(
      fc.record({
        date: fc.constantFrom("2026-03-01", "2026-03-02", "2026-02-01", "x"),
        nm_id: fc.integer({ min: 0, max: 9 }),
        k: fc.constantFrom(1, "2,5", null, "junk"),
      }),
      { selector: ({ date, nm_id }) => `${date} ${nm_id}` },
    );
    fc.assert(
      fc.property(rows, rows, (some, others) => {
        const once = normalise(some, ["k"], WINDOW);
        expect(normalise(some.toReversed(), ["k"], WINDOW)).toEqual(once);
        const { counts } = normalise([...some, ...others], ["k"], WINDOW);
        expect(counts.rows + counts.duplicateRows + counts.invalidRows + counts.outOfWindowRows).toBe(
          some.length + others.length,
        );
      }),
      seeded(200),
    );
  });
});
