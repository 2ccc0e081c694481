import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Env } from "../../src/environment.ts";
import { ERRORS } from "../../src/errors.ts";
import { DEFAULT_POLICIES } from "../../src/policies.ts";
import { renderConfiguration } from "../../src/setup/docs/configuration.ts";
import { renderErrors } from "../../src/setup/docs/errors.ts";
import { findStaleDocs, writeDocs } from "../../src/setup/print-docs.ts";

describe("printed pages", () => {
  it("are stale when missing or edited by hand, and fresh when written", () => {
    const root = mkdtempSync(join(tmpdir(), "tgs-docs-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const docs = [
      { file: "docs/a.md", render: () => "a" },
      { file: "docs/b.md", render: () => "b" },
    ];
    expect(findStaleDocs(root, docs)).toEqual(["docs/a.md", "docs/b.md"]);
    writeDocs(root, docs);
    expect(findStaleDocs(root, docs)).toEqual([]);
    writeFileSync(join(root, "docs/b.md"), "by hand");
    expect(findStaleDocs(root, docs)).toEqual(["docs/b.md"]);
  });
  it("describe every variable, every policy and every error", () => {
    const configuration = renderConfiguration();
    for (const name of Object.keys(Env.shape))
      expect(configuration).toMatch(new RegExp(`\\| \`${name}\` \\| \\w|\\| \`${name}\` \\| \``));
    for (const name of Object.keys(DEFAULT_POLICIES)) expect(configuration).toContain(`\`policies.${name}`);
    expect(configuration).not.toContain("undefined");
    const errors = renderErrors();
    for (const code of Object.keys(ERRORS)) expect(errors).toContain(`\`${code}\``);
  });
});
