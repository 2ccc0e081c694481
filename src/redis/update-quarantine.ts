import { createHash } from "node:crypto";
import { z } from "zod";
import type { KeptUpdate, SetAsideUpdate, UpdateQuarantine } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Of each part: after that many, what is wrong has shown itself. */
const MAX_KEPT = 1_000;

const PARTS = ["money", "other"] as const;
type Part = (typeof PARTS)[number];

const Stored: z.ZodType<SetAsideUpdate> = z.object({
  updateId: z.int().nullable(),
  kind: z.string(),
  problem: z.enum(["malformed", "failed"]),
  fields: z.array(z.string()),
  at: z.int(),
  chatId: z.int().nullable(),
  userId: z.int().nullable(),
  money: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** Updates that could not be handled, for people to look at: the newest thousand about money, and of everything else. */
export function makeRedisUpdateQuarantine(client: RedisClient, keys: Pick<Keys, "updatesSetAside">): UpdateQuarantine {
  const storedIn = (part: Part) => asUnreachable(() => client.lrange(keys.updatesSetAside(part), 0, -1));
  const listOf = async (part: Part): Promise<KeptUpdate[]> => (await storedIn(part)).map(read);
  return {
    async add(update) {
      const key = keys.updatesSetAside(Object.keys(update.money).length > 0 ? "money" : "other");
      // Trimmed apart from the push: one that is too many for a moment does no harm.
      await asUnreachable(() => client.lpush(key, JSON.stringify(update)));
      await asUnreachable(() => client.ltrim(key, 0, MAX_KEPT - 1));
    },
    async list() {
      return (await Promise.all(PARTS.map(listOf))).flat().sort((a, b) => b.at - a.at);
    },
    async forget(id) {
      for (const part of PARTS) {
        const json = (await storedIn(part)).find((stored) => idOf(stored) === id);
        // By value, and all that are equal to it: others may have been added or forgotten meanwhile.
        if (json !== undefined && (await asUnreachable(() => client.lrem(keys.updatesSetAside(part), 0, json))) > 0)
          return read(json);
      }
      return null;
    },
  };
}

/** 128 bits of what is stored: entries that are equal are one. */
const idOf = (json: string): string => createHash("sha256").update(json).digest("hex").slice(0, 32);
const read = (json: string): KeptUpdate => ({ ...Stored.parse(JSON.parse(json)), id: idOf(json) });
