import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** Console and sandbox together. Unit: bytes after gzip. */
const BUDGET = 60_000;
const CONFIG = fileURLToPath(new URL("../../src/console/vite.config.ts", import.meta.url));

const outDir = mkdtempSync(join(tmpdir(), "tgs-pages-"));
beforeAll(async () => {
  // As the image is built: the test runner's own mode leaves checks for developers in.
  vi.stubEnv("NODE_ENV", "production");
  await build({ configFile: CONFIG, build: { outDir, emptyOutDir: true } });
}, 60_000);
afterAll(() => vi.unstubAllEnvs());
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const files = (ending: string): readonly string[] =>
  readdirSync(outDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending));
const content = (name: string): string => readFileSync(join(outDir, name), "utf8");

describe("the built pages", () => {
  it("need no more script than the budget allows", () => {
    const sizes = files(".js").map((name) => ({ name, bytes: gzipSync(content(name)).length }));
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(sizes.length).toBeGreaterThan(0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(BUDGET);
  });

  it("keep their texts in a file per language, of which a reader loads one", () => {
    const texts = files(".json").map((name) => JSON.parse(content(name)) as Record<string, Record<string, string>>);
    expect(texts).toHaveLength(2);
    const [one = {}, other = {}] = texts;
    expect(Object.keys(one).length).toBeGreaterThan(20);
    for (const [key, pack] of Object.entries(one))
      expect(Object.keys(other[key] ?? {}), key).toEqual(Object.keys(pack));
  });

  it("fetch nothing from elsewhere", () => {
    for (const name of files(".css")) expect(content(name), name).not.toMatch(/url\(\s*["']?(?:https?:)?\/\//);
    for (const name of files(".html")) expect(content(name), name).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it("hold no script or style within the page, which its security policy refuses", () => {
    for (const name of files(".html")) {
      expect(content(name), name).not.toMatch(/<script(?![^>]*\bsrc=)/);
      expect(content(name), name).not.toMatch(/<style|\sstyle=/);
    }
  });
});
