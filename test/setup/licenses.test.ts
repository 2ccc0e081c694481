// What the service runs with: licences that allow it, hashes that pin it, and no code of theirs that runs when it is installed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { verdictOf } from "../../src/setup/audit.mjs";

const ROOT = join(import.meta.dirname, "../..");
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      inBundle: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});
const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
const packages = Object.entries(Lock.parse(read("package-lock.json")).packages).filter(([path]) => path !== "");
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/** None of them asks anything of who runs or changes the service but to keep its notice. */
const LICENSES = ["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0"];

describe("a package that the service runs with", () => {
  it("has a licence of the list", () => {
    const others = packages.filter(([, { dev, license }]) => dev !== true && !LICENSES.includes(license ?? ""));
    expect(others).toEqual([]);
  });
  it("is pinned by a hash, as all others are", () => {
    expect(packages.filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true)).toEqual([]);
  });
  it("runs nothing when it is installed: its script is refused by name", () => {
    const { allowScripts } = z.object({ allowScripts: z.record(z.string(), z.boolean()) }).parse(read("package.json"));
    expect(Object.values(allowScripts)).not.toContain(true);
    for (const [path, { hasInstallScript }] of packages)
      if (hasInstallScript) expect([path, allowScripts[nameOf(path)]]).toEqual([path, false]);
  });
});

describe("npm run audit", () => {
  it.each([
    ["fine", 0, "found 0 vulnerabilities"],
    ["fine", 0, "audited 150 packages in 2s\n\n150 packages have verified registry signatures"],
    ["found", 1, "# npm audit report\n\nundici  <6\nSeverity: high\n1 high severity vulnerability"],
    ["found", 1, "1 package has an invalid registry signature"],
    ["unanswered", 1, "npm error audit endpoint returned an error"],
    ["unanswered", 1, "npm warn audit 404 Not Found - POST https://registry.example/-/npm/v1/security/advisories/bulk"],
    ["unanswered", 1, "npm error found no dependencies to audit that were installed from a supported registry"],
  ] as const)("tells what was found from what was not answered: %s", (verdict, status, output) => {
    expect(verdictOf(status, output)).toBe(verdict);
  });
});
