// Test files share a process, which loads each helper once: what a helper sets up while it is loaded would belong to the first of the files only.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Vitest loads it again for each file. */
const SETUP_FILE = "support/leak-check.ts";
const AT_TOP_LEVEL = /^(?:(?:before|after)(?:All|Each)|onTestFinished)\(|^(?:export )?const .* = (?:test|file)Redis\(/m;

it("helpers begin nothing and register no hooks while they are loaded", () => {
  const helpers = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== SETUP_FILE,
  );
  expect(helpers.length).toBeGreaterThan(20);
  expect(
    helpers.filter((file) => AT_TOP_LEVEL.test(readFileSync(join(import.meta.dirname, file), "utf8"))),
    "use onTestFinished where the thing is made, atEndOfFile or fileRedis",
  ).toEqual([]);
});
