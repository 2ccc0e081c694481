// A Redis of our own with the project's settings, reached by a port as other processes do.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../../src/redis/embedded.ts";
import { findRedisServer } from "../../../src/setup/redis-server.mjs";
import { freePort } from "../../support/free-port.ts";

export interface OwnRedis {
  readonly url: string;
  readonly client: Redis;
  readonly version: string;
  /** Unit: bytes. */
  usedMemory(): Promise<number>;
}

export async function startOwnRedis(atEnd: (end: () => Promise<void>) => void): Promise<OwnRedis> {
  const { bin, env, version } = await findRedisServer({ log: console.error });
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-scale-"));
  const port = await freePort();
  const server = await startEmbeddedRedis({
    ...{ bin, env, dataDir },
    confFile: join(import.meta.dirname, "../../../redis.conf"),
    args: ["--port", String(port)],
  });
  atEnd(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const client = new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: null });
  client.on("error", () => {});
  atEnd(async () => client.disconnect());
  return {
    ...{ url: `redis://127.0.0.1:${port}`, client, version },
    usedMemory: async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1] ?? 0),
  };
}
