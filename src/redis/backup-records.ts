// Keys that an export copies as they are, whatever they hold.
import { keep, type RecordLine, textOf } from "../backup/lines.ts";
import type { RedisClient } from "./connect.ts";
import { KEY_TABLE } from "./keys.ts";

const ROWS = KEY_TABLE.map((row) => ({ row, pattern: patternOf(row.key) }));

/** @param key without the deployment's prefix. @returns null for a key that is none of ours. */
export const rowOf = (key: string) => ROWS.find(({ pattern }) => pattern.test(key))?.row ?? null;

/** A row of the table as a pattern for real keys. */
function patternOf(row: string): RegExp {
  const text = row
    .replace(/^<p>:?/, "")
    .replaceAll(/[.*+?^$()|[\]\\{}]/g, "\\$&")
    .replaceAll(/<[^>]+>/g, "[^{}]+")
    .replaceAll("\\{t\\}", "\\{[0-9a-z]+\\}")
    .replaceAll("…", ".+");
  return new RegExp(`^${text}$`);
}

/** Redis has no order of its own for them, and two exports of the same are compared. */
export const inOrder = <T>(fields: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).sort(([some], [others]) => (some < others ? -1 : 1)));

/** @param key without the prefix. @returns nothing for one that has gone meanwhile. */
export async function readRecord(client: RedisClient, prefix: string, key: string): Promise<RecordLine[]> {
  const full = `${prefix}:${key}`;
  const [type, at] = await Promise.all([client.type(full), client.pexpiretime(full)]);
  const about = { kind: "record" as const, key, expiresAt: at < 0 ? null : at };
  switch (type) {
    case "string": {
      const value = await client.get(full);
      return value === null ? [] : [{ ...about, type, value: keep(value) }];
    }
    case "hash": {
      const fields = Object.entries(inOrder(await client.hgetall(full))).map(
        ([field, text]) => [field, keep(text)] as const,
      );
      return [{ ...about, type, value: Object.fromEntries(fields) }];
    }
    case "list":
      return [{ ...about, type, value: (await client.lrange(full, 0, -1)).map(keep) }];
    case "set":
      return [{ ...about, type, value: (await client.smembers(full)).sort() }];
    case "zset": {
      const flat = await client.zrange(full, 0, "-1", "WITHSCORES");
      const value: Record<string, number> = {};
      for (let place = 0; place + 1 < flat.length; place += 2) value[flat[place] ?? ""] = Number(flat[place + 1]);
      return [{ ...about, type, value }];
    }
    case "stream":
      return [{ ...about, type, value: await client.xrange(full, "-", "+") }];
    default:
      return [];
  }
}

export async function writeRecord(client: RedisClient, prefix: string, line: RecordLine): Promise<void> {
  const full = `${prefix}:${line.key}`;
  switch (line.type) {
    case "string":
      await client.set(full, textOf(line.value));
      break;
    case "hash":
      for (const [field, value] of Object.entries(line.value)) await client.hset(full, field, textOf(value));
      break;
    case "list":
      for (const value of line.value) await client.rpush(full, textOf(value));
      break;
    case "set":
      for (const value of line.value) await client.sadd(full, value);
      break;
    case "zset":
      for (const [member, score] of Object.entries(line.value)) await client.zadd(full, score, member);
      break;
    case "stream":
      for (const [id, fields] of line.value) await client.xadd(full, id, ...fields);
      break;
  }
  if (line.expiresAt !== null) await client.pexpireat(full, line.expiresAt);
}
