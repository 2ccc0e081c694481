import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Limited, RateLimit } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** How much of each a person may do. Generous to a nervous human, tight for a script. */
const SHARES = {
  command: { points: 20, duration: 60 },
  message: { points: 30, duration: 60 },
  invoice: { points: 10, duration: 3_600 },
  forgery: { points: 5, duration: 3_600 },
} as const satisfies Record<Limited, { points: number /** Seconds. */; duration: number }>;

const keyOf = (keys: Pick<Keys, "throttle">, userId: number, what: Limited): string =>
  `${keys.throttle(userId)}:${what}`;

/** Everything that is counted of a person. */
export const throttleKeysOf = (keys: Pick<Keys, "throttle">, userId: number): readonly string[] =>
  (Object.keys(SHARES) as Limited[]).map((what) => keyOf(keys, userId, what));

/**
 * Counts by person, over all processes.
 * @param invoicesPerHour asked each time, because the plans file may be read again.
 */
export function makeRedisRateLimit(
  client: RedisClient,
  keys: Pick<Keys, "throttle">,
  invoicesPerHour: () => number = () => SHARES.invoice.points,
): RateLimit {
  // An empty prefix: the key is built by Keys, so that it lies in the person's slot.
  const limiters = Object.fromEntries(
    Object.entries(SHARES).map(([what, share]) => [
      what,
      new RateLimiterRedis({ storeClient: client, keyPrefix: "", ...share }),
    ]),
  ) as Record<Limited, RateLimiterRedis>;
  return {
    take: (userId, what) =>
      asUnreachable(async () => {
        try {
          if (what === "invoice") limiters.invoice.points = invoicesPerHour();
          await limiters[what].consume(keyOf(keys, userId, what));
          return true;
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return false;
          throw refusal;
        }
      }),
  };
}
