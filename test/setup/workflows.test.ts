// What runs by itself must be there: a nightly run whose command is gone fails where nobody looks.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".github/workflows");
const Step = z.object({ run: z.string().optional(), uses: z.string().optional() });
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.object({ "timeout-minutes": z.int(), steps: z.array(Step) })),
});
const workflows = readdirSync(FOLDER).map((file) => ({
  file,
  ...Workflow.parse(parse(readFileSync(join(FOLDER, file), "utf8"))),
}));
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
const stepsOf = ({ jobs }: (typeof workflows)[number]) => Object.values(jobs).flatMap(({ steps }) => steps);
const commandsIn = (file: string) =>
  workflows.filter((one) => one.file === file).flatMap((one) => stepsOf(one).flatMap(({ run }) => run ?? []));

describe("a workflow", () => {
  it("runs only what is there, with actions that nobody can exchange, and may only read", () => {
    for (const workflow of workflows) {
      expect(workflow.permissions, workflow.file).toEqual({ contents: "read" });
      for (const { run, uses } of stepsOf(workflow)) {
        if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        const script = /^npm run (?:-s )?([\w:]+)/.exec(run ?? "")?.[1];
        if (script !== undefined) expect(Object.keys(scripts), run).toContain(script);
        else if (run !== undefined && run !== "npm ci") expect(existsSync(join(ROOT, run)), run).toBe(true);
      }
    }
  });
  it("of the night has all that is too long for a merge", () => {
    const night = commandsIn("nightly.yml").join("\n");
    for (const script of ["test:nightly", "storm", "test:mutation", "audit", "sbom"])
      expect(night).toMatch(new RegExp(`^npm run (?:-s )?${script}\\b`, "m"));
    expect(workflows.find(({ file }) => file === "nightly.yml")?.on).toHaveProperty("schedule");
    for (const directory of scripts["test:nightly"]?.match(/test\/\w+/g) ?? ["none"])
      expect(existsSync(join(ROOT, directory)), directory).toBe(true);
  });
});
