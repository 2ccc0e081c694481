// The pages as they are served: built once, and again when a source is younger than what was built.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { withLock } from "../../../src/setup/lock.mjs";

const ROOT = join(import.meta.dirname, "../../..");
const LOCK = join(ROOT, ".cache/pages.lock");
const SOURCES = ["src/console", "visualizations"];
const BUILT = join(ROOT, "dist/console/sandbox.html");

const youngest = (directory: string): number => {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...entries.filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
};

const timeOf = (path: string, read: (path: string) => number): number => {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
};

/** Safe to call from several processes: one builds, the others wait. */
export const buildPages = (): Promise<void> =>
  withLock(LOCK, async () => {
    const changed = Math.max(...SOURCES.map((source) => timeOf(join(ROOT, source), youngest)));
    if (timeOf(BUILT, (path) => statSync(path).mtimeMs) > changed) return;
    await build({ configFile: join(ROOT, "src/console/vite.config.ts") });
  });
