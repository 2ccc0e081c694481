import { Cluster, type Redis } from "ioredis";
import type { StoreIdentity } from "../sweeps/store-identity.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable, redisFailure } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Which Redis this is, and how far it has counted: another process behind the same address may hold an older state. */
export const makeRedisStoreIdentity = (client: RedisClient, keys: Pick<Keys, "beat">): StoreIdentity => ({
  async read() {
    const beat = await asUnreachable(() => client.incr(keys.beat()));
    const nodes = client instanceof Cluster ? client.nodes("master") : [client];
    const ids = await Promise.all(nodes.map(runIdOf));
    return { beat, id: ids.some((id) => id === null) ? null : ids.sort().join(",") };
  },
});

/** @returns null where the server keeps it to itself, as managed ones do. */
async function runIdOf(node: Redis): Promise<string | null> {
  try {
    return /^run_id:(\w+)/m.exec(await node.info("server"))?.[1] ?? null;
  } catch (error) {
    if (error instanceof Error && error.name === "ReplyError") return null;
    throw redisFailure(error);
  }
}
