// Whether Redis still keeps what it is given, and how much room there is. Asked while the service runs; before it begins: check-server.ts.
import { Cluster, type Redis } from "ioredis";
import { parseInfo } from "./check-server.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";

export interface RedisHealth {
  /** `host:port`; `primary` where there is only one. */
  readonly node: string;
  /** False: a write or a rewrite of the append-only file, or a snapshot, failed, or the file is off. */
  readonly isKept: boolean;
  readonly usedBytes: number;
  /** 0: no limit. */
  readonly maxBytes: number;
}

const STATUSES = ["aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"] as const;

/** One INFO per primary. @throws AppError redis.unreachable */
export const readRedisHealth = (client: RedisClient): Promise<readonly RedisHealth[]> =>
  asUnreachable(() =>
    client instanceof Cluster
      ? Promise.all(client.nodes("master").map((node) => healthOf(node, `${node.options.host}:${node.options.port}`)))
      : healthOf(client, "primary").then((health) => [health]),
  );

async function healthOf(client: Redis, node: string): Promise<RedisHealth> {
  const info = parseInfo(await client.info());
  return {
    node,
    isKept: info.get("aof_enabled") === "1" && STATUSES.every((name) => (info.get(name) ?? "ok") === "ok"),
    usedBytes: Number(info.get("used_memory") ?? Number.NaN),
    maxBytes: Number(info.get("maxmemory") ?? Number.NaN),
  };
}
