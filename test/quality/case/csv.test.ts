import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvFault, readCsv } from "../../../src/quality/case/csv.ts";
import { SEED, seeded } from "../../support/seeds.ts";

const fields = (text: string) => [...readCsv(text)].map((record) => record.fields);
const fault = (text: string) => {
  try {
    fields(text);
  } catch (error) {
    if (error instanceof CsvFault) return [error.line, error.message];
  }
  throw new Error("it was read");
};

describe(`CSV (TEST_SEED=${SEED})`, () => {
  it("reads quotes, commas and line ends inside them, and every kind of line end", () =>
    expect([...readCsv('a,"b ""c"", d"\r\n"x\r\ny",\n\n1,2\r3,4')]).toEqual([
      { fields: ["a", 'b "c", d'], line: 1 },
      { fields: ["x\r\ny", ""], line: 2 },
      { fields: ["1", "2"], line: 5 },
      { fields: ["3", "4"], line: 6 },
    ]));

  it("needs no line end after the last record, nor any record", () => {
    expect(fields("a,b\n")).toEqual([["a", "b"]]);
    expect(fields("a,b")).toEqual([["a", "b"]]);
    expect(fields("a,")).toEqual([["a", ""]]);
    expect(fields("")).toEqual([]);
    expect(fields("\n\r\n")).toEqual([]);
  });

  it("names the line of what breaks the rules", () => {
    expect(fault('a,b\n1,"2\n3,4\n')).toEqual([2, "a quote is opened and never closed"]);
    expect(fault('a\n5" pipe\n')).toEqual([2, "a quote stands inside a field that is not quoted"]);
    expect(fault('"a\nb"c,d')).toEqual([2, "after a closing quote only a comma or the line's end may follow"]);
  });

  it("reads back whatever was quoted", () => {
    const table = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), (rows, lineEnd) => {
        const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")).join(lineEnd);
        expect(fields(text)).toEqual(rows);
      }),
      seeded(200),
    );
  });
});
