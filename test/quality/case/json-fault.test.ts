import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOfJsonFault } from "../../../src/quality/case/json-fault.ts";
import { SEED, seeded } from "../../support/seeds.ts";

describe(`where a text stops being JSON (TEST_SEED=${SEED})`, () => {
  it.each([
    ['{\n"a": x}', 2],
    ['{\n"a": 1,\n}', 3],
    ['{"a":\n[1,\n2\n3]}', 4],
    ['{"rows": [\n{"date": "2026-03-01"\n', 3],
    ['{"a": 1}\n\n{', 3],
    ["[1,\n01]", 2],
    ['["a\nb"]', 1],
    ["", 1],
  ])("%j: line %d", (text, line) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(lineOfJsonFault(text)).toBe(line);
  });

  it("is found after all that is JSON, however it is written", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const lines = JSON.stringify(JSON.parse(text), null, 1);
        expect(lineOfJsonFault(`${lines}\n!`)).toBe(lines.split("\n").length + 1);
      }),
      seeded(200),
    );
  });
});
