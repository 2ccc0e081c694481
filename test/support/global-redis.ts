// Once per run: one private redis-server for all test files, on a unix socket in a directory of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedRedis } from "../../src/redis/embedded.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Socket of the server that all tests share: use `freshPrefix()`, never FLUSHALL. */
    redisSocket: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { bin, env } = await findRedisServer({ log: console.error });
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-test-"));
  let died: Error | undefined;
  const server = await startEmbeddedRedis({
    bin,
    env,
    dataDir,
    confFile: join(import.meta.dirname, "../../redis.conf"),
    args: ["--appendfsync", "no"], // the run ends with the server: nothing has to survive it
    onExit: (error) => {
      died = error;
    },
  });
  project.provide("redisSocket", server.path);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
    if (died) throw died;
  };
}
