// docs/reliability.md names a test for each promise and each fault: a name that no test has any more is a promise without one.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MUTANTS } from "./mutants.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/reliability.md"), "utf8");
const NAMED = [...PAGE.matchAll(/`(test\/[\w./-]+\.test\.ts)` “([^”]+)”/g)].map(([, file = "", name = ""]) => ({
  file,
  name,
}));
const PROMISES = Array.from({ length: 18 }, (_, index) => `I${index + 1}`);

const source = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe("docs/reliability.md", () => {
  it("names only tests that there are", () => {
    const gone = NAMED.filter(({ file, name }) => !existsSync(join(ROOT, file)) || !source(file).includes(name));
    expect(gone).toEqual([]);
    expect(NAMED.length).toBeGreaterThan(80);
  });

  it("has a line with a mechanism that is there and a test for each promise", () => {
    const lines = PAGE.split("\n").map((line) => line.split(" | "));
    for (const promise of PROMISES) {
      const [, , mechanism = "", tests = ""] = lines.find(([first]) => first === `| ${promise}`) ?? [];
      expect([promise, /“/.test(tests)]).toEqual([promise, true]);
      const places = [...mechanism.matchAll(/`((?:src|machines)\/[\w./-]+)`/g)].map(([, place = ""]) => place);
      expect([promise, places.length > 0, places.filter((place) => !existsSync(join(ROOT, place)))]).toEqual([
        promise,
        true,
        [],
      ]);
    }
  });

  it("lists each mechanism that was taken out, and its place is still there once", () => {
    for (const { promise, without, file, from, test, name } of MUTANTS) {
      expect(PAGE).toContain(`| ${promise} | ${without} |`);
      expect([file, source(file).split(from).length]).toEqual([file, 2]);
      expect([name, source(test).includes(name)]).toEqual([name, true]);
    }
  });
});
