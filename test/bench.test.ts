// Only that the harness runs: its numbers need a quiet machine and minutes (`npm run bench`).
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs/benchmarks.md");
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", "test/bench/main.ts", ...args], {
    cwd: ROOT,
    timeout: 60_000,
  });
const ALL = [
  "costs",
  "events-everysec",
  "events-always",
  "timers",
  "single-timer",
  "effects",
  "pre-checkout",
  "onboarding",
  "parity-case",
  "fleet-day",
];

describe("npm run bench, in a hurry", () => {
  it("carries out every measurement, prints its goals and leaves the page alone", { timeout: 60_000 }, async () => {
    const before = readFileSync(PAGE, "utf8");
    const { stdout, stderr } = await bench("--quick");
    const goals = stdout
      .slice(stdout.indexOf("### Goals"))
      .split("\n")
      .filter((line) => /^\|.*\| (?:met|\*\*not met\*\*) \|$/.test(line));
    expect(goals).toHaveLength(22);
    expect(stdout).not.toContain("NaN");
    expect(stderr).toContain("docs/benchmarks.md stays as it is");
    expect(readFileSync(PAGE, "utf8")).toBe(before);
  });

  it("names the measurements it has when asked for another one", async () => {
    await expect(bench("--only", "nothing")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(ALL.join(", ")),
    });
  });
});
