import { randomBytes } from "node:crypto";
import type { PersonTraces } from "../effects/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { writtenAt } from "./message-store.ts";
import { partitionOf } from "./partitions.ts";
import { throttleKeysOf } from "./rate-limit.ts";
import type { Scripts } from "./scripts.ts";
import { makeRedisSecretStore } from "./secret-store.ts";

/** What is kept of a person beside the actors, deleted or renamed. */
export function makeRedisPersonTraces(
  client: RedisClient,
  scripts: Pick<Scripts, "putSecret" | "dropSecret">,
  keys: Keys,
): PersonTraces {
  const secrets = makeRedisSecretStore(client, scripts, keys);
  return {
    eraseTexts: (ticketId, upTo) =>
      asUnreachable(async () => {
        const key = keys.ticketMessages(ticketId);
        const texts = Object.entries(await client.hgetall(key));
        // What can't be read can't be told from what has to go.
        const gone = texts.filter(([, json]) => (writtenAt(json) ?? upTo) <= upTo).map(([messageRef]) => messageRef);
        if (gone.length > 0) await client.hdel(key, ...gone);
      }),
    eraseChat: (userId) =>
      asUnreachable(async () => {
        await client.del(keys.screen(userId), keys.conversation(userId), ...throttleKeysOf(keys, userId));
      }),
    async dropSecrets(owner) {
      const places = await asUnreachable(() => client.smembers(keys.secrets(partitionOf(owner))));
      for (const place of places)
        if (place.startsWith(`${owner}:`)) await secrets.drop(owner, place.slice(owner.length + 1));
    },
    async givePseudonym(userId) {
      // Not made of the id: ids are few enough to try them all.
      const pseudonym = `erased-${randomBytes(8).toString("hex")}`;
      await asUnreachable(() => client.hsetnx(keys.pseudonyms(), String(userId), pseudonym));
    },
  };
}

/** By what name the books call those who were erased. */
export const makeRedisPseudonyms =
  (client: RedisClient, keys: Pick<Keys, "pseudonyms">) => async (): Promise<ReadonlyMap<number, string>> => {
    const all = await asUnreachable(() => client.hgetall(keys.pseudonyms()));
    return new Map(Object.entries(all).map(([userId, pseudonym]) => [Number(userId), pseudonym]));
  };
