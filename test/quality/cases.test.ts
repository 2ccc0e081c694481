// Cases computed from the text of the contract, by hand, and those named random-… by another implementation of the text. Each directory
// holds the input, expected.json and why.md with the arithmetic.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runEvaluate } from "../../src/quality/case/command.ts";
import { evaluateCase } from "../../src/quality/case/evaluate-case.ts";
import { differences } from "./support/differences.ts";

const CASES = fileURLToPath(new URL("cases/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "parity-cases-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const expectedOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(CASES, name, "expected.json"), "utf8"));
const names = readdirSync(CASES).sort();
const bad = names.filter((name) => name.startsWith("bad-"));
const good = names.filter((name) => !name.startsWith("bad-"));

const out = (name: string): string => join(scratch, `${name}.json`);
const argumentsFor = (name: string): string[] => ["--case", join(CASES, name), "--out", out(name)];

interface Ended {
  readonly code: number | null;
  /** On standard error. */
  readonly said: string;
}

/** Runs the command as people do. */
const asProcess = (name: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const args = ["run", "-s", "parity:evaluate", "--", ...argumentsFor(name)];
    const child = spawn("npm", args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });

/** The same without a process: it takes a second to start. */
async function inside(name: string): Promise<Ended> {
  let said = "";
  const complain = (sentence: string): void => {
    said += `${sentence}\n`;
  };
  const code = await runEvaluate({ args: argumentsFor(name), print: () => {}, complain });
  return { code, said };
}

describe("a case computed from the text", () => {
  for (const name of good) {
    for (const format of ["csv", "json"] as const) {
      if (!existsSync(join(CASES, name, `upstream.${format}`))) continue;
      test(`${name}, from ${format}`, async () => {
        const result = await evaluateCase(join(CASES, name), { format });
        expect(differences(result, expectedOf(name))).toEqual([]);
      });
    }
  }
});

describe("the command", () => {
  test("writes the result and ends with 0", { timeout: 60_000 }, async () => {
    const name = "release-allow";
    expect(await asProcess(name)).toEqual({ code: 0, said: "" });
    expect(differences(JSON.parse(readFileSync(out(name), "utf8")), expectedOf(name))).toEqual([]);
  });

  for (const [index, name] of bad.entries()) {
    test(`ends with 2 for ${name}, says why in a sentence and writes nothing`, { timeout: 60_000 }, async () => {
      const { code, said } = index === 0 ? await asProcess(name) : await inside(name);
      expect(code, said).toBe(2);
      const { refused } = expectedOf(name) as { readonly refused: readonly string[] };
      for (const word of refused) expect(said).toContain(word);
      expect(said.trim().split("\n"), "one line, no stack").toHaveLength(1);
      expect(readdirSync(scratch).filter((file) => file.includes(name))).toEqual([]);
    });
  }
});
