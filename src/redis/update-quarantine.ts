import { z } from "zod";
import type { SetAsideUpdate, UpdateQuarantine } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Of each part: after that many, what is wrong has shown itself. */
const MAX_KEPT = 1_000;

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
  const listOf = async (part: "money" | "other"): Promise<SetAsideUpdate[]> => {
    const stored = await asUnreachable(() => client.lrange(keys.updatesSetAside(part), 0, -1));
    return stored.map((json) => Stored.parse(JSON.parse(json)));
  };
  return {
    async add(update) {
      const key = keys.updatesSetAside(Object.keys(update.money).length > 0 ? "money" : "other");
      // Trimmed apart from the push: one that is too many for a moment does no harm.
      await asUnreachable(() => client.lpush(key, JSON.stringify(update)));
      await asUnreachable(() => client.ltrim(key, 0, MAX_KEPT - 1));
    },
    async list() {
      return [...(await listOf("money")), ...(await listOf("other"))].sort((a, b) => b.at - a.at);
    },
  };
}
