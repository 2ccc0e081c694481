import type { ConversationData, VersionedState } from "@grammyjs/conversations";
import { z } from "zod";
import { UserId } from "../../machines/address.ts";
import type { ConversationStorage } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { parseJson } from "./screen-store.ts";

/** A dialogue nobody went on with for a week is over. Unit: seconds. */
const TTL_SECONDS = 7 * 24 * 3_600;

/** Enough to hand it back to the plugin that wrote it; its version check does the rest. */
const Versioned = z.object({
  version: z.tuple([z.literal(0), z.union([z.string(), z.number()])]),
  state: z.record(z.string(), z.unknown()),
});

/** State of running dialogues by person. Losing it loses nothing. */
export function makeRedisConversationStorage(
  client: RedisClient,
  keys: Pick<Keys, "conversation">,
): ConversationStorage {
  const keyOf = (userId: string): string => keys.conversation(UserId.parse(Number(userId)));
  return {
    async read(userId) {
      const json = await asUnreachable(() => client.get(keyOf(userId)));
      const stored = json === null ? null : Versioned.safeParse(parseJson(json));
      return stored?.success ? (stored.data as unknown as VersionedState<ConversationData>) : undefined;
    },
    async write(userId, state) {
      await asUnreachable(() => client.set(keyOf(userId), JSON.stringify(state), "EX", TTL_SECONDS));
    },
    async delete(userId) {
      await asUnreachable(() => client.del(keyOf(userId)));
    },
  };
}
