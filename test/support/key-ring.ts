import { createHash } from "node:crypto";
import { type KeyRing, makeKeyRing, type SealingKeys } from "../../src/sealing/key-ring.ts";

/** A key for its name, the same in every process. */
export const sealingKeys = (...ids: readonly string[]): SealingKeys =>
  ids.map((id) => ({ id, key: createHash("sha256").update(`test key ${id}`).digest() }));

/** The first seals. */
export const ringOf = (...ids: readonly string[]): KeyRing => makeKeyRing(sealingKeys(...ids));

/** As the environment has them. */
export const sealingKeysText = (...ids: readonly string[]): string =>
  sealingKeys(...ids)
    .map(({ id, key }) => `${id}:${key.toString("base64")}`)
    .join(",");
