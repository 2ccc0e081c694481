import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const { copyAssets } = (await import(
  pathToFileURL(join(import.meta.dirname, "../../src/setup/copy-assets.mjs")).href
)) as {
  copyAssets(options: { root: string; into: string }): string[];
};

describe("the assets of a build", () => {
  it("go where the compiled code looks for them, and sources stay behind", () => {
    const root = mkdtempSync(join(tmpdir(), "tgs-assets-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const assets = [
      "src/redis/scripts/commit.lua",
      "src/bot/locales/ru.ftl",
      "src/sample-plans.yaml",
      "visualizations/order.svg",
      "visualizations/order.json",
      "visualizations/order.mmd",
      "redis.conf",
      "package.json",
    ];
    for (const file of [...assets, "src/app.ts", "machines/CONTEXT.md", "visualizations/README.md"]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), file);
    }
    const into = join(root, "dist");
    expect(copyAssets({ root, into }).sort()).toEqual([...assets].sort());
    for (const file of assets) expect(existsSync(join(into, file)), file).toBe(true);
    expect(existsSync(join(into, "src/app.ts"))).toBe(false);
  });
});
