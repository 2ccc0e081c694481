import { z } from "zod";
import type { BooksProgressStore } from "../sweeps/books.ts";
import type { SweepProgress } from "../sweeps/membership.ts";
import type { PaymentsProgressStore } from "../sweeps/payments.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

const Position = z.object({
  cursor: z.string().nullable(),
  roundStartedAt: z.int(),
  after: z.array(z.string()).optional().catch(undefined),
  counted: z.int().optional(),
  size: z.int().optional(),
  endedAt: z.int().optional(),
});

/** Where sweeps go on, shared by all processes. */
export function makeRedisSweepProgress(client: RedisClient, keys: Keys): SweepProgress {
  return {
    async read(sweep) {
      const json = await asUnreachable(() => client.hget(keys.sweeps(), sweep));
      return json === null ? null : Position.parse(JSON.parse(json));
    },
    async write(sweep, progress) {
      await asUnreachable(() => client.hset(keys.sweeps(), sweep, JSON.stringify(progress)));
    },
    async restart() {
      const names = (await asUnreachable(() => client.hkeys(keys.sweeps()))).filter((name) => !NOT_ROUNDS.has(name));
      if (names.length > 0) await asUnreachable(() => client.hdel(keys.sweeps(), ...names));
    },
  };
}

/** Places in lists that only grow: they stay when rounds begin anew. */
const NOT_ROUNDS: ReadonlySet<string> = new Set(["payments", "books", "books:comparedAt"]);

/** Which lines of our books were compared with Telegram's list. */
export function makeRedisBooksProgress(client: RedisClient, keys: Keys): BooksProgressStore {
  return {
    read: async () => (await asUnreachable(() => client.hget(keys.sweeps(), "books"))) ?? null,
    async write(place) {
      await asUnreachable(() => client.hset(keys.sweeps(), "books", place));
    },
    async restart() {
      await asUnreachable(() => client.hdel(keys.sweeps(), "books"));
    },
    async readComparedAt() {
      const text = await asUnreachable(() => client.hget(keys.sweeps(), "books:comparedAt"));
      return text === null ? null : Number(text);
    },
    async writeComparedAt(at) {
      await asUnreachable(() => client.hset(keys.sweeps(), "books:comparedAt", at));
    },
  };
}

const Place = z.int().nonnegative();
const PaymentsProgress = z.object({
  settled: Place,
  round: z
    .object({
      ...{ from: Place, at: Place, heldAt: Place.nullable() },
      ...{ isTail: z.boolean().optional(), beforeUs: z.int().optional() },
    })
    .nullable(),
  roundStartedAt: z.int(),
  nextRoundAt: z.int(),
  since: z.int(),
  comparedAt: z.int().nullable().default(null),
  store: z.string().nullable().default(null),
  forgotten: z.object({ from: z.int(), until: z.int() }).optional(),
});

/** How far Telegram's list of transactions was compared, shared by all processes. */
export function makeRedisPaymentsProgress(client: RedisClient, keys: Keys): PaymentsProgressStore {
  return {
    async read() {
      const json = await asUnreachable(() => client.hget(keys.sweeps(), "payments"));
      return json === null ? null : PaymentsProgress.parse(JSON.parse(json));
    },
    async write(progress) {
      await asUnreachable(() => client.hset(keys.sweeps(), "payments", JSON.stringify(progress)));
    },
  };
}
