import type { Redis } from "ioredis";

/** Every key of a deployment with all that it holds, as one text to search in. @throws Error for a type it can't read. */
export async function dumpKeys(client: Redis, prefix: string): Promise<string> {
  const found = new Set<string>();
  for await (const page of client.scanStream({ match: `*${prefix}*`, count: 1_000 }))
    for (const key of page as string[]) found.add(key);
  const dumped = await Promise.all([...found].sort().map(async (key) => [key, await readKey(client, key)] as const));
  return dumped.map(([key, value]) => `${key}\n${JSON.stringify(value).replaceAll('\\"', '"')}`).join("\n");
}

async function readKey(client: Redis, key: string): Promise<unknown> {
  const type = await client.type(key);
  switch (type) {
    case "none": // gone between the two questions
      return null;
    case "string":
      return client.get(key);
    case "hash":
      return client.hgetall(key);
    case "list":
      return client.lrange(key, 0, -1);
    case "set":
      return client.smembers(key);
    case "zset":
      return client.zrange(key, 0, "-1", "WITHSCORES");
    case "stream":
      return client.xrange(key, "-", "+");
    default:
      throw new Error(`a key of type ${type}`);
  }
}
