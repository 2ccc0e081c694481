// Connections to Redis: one kind for commits, which must answer soon or fail, and one for BullMQ, which must wait.
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";
import { AppError } from "../errors.ts";
import { describeRedisTarget, type RedisTarget } from "../redis-target.ts";
import { coalesceWrites } from "./coalesce-writes.ts";

export type RedisClient = Redis | Cluster;
/** Replies keep their classic shapes (flat arrays, strings); ioredis' types want that decided per client. */
type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** A request path answers 503 rather than wait longer for a Redis that hangs. Unit: milliseconds. */
const COMMAND_TIMEOUT_MS = 2_000;
/** How long start-up waits for a Redis that is starting as well. Unit: milliseconds. */
const CONNECT_WITHIN_MS = 10_000;
/** An unreachable host must not take up all of that with one attempt. Unit: milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;
const MAX_RECONNECT_DELAY_MS = 1_000;
/** How long `close()` waits for replies. Unit: milliseconds. */
const QUIT_WITHIN_MS = 1_000;
/** And then for the server to close its end, before the socket is destroyed. Unit: milliseconds. */
const DISCONNECT_TIMEOUT_MS = 250;

export interface RedisConnections {
  readonly kind: RedisTarget["kind"];
  /** Where they lead, for logs; holds no password. */
  readonly description: string;
  /**
   * A connected client for commits and reads. While Redis is away its commands fail at once; a command takes at most two seconds.
   *
   * A command whose reply was lost is reported, not sent again: it may have been carried out, and only its sender can tell. In a Cluster
   * ioredis does send it again during a failover, so a script that writes must recognise its own earlier run.
   * @throws AppError `redis.unreachable`
   */
  command(name?: string): Promise<RedisClient>;
  /** A client for BullMQ: it waits for Redis as long as it takes, and no command of it ever gives up. */
  blocking(name?: string): RedisClient;
  /** Closes every client handed out, also those that BullMQ has left open. Safe to call twice. */
  close(): Promise<void>;
}

export interface RedisConnectionOptions {
  /** Called for every connection error; they repeat while Redis is away, so count or sample them. */
  readonly onError?: (clientName: string, error: Error) => void;
  /** Unit: milliseconds. */
  readonly commandTimeoutMs?: number;
  /** Unit: milliseconds. */
  readonly connectWithinMs?: number;
}

export function makeRedisConnections(target: RedisTarget, options: RedisConnectionOptions = {}): RedisConnections {
  const { onError = () => {}, commandTimeoutMs = COMMAND_TIMEOUT_MS, connectWithinMs = CONNECT_WITHIN_MS } = options;
  const clients = new Set<RedisClient>();

  const track = (client: RedisClient, name: string): RedisClient => {
    client.on("error", (error: Error) => onError(name, error)); // without a listener ioredis prints to stderr
    client.once("end", () => clients.delete(client));
    clients.add(client);
    return client;
  };

  return {
    kind: target.kind,
    description: describeRedisTarget(target),

    async command(name = "command") {
      const client = track(
        makeClient(target, name, {
          enableOfflineQueue: false,
          maxRetriesPerRequest: 0,
          commandTimeout: commandTimeoutMs,
        }),
        name,
      );
      coalesceWrites(client);
      await ready(client, connectWithinMs, target);
      return client;
    },

    blocking: (name = "blocking") =>
      track(makeClient(target, name, { enableOfflineQueue: true, maxRetriesPerRequest: null }), name),

    async close() {
      await Promise.all([...clients].map(closeClient));
      clients.clear();
    },
  };
}

interface Behaviour {
  readonly enableOfflineQueue: boolean;
  /** 0: fail what is in flight when the connection breaks; null: keep and send again. */
  readonly maxRetriesPerRequest: 0 | null;
  readonly commandTimeout?: number;
}

function makeClient(target: RedisTarget, connectionName: string, behaviour: Behaviour): RedisClient {
  const { enableOfflineQueue, ...perConnection } = behaviour;
  const common: ConnectionOptions = {
    ...perConnection,
    connectionName,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    // After a failover an old connection may lead to a server that has become a replica: look for the primary again.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
  const single: ConnectionOptions = { ...common, enableOfflineQueue, retryStrategy: reconnectDelay };

  switch (target.kind) {
    case "socket":
      return new Redis({ ...single, path: target.path });
    case "single":
      return new Redis({ ...single, ...target.address, db: target.db, ...authAndTls(target) });
    case "sentinel":
      return new Redis({
        ...single,
        ...{ sentinels: [...target.addresses], name: target.masterName, db: target.db, ...authAndTls(target) },
        ...{ enableTLSForSentinelMode: target.tls, sentinelRetryStrategy: reconnectDelay },
        ...(target.sentinelUsername && { sentinelUsername: target.sentinelUsername }),
        ...(target.sentinelPassword && { sentinelPassword: target.sentinelPassword }),
      });
    case "cluster":
      return new Cluster([...target.addresses], {
        ...CLUSTER_PATIENCE,
        enableOfflineQueue,
        clusterRetryStrategy: reconnectDelay,
        redisOptions: { ...common, ...authAndTls(target) },
        // A certificate names hosts; resolved to addresses it would not match.
        ...(target.tls && {
          dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host),
        }),
      });
  }
}

/** A replica takes over after 2 to 5 s; ioredis' defaults give up after 1.6 s. Redirections x delay is the patience. */
const CLUSTER_PATIENCE = {
  retryDelayOnFailover: 300,
  retryDelayOnClusterDown: 300,
  maxRedirections: 64,
} as const satisfies ClusterOptions;

/** Quick at first (a restart takes a tenth of a second), then once a second, spread so that processes do not come in step. */
const reconnectDelay = (attempt: number): number =>
  Math.min(50 * 2 ** Math.min(attempt, 8), MAX_RECONNECT_DELAY_MS) * (0.8 + 0.4 * Math.random());

const authAndTls = (target: {
  username?: string;
  password?: string;
  tls: boolean;
}): Pick<RedisOptions, "username" | "password" | "tls"> => ({
  ...(target.username && { username: target.username }),
  ...(target.password && { password: target.password }),
  ...(target.tls && { tls: {} }),
});

function ready(client: RedisClient, withinMs: number, target: RedisTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    let lastError: Error | undefined;
    const remember = (error: Error) => {
      lastError = error;
    };
    const timer = setTimeout(() => {
      client.disconnect();
      finish(() =>
        reject(
          new AppError("redis.unreachable", {
            cause: lastError,
            details: { target: describeRedisTarget(target), waitedMs: withinMs },
          }),
        ),
      );
    }, withinMs);
    const succeed = () => finish(resolve);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      client.off("error", remember);
      client.off("ready", succeed);
      settle();
    };
    client.on("error", remember);
    client.once("ready", succeed);
    if (client.status === "ready") succeed();
  });
}

/** QUIT lets running commands finish; a client whose server is away or hangs is cut. */
async function closeClient(client: RedisClient): Promise<void> {
  const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
  const timer = setTimeout(() => client.disconnect(), QUIT_WITHIN_MS);
  if (client.status === "ready") {
    client.quit().catch(() => client.disconnect());
    await ended;
  } else {
    client.disconnect(); // between two attempts to connect there is nothing to end, and no event says so
  }
  clearTimeout(timer);
}
