import { z } from "zod";
import { ActorAddress } from "../../machines/address.ts";
import type { Quarantine } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf, partitions } from "./partitions.ts";

const Entry = z.object({ problem: z.string(), at: z.int() });

/** Actors whose stored form was refused, as actor-store.ts writes them down. */
export function makeRedisQuarantine(client: RedisClient, keys: Keys): Quarantine {
  const inEach = <T>(read: (key: string) => Promise<T>): Promise<T[]> =>
    asUnreachable(() => Promise.all(partitions().map((partition) => read(keys.quarantine(partition)))));
  return {
    count: async () => (await inEach((key) => client.hlen(key))).reduce((sum, held) => sum + held, 0),
    async list() {
      const all = (await inEach((key) => client.hgetall(key))).flatMap((held) => Object.entries(held));
      return all
        .map(([address, json]) => ({ address: ActorAddress.parse(address), ...Entry.parse(JSON.parse(json)) }))
        .sort((a, b) => a.at - b.at || (a.address < b.address ? -1 : 1));
    },
    async release(address) {
      return (await asUnreachable(() => client.hdel(keys.quarantine(partitionOf(address)), address))) === 1;
    },
  };
}
