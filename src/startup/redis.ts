// A Redis to work with: the configured one, or a server of our own; and a look at its settings before anything is written.
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { checkRedisServer } from "../redis/check-server.ts";
import { makeRedisConnections, type RedisClient, type RedisConnections } from "../redis/connect.ts";
import { startEmbeddedRedis } from "../redis/embedded.ts";
import type { RedisTarget } from "../redis-target.ts";
import { findRedisServer, RedisServerNotFound } from "../setup/redis-server.mjs";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** Each lies on one primary; the tags spread over any number of them. */
const CLUSTER_SHARDS = 4;

export interface OpenRedis {
  readonly connections: RedisConnections;
  readonly client: RedisClient;
  /** Where it is, without password. */
  readonly description: string;
  /** How many shards queues have. The same for all processes, whatever the topology at this moment: order per person depends on it. */
  readonly shards: number;
  /** Closes the connections and ends the server, if it is ours. */
  close(): Promise<void>;
}

export interface OpenRedisOptions {
  /** undefined: embedded. */
  readonly target: RedisTarget | undefined;
  readonly dataDir: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The embedded server died: nothing can be kept any more. */
  readonly onLost: () => void;
}

/** @throws AppError redis.noServer, redis.embedded, redis.unreachable, redis.unsafe */
export async function openRedis({ target, dataDir, logger, metrics, onLost }: OpenRedisOptions): Promise<OpenRedis> {
  const embedded = target ? null : await startOwn(dataDir, logger, onLost);
  const connections = makeRedisConnections(target ?? { kind: "socket", path: embedded?.path ?? "" }, {
    onError: (clientName) => metrics.redisErrors.inc({ client: clientName }),
  });
  const close = async () => {
    await connections.close();
    await embedded?.stop();
  };
  try {
    const client = await connections.command();
    const { errors, warnings } = await checkRedisServer(client);
    for (const text of warnings) logger.warn({ event: "redis.setting" }, text);
    if (errors.length > 0) throw new AppError("redis.unsafe", { details: { errors } });
    const shards = connections.kind === "cluster" ? CLUSTER_SHARDS : 1;
    return { connections, client, description: embedded ? "embedded" : connections.description, shards, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwn(dataDir: string, logger: Logger, onLost: () => void) {
  const { bin, env } = await findRedisServer().catch((cause: unknown) => {
    if (!(cause instanceof RedisServerNotFound)) throw cause;
    throw new AppError("redis.noServer", { cause, details: { problems: cause.problems } });
  });
  return startEmbeddedRedis({
    bin,
    env,
    confFile: join(import.meta.dirname, "../../redis.conf"),
    dataDir: join(dataDir, "redis"),
    log: (level, line) => logger[level]({ event: "redis.embedded" }, line),
    onExit: onLost,
  });
}
