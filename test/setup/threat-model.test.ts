import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

it("the threat model names controls and tests that exist, and each threat has one of both", () => {
  const page = readFileSync(join(ROOT, "docs/threat-model.md"), "utf8");
  const named = [
    ...page.matchAll(/`((?:src|test|docs|machines)\/[\w./-]+|[.\w-]+\.(?:json|yaml|mjs|conf)|Dockerfile)`/g),
  ].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const threats = page.split("\n").filter((line) => /^\| [STRIDE](?:, [STRIDE])*: /.test(line));
  expect(threats.length).toBeGreaterThan(30);
  for (const threat of threats)
    expect(
      threat
        .split("|")
        .slice(3, 5)
        .every((cell) => /`|by hand/.test(cell)),
      threat,
    ).toBe(true);
});
