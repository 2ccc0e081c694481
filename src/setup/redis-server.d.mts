export interface RedisServer {
  /** Absolute path of the binary. */
  readonly bin: string;
  /** The whole environment to start it with; holds nothing of the service's own. */
  readonly env: Readonly<Record<string, string>>;
  /** As the binary prints it, such as `7.0.15`. */
  readonly version: string;
  readonly from: "REDIS_SERVER_BIN" | "PATH" | "cache";
}

export interface FindRedisServerOptions {
  /** Where a fetched server is kept. Default: `.cache/redis` of the project. */
  readonly cacheDir?: string;
  /** Called with a sentence when something takes a while. Default: silent. */
  readonly log?: (message: string) => void;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** No usable server; the message lists what to do. */
export class RedisServerNotFound extends Error {
  /** What is wrong with each server that was looked at; empty where there was none. */
  readonly problems: readonly string[];
}

/** @throws {RedisServerNotFound} */
export function findRedisServer(options?: FindRedisServerOptions): Promise<RedisServer>;
