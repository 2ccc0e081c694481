import { z } from "zod";
import { ActorAddress } from "../../machines/address.ts";
import type { SecretPlace, SecretRotation } from "../sealing/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitions } from "./partitions.ts";
import type { Scripts } from "./scripts.ts";
import { placeName } from "./secret-store.ts";

/** How many are read together. Redis takes it as advice: a small list comes as a whole. */
const BATCH = 200;
/** The beginning of a sealed text, as it lies in an inbox: of a whole JSON string, not of a quotation inside of one. */
const SEALED_TEXT = /(?<!\\)"sealed:s1\.([\w-]{1,32})\./g;

/** Of replace-secret.lua. */
const Reply = z.union([z.tuple([z.literal(1)]), z.tuple([z.literal(0)]), z.tuple([z.literal(0), z.string()])]);

const placeOf = (name: string): SecretPlace => {
  const colon = name.lastIndexOf(":");
  return { owner: ActorAddress.parse(name.slice(0, colon)), ref: name.slice(colon + 1) };
};

/** What secret-store.ts keeps, seen from the side of the keys that it is sealed with. */
export function makeRedisSecretRotation(
  client: RedisClient,
  scripts: Pick<Scripts, "replaceSecret" | "dropSecret">,
  keys: Pick<Keys, "secret" | "secrets" | "inbox" | "inboxPending">,
): SecretRotation {
  /** @returns what is there; the line of what has expired is struck. */
  const read = async (partition: number, name: string) => {
    const sealed = await asUnreachable(() => client.get(keys.secret(name)));
    if (sealed !== null) return [{ ...placeOf(name), sealed }];
    await asUnreachable(() => scripts.dropSecret([keys.secret(name), keys.secrets(partition)], [name, "expired"]));
    return [];
  };

  return {
    async *list() {
      for (const partition of partitions()) {
        const seen = new Set<string>(); // SSCAN may name one twice
        let cursor = "0";
        do {
          const from = cursor;
          const [next, names] = await asUnreachable(() => client.sscan(keys.secrets(partition), from, "COUNT", BATCH));
          const fresh = names.filter((name) => !seen.has(name));
          for (const name of fresh) seen.add(name);
          const found = (await Promise.all(fresh.map((name) => read(partition, name)))).flat();
          if (found.length > 0) yield found;
          cursor = next;
        } while (cursor !== "0");
      }
    },

    async replace({ owner, ref }, expected, next) {
      const key = keys.secret(placeName(owner, ref));
      const reply = await asUnreachable(() => scripts.replaceSecret([key], [expected, next]));
      const [replaced, now = null] = Reply.parse(reply);
      return replaced === 1 ? { replaced: true } : { replaced: false, now };
    },

    async countTextsUnderOtherKeys(keyId) {
      let count = 0;
      for (const partition of partitions()) {
        const persons = await asUnreachable(() => client.zrange(keys.inboxPending(partition), 0, "-1"));
        for (const person of persons) {
          const updates = await asUnreachable(() => client.lrange(keys.inbox(person), 0, -1));
          for (const update of updates)
            if ([...update.matchAll(SEALED_TEXT)].some(([, id]) => id !== keyId)) count += 1;
        }
      }
      return count;
    },
  };
}
