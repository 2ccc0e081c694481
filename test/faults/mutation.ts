// `npm run test:mutation`: takes one mechanism after the other out of a copy of the source; the test of its promise must fail there.
// With names of promises (`npm run test:mutation -- I4 I11`) only those. Prints the table of docs/reliability.md.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MUTANTS, type Mutant } from "./mutants.ts";

const ROOT = join(import.meta.dirname, "../..");
const TEST_WITHIN_MS = 600_000;

const copy = mkdtempSync(join(tmpdir(), "tgs-mutants-"));
try {
  copySource();
  const asked = process.argv.slice(2);
  const chosen = MUTANTS.filter(({ promise }) => asked.length === 0 || asked.includes(promise));
  if (chosen.length === 0)
    throw new Error(`no such promise; there are ${MUTANTS.map(({ promise }) => promise).join(", ")}`);
  const lines: string[] = [];
  let wrong = 0;
  for (const mutant of chosen) {
    const { isRight, what } = await tryOut(mutant);
    if (!isRight) wrong += 1;
    lines.push(
      `| ${mutant.promise} | ${mutant.without} | \`${mutant.file}\` | \`${mutant.test}\` “${mutant.name}” | ${what} |`,
    );
    process.stderr.write(`${mutant.promise} without “${mutant.without}”: ${what}\n`);
  }
  const head =
    "| promise | taken out: that … | of | noticed by | with it · without it |\n| --- | --- | --- | --- | --- |";
  process.stdout.write(`${head}\n${lines.join("\n")}\n`);
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** What git knows of, changes of the working tree included; nothing else of this directory is touched or needed. */
function copySource(): void {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT })
    .toString()
    .split("\n")
    .filter((file) => /^(?:src|machines|test|visualizations)\/|^[\w.-]+$/.test(file) && existsSync(join(ROOT, file)));
  for (const file of files) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    if (file !== "node_modules") cpSync(join(ROOT, file), join(copy, file));
  }
  for (const linked of ["node_modules", ".cache"])
    if (existsSync(join(ROOT, linked))) symlinkSync(join(ROOT, linked), join(copy, linked));
}

/** @returns whether the test passes with the mechanism and fails without. */
async function tryOut({
  file,
  from,
  to,
  test,
  name,
}: Mutant): Promise<{ readonly isRight: boolean; readonly what: string }> {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (from === "" || source.split(from).length !== 2)
    return { isRight: false, what: `**the place is not there once any more: ${file}**` };
  const before = await run(test, name);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  const after = await run(test, name);
  writeFileSync(path, source);
  const isRight = before === "passes" && after === "fails";
  return { isRight, what: isRight ? "passes · fails" : `**${before} · ${after}**` };
}

/** @returns `runs nothing` for a name that no test has: that must not look like a failure that noticed. */
function run(test: string, name: string): Promise<"passes" | "fails" | "runs nothing"> {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const args = ["node_modules/vitest/vitest.mjs", "run", test, "-t", pattern, "--reporter=json", "--bail=1"];
  const env = { ...process.env, CRASH_POINTS: "120", TEST_SEED: "20261123" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: copy, env, timeout: TEST_WITHIN_MS, maxBuffer: 64_000_000 },
      (_error, stdout) => {
        const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Counts;
        if (numFailedTests > 0) resolve("fails");
        else resolve(numPassedTests > 0 ? "passes" : "runs nothing");
      },
    );
  });
}

interface Counts {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
}
