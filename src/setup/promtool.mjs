// Where a promtool comes from, with which the tests check metrics, rules and the dashboard's queries. The service never needs one.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { hasDebianTools, unpackDebianPackages } from "./debian-packages.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { withLock } from "./lock.mjs";

const CACHE_DIR = join(import.meta.dirname, "../../.cache/prometheus");

/**
 * PROMTOOL, PATH, our cache, or this distribution's own package, of which nothing but this one program is used. Safe to call from several
 * processes. Types: promtool.d.mts.
 * @throws {Error} that says why there is none.
 */
export async function findPromtool({ cacheDir = CACHE_DIR, env = process.env } = {}) {
  if (env.PROMTOOL) {
    const bin = resolve(env.PROMTOOL);
    if (!runs(bin)) throw new Error(`PROMTOOL names a program that does not run: ${bin}`);
    return bin;
  }
  const onPath = findOnPath("promtool", env);
  if (onPath !== undefined && runs(onPath)) return onPath;
  const root = join(cacheDir, "root");
  const cached = join(root, "usr/bin/promtool");
  if (runs(cached)) return cached;
  if (process.platform !== "linux" || !hasDebianTools(env))
    throw new Error("no promtool on PATH, and no Debian or Ubuntu to fetch one from: set PROMTOOL");
  await withLock(join(cacheDir, "fetch.lock"), async () => {
    // Whoever held the lock before us may have fetched it.
    if (runs(cached)) return;
    await unpackDebianPackages({ packages: ["prometheus"], into: root, env, alone: true });
    rmSync(join(root, "usr/bin/prometheus"), { force: true }); // the server itself: half of what was unpacked
  });
  if (!runs(cached)) throw new Error("the fetched promtool does not run");
  return cached;
}

const runs = (bin) => spawnSync(bin, ["--version"], { stdio: "ignore", timeout: 10_000 }).status === 0;
