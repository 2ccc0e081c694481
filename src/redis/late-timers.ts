import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitions } from "./partitions.ts";

/** How many timers were due before a moment, and since when the oldest one waits. Reads only. Epoch ms. */
export const makeRedisLateTimers =
  (client: RedisClient, keys: Keys) =>
  async (before: number): Promise<{ readonly count: number; readonly since: number | null }> => {
    const late = await Promise.all(
      partitions().map(async (partition) => {
        const count = await asUnreachable(() => client.zcount(keys.timers(partition), "-inf", `(${before}`));
        if (count === 0) return { count, since: null };
        const [, score] = await asUnreachable(() => client.zrange(keys.timers(partition), 0, "0", "WITHSCORES"));
        return { count, since: score === undefined ? null : Number(score) };
      }),
    );
    const times = late.flatMap(({ since }) => (since === null ? [] : [since]));
    return {
      count: late.reduce((sum, { count }) => sum + count, 0),
      since: times.length === 0 ? null : Math.min(...times),
    };
  };
