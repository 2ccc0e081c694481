import { z } from "zod";
import type { ActorAddress } from "../../machines/address.ts";
import { AppError } from "../errors.ts";
import { Sealed } from "../sealing/envelope.ts";
import type { SecretStore } from "../sealing/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf } from "./partitions.ts";
import type { Scripts } from "./scripts.ts";

/** A secret is used within minutes; one that is not, as when a connection was given up, must not lie about for ever. Unit: seconds. */
const KEEP_SECONDS = 7 * 24 * 3_600;

const Ref = z.string().regex(/^[\w-]{1,64}$/, "expected 1-64 of A-Z, a-z, 0-9, _ and -");

/** A line of a partition's list. A reference has no colon: the last one is the joint. */
export const placeName = (owner: ActorAddress, ref: string): string => `${owner}:${Ref.parse(ref)}`;

/** Sealed secrets in their owners' slots: a key for each, because each has an expiry of its own, and a list of them per partition. */
export function makeRedisSecretStore(
  client: RedisClient,
  scripts: Pick<Scripts, "putSecret" | "dropSecret">,
  keys: Pick<Keys, "secret" | "secrets">,
): SecretStore {
  /** @throws ZodError for a reference of another form: a defect. */
  const placeOf = (owner: ActorAddress, ref: string) => {
    const name = placeName(owner, ref);
    return { name, key: keys.secret(name), list: keys.secrets(partitionOf(owner)) };
  };
  return {
    async put(owner, ref, sealed) {
      const { name, key, list } = placeOf(owner, ref);
      const args = [Sealed.parse(sealed), name, KEEP_SECONDS];
      await asUnreachable(() => scripts.putSecret([key, list], args));
    },
    async read(owner, ref) {
      const { key } = placeOf(owner, ref);
      const stored = await asUnreachable(() => client.get(key));
      if (stored === null) return null;
      const sealed = Sealed.safeParse(stored);
      if (!sealed.success)
        throw new AppError("sealing.refused", { details: { owner, ref, why: "not a sealed secret" } });
      return sealed.data;
    },
    async drop(owner, ref) {
      const { name, key, list } = placeOf(owner, ref);
      await asUnreachable(() => scripts.dropSecret([key, list], [name, "always"]));
    },
  };
}
