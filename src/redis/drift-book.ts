import { z } from "zod";
import { BooksDay, Drift, type DriftCounts, DriftKind } from "../support/answers/drift.ts";
import type { DriftBook } from "../support/drift/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Of one kind: more is not a list that anybody works through, and the next round finds the rest again. */
const MOST_OPEN = 1_000;
const MOST_HEALED = 500;
const MOST_DAYS = 40;
const KINDS = DriftKind.options;
const CountMemory = z.object({ last: z.int(), baseline: z.int().nullable() });

/** Differences between Telegram's books, our actors and who is in the chats: a hash of the open ones per kind, a list of healed ones. */
export function makeRedisDriftBook(
  client: RedisClient,
  keys: Pick<Keys, "driftOpen" | "driftHealed" | "booksDays" | "memberCounts">,
): DriftBook {
  const openOf = async (kind: DriftKind): Promise<readonly Drift[]> =>
    (await asUnreachable(() => client.hvals(keys.driftOpen(kind)))).map(readDrift);
  return {
    has: async ({ kind, id }) => (await asUnreachable(() => client.hexists(keys.driftOpen(kind), id))) === 1,
    async put(drift) {
      const key = keys.driftOpen(drift.kind);
      if ((await asUnreachable(() => client.hlen(key))) >= MOST_OPEN) return false;
      return (await asUnreachable(() => client.hsetnx(key, drift.id, JSON.stringify(Drift.parse(drift))))) === 1;
    },
    async heal(drift, at) {
      // Whoever takes it out writes it down: of two processes one.
      if ((await asUnreachable(() => client.hdel(keys.driftOpen(drift.kind), drift.id))) === 0) return false;
      const healed: Drift = { ...drift, state: "healed", healedAt: at };
      await asUnreachable(() => client.lpush(keys.driftHealed(), JSON.stringify(Drift.parse(healed))));
      await asUnreachable(() => client.ltrim(keys.driftHealed(), 0, MOST_HEALED - 1));
      return true;
    },
    async open(kind) {
      const all = (await Promise.all((kind === undefined ? KINDS : [kind]).map(openOf))).flat();
      return all.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
    },
    healed: async () => (await asUnreachable(() => client.lrange(keys.driftHealed(), 0, -1))).map(readDrift),
    async counts() {
      const counts = KINDS.map(
        async (kind) => [kind, await asUnreachable(() => client.hlen(keys.driftOpen(kind)))] as const,
      );
      return Object.fromEntries(await Promise.all(counts)) as DriftCounts;
    },
    async readCount(chatId) {
      const json = await asUnreachable(() => client.hget(keys.memberCounts(), chatId));
      return json === null ? null : CountMemory.parse(JSON.parse(json));
    },
    async writeCount(chatId, memory) {
      await asUnreachable(() => client.hset(keys.memberCounts(), chatId, JSON.stringify(memory)));
    },
    async writeDay(day) {
      await asUnreachable(() => client.hset(keys.booksDays(), day.day, JSON.stringify(BooksDay.parse(day))));
      const names = (await asUnreachable(() => client.hkeys(keys.booksDays()))).sort().reverse();
      const old = names.slice(MOST_DAYS);
      if (old.length > 0) await asUnreachable(() => client.hdel(keys.booksDays(), ...old));
    },
    async days() {
      const all = await asUnreachable(() => client.hvals(keys.booksDays()));
      return all.map((json) => BooksDay.parse(JSON.parse(json))).sort((a, b) => (a.day < b.day ? 1 : -1));
    },
  };
}

const readDrift = (json: string): Drift => Drift.parse(JSON.parse(json));
