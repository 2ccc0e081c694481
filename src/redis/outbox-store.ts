import { ActorAddress } from "../../machines/address.ts";
import type { Outbox, OutboxReturn } from "../effects/ports.ts";
import type { PendingEffects } from "../queues/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf } from "./partitions.ts";

const PAGE = 500;

/** The outbox of every partition. Entries are written by commit-step.lua and leave it when their effect has ended. */
export function makeRedisOutbox(client: RedisClient, keys: Keys): Outbox & OutboxReturn & PendingEffects {
  const keyOf = (effectId: string) =>
    keys.outbox(partitionOf(ActorAddress.parse(effectId.slice(0, effectId.indexOf("|")))));
  return {
    read: (effectId) => asUnreachable(() => client.hget(keyOf(effectId), effectId)),

    async remove(effectId) {
      await asUnreachable(() => client.hdel(keyOf(effectId), effectId));
    },

    async restore(effectId, body) {
      await asUnreachable(() => client.hset(keyOf(effectId), effectId, body));
    },

    count: (partition) => asUnreachable(() => client.hlen(keys.outbox(partition))),

    async *entries(partition) {
      let cursor = "0";
      do {
        const [next, flat] = await asUnreachable(() => client.hscan(keys.outbox(partition), cursor, "COUNT", PAGE));
        for (let at = 0; at + 1 < flat.length; at += 2) yield { effectId: flat[at] ?? "", body: flat[at + 1] ?? "" };
        cursor = next;
      } while (cursor !== "0");
    },
  };
}
