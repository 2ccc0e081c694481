// Where a redis-server comes from: an operator's choice, PATH, our cache, or this distribution's own package.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { hasDebianTools, unpackDebianPackages } from "./debian-packages.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { withLock } from "./lock.mjs";

/** The oldest server that reads our redis.conf. (A server behind REDIS_URL may be older: src/redis/check-server.ts.) */
const OLDEST = [7, 0];
/** The clone, also for the code that a build has put into its dist/; in an image without one, the working directory. */
const PROJECT_DIR = findUp("package-lock.json", import.meta.dirname) ?? process.cwd();
/** Not inside node_modules: `npm ci` deletes that. */
const DEFAULT_CACHE_DIR = join(PROJECT_DIR, ".cache/redis");
const NAMES = ["redis-server", "valkey-server"];
/** redis-server is a link into redis-tools. */
const DEBIAN_PACKAGES = ["redis-server", "redis-tools"];

/** No usable server; the message lists what to do. */
export class RedisServerNotFound extends Error {
  name = "RedisServerNotFound";

  constructor(message, problems) {
    super(message);
    this.problems = problems;
  }
}

/**
 * Finds a redis-server or valkey-server that runs on this machine, fetching one as the last resort. Safe to call from several processes.
 * Types: redis-server.d.mts.
 */
export async function findRedisServer({ cacheDir = DEFAULT_CACHE_DIR, log = () => {}, env = process.env } = {}) {
  if (env.REDIS_SERVER_BIN) {
    const bin = resolve(env.REDIS_SERVER_BIN);
    const found = probe(bin, serverEnv(env), "REDIS_SERVER_BIN");
    if (found.problem)
      throw new RedisServerNotFound(`REDIS_SERVER_BIN names a server that cannot be used: ${found.problem}.`, [
        `REDIS_SERVER_BIN: ${found.problem}`,
      ]);
    return found;
  }

  const rejected = [];
  for (const name of NAMES) {
    const bin = findOnPath(name, env);
    if (!bin) continue;
    const found = probe(bin, serverEnv(env), "PATH");
    if (!found.problem) return found;
    rejected.push(found.problem);
  }

  const cached = probeCache(cacheDir, env);
  if (!cached.problem) return cached;

  if (process.platform === "linux" && hasDebianTools(env)) {
    try {
      const fetched = await withLock(join(cacheDir, "fetch.lock"), () => fetchIntoCache(cacheDir, log, env));
      if (!fetched.problem) return fetched;
      rejected.push(`this distribution's own package will not do: ${fetched.problem}`);
    } catch (error) {
      rejected.push(`fetching this distribution's redis-server failed: ${error.message}`);
    }
  }
  throw new RedisServerNotFound(advice(rejected), rejected);
}

async function fetchIntoCache(cacheDir, log, env) {
  const byAnother = probeCache(cacheDir, env); // who held the lock before us may have fetched it
  if (!byAnother.problem) return byAnother;
  log(
    "No redis-server found: fetching this distribution's own package into .cache (about 1.4 MB, nothing is installed).",
  );
  await unpackDebianPackages({ packages: DEBIAN_PACKAGES, into: join(cacheDir, "root"), env });
  return probeCache(cacheDir, env);
}

/** A cached server that no longer runs (copied from another machine, or this one was upgraded) is a problem too: it is fetched anew. */
function probeCache(cacheDir, env) {
  const root = join(cacheDir, "root");
  return probe(join(root, "usr/bin/redis-server"), serverEnv(env, libraryDirs(root)), "cache");
}

/** Debian keeps libraries in one directory per architecture, such as usr/lib/x86_64-linux-gnu. */
const libraryDirs = (root) =>
  ["usr/lib", "lib"]
    .map((dir) => join(root, dir))
    .filter(existsSync)
    .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
    .filter((dir) => dir.includes("-linux-"));

/** The server's whole environment. Ours holds tokens, which another process has no business with. */
function serverEnv(env, libraries = []) {
  const paths = [...libraries, env.LD_LIBRARY_PATH].filter(Boolean);
  return {
    PATH: env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    LC_ALL: "C",
    ...(paths.length > 0 && { LD_LIBRARY_PATH: paths.join(":") }),
  };
}

function probe(bin, env, from) {
  const { status, stdout, stderr, error } = spawnSync(bin, ["--version"], { env, encoding: "utf8", timeout: 10_000 });
  const version = /\bv=(\d+(?:\.\d+)*)/.exec(stdout ?? "")?.[1];
  if (status !== 0 || !version) {
    const why = error?.message ?? ((stderr ?? "").trim().split("\n")[0] || "it does not print a server's version");
    return { problem: `${bin} does not run (${why})` };
  }
  if (!isNewEnough(version))
    return { problem: `${bin} is version ${version}, and ${OLDEST.join(".")} is the oldest that will do` };
  return { bin, env, version, from };
}

function findUp(name, dir) {
  if (existsSync(join(dir, name))) return dir;
  const parent = dirname(dir);
  return parent === dir ? undefined : findUp(name, parent);
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

const advice = (rejected) =>
  [
    `A redis-server (${OLDEST.join(".")} or newer) or valkey-server is needed, and none could be found or fetched.`,
    ...rejected.map((reason) => `  - ${reason}`),
    "Any one of these helps:",
    "  Debian, Ubuntu   sudo apt-get install redis-server",
    "  Fedora           sudo dnf install valkey",
    "  Alpine           apk add redis",
    "  macOS            brew install redis",
    "  a binary         REDIS_SERVER_BIN=/path/to/redis-server",
    "  a running Redis  REDIS_URL=redis://host:6379 (for `npm start`; tests start their own)",
  ].join("\n");
