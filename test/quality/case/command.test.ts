import { execFile, execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runEvaluate } from "../../../src/quality/case/command.ts";
import { CALIBRATION, CONFIG, inCase } from "./support/case-directory.ts";

const ROOT = join(import.meta.dirname, "../../..");

async function run(...args: string[]) {
  const [printed, complained]: [string[], string[]] = [[], []];
  const code = await runEvaluate({
    args,
    print: (text) => printed.push(text),
    complain: (sentence) => complained.push(sentence),
  });
  return { code, printed: printed.join(""), complained };
}

describe("npm run parity:evaluate", () => {
  it("writes one JSON object in place of what stood there, and nothing beside it", async () => {
    await inCase({ "out.json": "old" }, async (directory) => {
      const before = readdirSync(directory);
      const out = join(directory, "out.json");
      expect(await run("--case", directory, "--out", out)).toEqual({ code: 0, printed: "", complained: [] });
      expect(JSON.parse(readFileSync(out, "utf8"))).toHaveProperty("dataset_pooled.n_cells", 4);
      expect(readdirSync(directory)).toEqual(before);
    });
  });

  it("leaves what stood there when the input is bad, and says that alone", async () => {
    const config = { ...CONFIG, calibration: CALIBRATION };
    await inCase({ "config.json": config, "out.json": "old", "local.csv": "date\n" }, async (directory) => {
      const out = join(directory, "out.json");
      expect(await run("--case", directory, "--out", out)).toEqual({
        ...{ code: 2, printed: "" },
        complained: ["local.csv, line 1: the header has no column nm_id"],
      });
      expect(readFileSync(out, "utf8")).toBe("old");
    });
  });

  it("says what is wrong with how it was called", async () => {
    expect((await run("--help")).printed).toContain("--case DIR");
    expect((await run("--help")).code).toBe(0);
    for (const args of [[], ["--case", "x"], ["--case", "x", "--out", "y", "--format", "xml"], ["--what"], ["x"]]) {
      const { code, complained } = await run(...args);
      expect(code, args.join(" ")).toBe(2);
      expect(complained).toHaveLength(1);
    }
  });

  it("refuses a place that cannot be written, and leaves nothing half written", async () => {
    await inCase({}, async (directory) => {
      mkdirSync(join(directory, "taken"));
      const before = readdirSync(directory);
      expect(await run("--case", directory, "--out", join(directory, "no/such/place.json"))).toMatchObject({
        ...{ code: 2, complained: ["--out: the file cannot be written (ENOENT)"] },
      });
      expect((await run("--case", directory, "--out", join(directory, "taken"))).code).toBe(2);
      expect(readdirSync(directory)).toEqual(before);
    });
  });

  it("follows a link, and writes into what is no file instead of replacing it", async () => {
    await inCase({ "real.json": "old" }, async (directory) => {
      const link = join(directory, "link.json");
      symlinkSync(join(directory, "real.json"), link);
      expect((await run("--case", directory, "--out", link)).code).toBe(0);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(JSON.parse(readFileSync(join(directory, "real.json"), "utf8"))).toHaveProperty("dataset_pooled");
      const pipe = join(directory, "pipe");
      execFileSync("sh", ["-c", 'mkfifo "$0"', pipe]);
      const [read, { code }] = await Promise.all([readFile(pipe, "utf8"), run("--case", directory, "--out", pipe)]);
      expect(code).toBe(0);
      expect(JSON.parse(read)).toHaveProperty("dataset_pooled");
      expect(lstatSync(pipe).isFIFO()).toBe(true);
    });
  });

  it("is a process that says one sentence and ends with 2, or says nothing", { timeout: 60_000 }, async () => {
    await inCase({}, async (directory) => {
      const call = () =>
        promisify(execFile)(
          process.execPath,
          [
            "--import",
            "tsx/esm",
            "src/startup/parity-evaluate-main.ts",
            "--case",
            directory,
            "--out",
            join(directory, "out.json"),
          ],
          { cwd: ROOT },
        );
      expect(await call()).toMatchObject({ stdout: "", stderr: "" });
      writeFileSync(join(directory, "config.json"), "{");
      await expect(call()).rejects.toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(/^config\.json, line 1: [^\n]+\n$/),
      });
    });
  });
});
