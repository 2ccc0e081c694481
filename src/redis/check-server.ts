// Before the first write: is this Redis set up to keep what it is given? Every finding says what to do.
import { Cluster, type Redis } from "ioredis";
import { AppError } from "../errors.ts";
import type { RedisClient } from "./connect.ts";

/** The oldest that the tests run on and redis.conf is written for. */
const OLDEST = { major: 7, minor: 0 };

export interface ServerCheck {
  /** Reasons not to start: data would be lost or refused. */
  readonly errors: string[];
  readonly warnings: string[];
}

/**
 * Reads settings, changes nothing. In a Cluster every primary is checked, and its findings begin with its address.
 * @param client connected
 * @throws when Redis cannot be reached
 */
export async function checkRedisServer(client: RedisClient): Promise<ServerCheck> {
  if (!(client instanceof Cluster)) return judge(await readFacts(client), { reachedAsCluster: false });
  const primaries = client.nodes("master");
  if (primaries.length === 0)
    throw new AppError("redis.unreachable", { details: { reason: "no primary of the cluster is known" } });
  const checks = await Promise.all(
    primaries.map(async (node) => {
      const { errors, warnings } = judge(await readFacts(node), { reachedAsCluster: true });
      const at = `${node.options.host}:${node.options.port}: `;
      return { errors: errors.map((text) => at + text), warnings: warnings.map((text) => at + text) };
    }),
  );
  return { errors: checks.flatMap((check) => check.errors), warnings: checks.flatMap((check) => check.warnings) };
}

/** What INFO and CONFIG GET say; `undefined` where the server keeps it to itself, as managed ones do. */
interface ServerFacts {
  readonly info: ReadonlyMap<string, string> | undefined;
  readonly appendfsync: string | undefined;
}

async function readFacts(node: Redis): Promise<ServerFacts> {
  const [info, config] = await Promise.all([
    orRefused(node.info()),
    orRefused(node.config("GET", "appendfsync") as Promise<string[]>),
  ]);
  return { info: info === undefined ? undefined : parseInfo(info), appendfsync: config?.[1] };
}

/** A refusal by the server is an answer; a broken connection is not. */
async function orRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && error.name === "ReplyError") return undefined;
    throw error;
  }
}

export const parseInfo = (text: string): Map<string, string> =>
  new Map(
    text
      .split("\r\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );

function judge(
  { info, appendfsync }: ServerFacts,
  { reachedAsCluster }: { readonly reachedAsCluster: boolean },
): ServerCheck {
  const errors: string[] = [];
  const warnings: string[] = [];
  if (!info) {
    errors.push("INFO is refused, so the server cannot be checked. Allow it to this user: ACL SETUSER <user> +info.");
    return { errors, warnings };
  }

  const version = info.get("redis_version") ?? "";
  if (!isNewEnough(version)) {
    errors.push(
      `The server is version ${version || "unknown"}; ${OLDEST.major}.${OLDEST.minor} is the oldest that will do. Upgrade it.`,
    );
  }
  if (info.get("role") === "slave") {
    errors.push(
      "The server is a replica and takes no writes. Point REDIS_URL at the primary, or use redis-sentinel:// so that it is found.",
    );
  }
  if (info.get("cluster_enabled") === "1" && !reachedAsCluster) {
    errors.push("The server is a node of a Redis Cluster. Use redis-cluster://host:port,… in REDIS_URL.");
  }

  judgeEviction(info, errors, warnings);
  judgeDurability(info, appendfsync, errors, warnings);
  return { errors, warnings };
}

function judgeEviction(info: ReadonlyMap<string, string>, errors: string[], warnings: string[]): void {
  const policy = info.get("maxmemory_policy") ?? "unknown";
  if (policy === "noeviction") return;
  if (Number(info.get("maxmemory") ?? 0) > 0) {
    errors.push(
      `maxmemory-policy is ${policy}: under pressure Redis would delete subscriptions. Set maxmemory-policy noeviction.`,
    );
  } else {
    warnings.push(
      `maxmemory-policy is ${policy}: harmless only while maxmemory is 0. Set maxmemory-policy noeviction.`,
    );
  }
}

function judgeDurability(
  info: ReadonlyMap<string, string>,
  appendfsync: string | undefined,
  errors: string[],
  warnings: string[],
): void {
  if (info.get("aof_enabled") !== "1") {
    errors.push(
      "The append-only file is off: a restart would lose what was written since the last snapshot. Set appendonly yes.",
    );
    return;
  }
  if (info.get("aof_last_write_status") === "err") {
    errors.push(
      "The last write to the append-only file failed, so Redis refuses writes. Free disk space, then see the server's log.",
    );
  }
  if (appendfsync === "no") {
    errors.push(
      "appendfsync is no: a crash of the machine may lose half a minute of payments. Set appendfsync always.",
    );
  } else if (appendfsync === "everysec") {
    warnings.push(
      "appendfsync is everysec: a crash of the machine may lose the last second, payments included. Prefer appendfsync always.",
    );
  } else if (appendfsync === undefined) {
    warnings.push(
      "CONFIG GET is refused, so appendfsync cannot be checked. Make sure it is always (or, losing up to a second, everysec).",
    );
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}
