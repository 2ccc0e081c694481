import { z } from "zod";
import type { ScreenStore } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

const Stored = z.object({
  messageId: z.int(),
  kind: z.string(),
  presses: z.array(z.string()),
  effectId: z.string().nullable(),
  lastPress: z.object({ data: z.string(), messageId: z.int(), updateId: z.int(), at: z.int() }).nullable(),
});

/** Which message is a person's screen. What can't be read is treated as lost: the next screen is a new message. */
export function makeRedisScreenStore(client: RedisClient, keys: Pick<Keys, "screen">): ScreenStore {
  return {
    async read(userId) {
      const json = await asUnreachable(() => client.get(keys.screen(userId)));
      return json === null ? null : (Stored.safeParse(parseJson(json)).data ?? null);
    },
    async write(userId, screen) {
      await asUnreachable(() => client.set(keys.screen(userId), JSON.stringify(screen)));
    },
  };
}

export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
