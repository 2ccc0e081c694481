import type { BookTicks } from "../sweeps/books.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/** Which rows of Telegram's list were seen: what the lines of our own books are looked up in. */
export function makeRedisBookTicks(
  client: RedisClient,
  scripts: Pick<Scripts, "tickRows">,
  keys: Pick<Keys, "bookTicks" | "bookTickSums">,
): BookTicks {
  return {
    async tick(rows) {
      if (rows.length === 0) return;
      const args = rows.flatMap(({ direction, chargeId, amount }) => [direction, chargeId, amount]);
      await asUnreachable(() => scripts.tickRows([keys.bookTicks(), keys.bookTickSums()], args));
    },
    async amounts(wanted) {
      if (wanted.length === 0) return [];
      const fields = wanted.map(({ direction, chargeId }) => `${direction}:${chargeId}`);
      const found = await asUnreachable(() => client.hmget(keys.bookTicks(), ...fields));
      return found.map((amount) => (amount === null ? null : Number(amount)));
    },
    async total() {
      const [income, outgo] = await asUnreachable(() => client.hmget(keys.bookTickSums(), "in", "out"));
      return Number(income ?? 0) - Number(outgo ?? 0);
    },
  };
}
