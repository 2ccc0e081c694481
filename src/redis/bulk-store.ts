import { z } from "zod";
import { ActorAddress } from "../../machines/address.ts";
import type { BulkStore } from "../support/bulk.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

const Kept = z.object({ event: z.looseObject({ type: z.string() }), addresses: z.array(ActorAddress) });

/** Long enough to resume, or to be approved. Unit: milliseconds. */
const KEEP_MS = 7 * 86_400_000;

/** Commands to many actors, with whom they were confirmed for. */
export function makeRedisBulkStore(client: RedisClient, keys: Pick<Keys, "bulk">): BulkStore {
  const read: BulkStore["read"] = async (id) => {
    const json = await asUnreachable(() => client.get(keys.bulk(id)));
    return json === null ? null : Kept.parse(JSON.parse(json));
  };
  return {
    async put(id, bulk) {
      const json = JSON.stringify(Kept.parse(bulk));
      const isNew = await asUnreachable(() => client.set(keys.bulk(id), json, "PX", KEEP_MS, "NX"));
      return isNew === "OK" ? bulk : ((await read(id)) ?? bulk);
    },
    read,
  };
}
