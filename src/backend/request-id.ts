import { createHash } from "node:crypto";

/** The same id for every attempt at one effect, without what the effect's own id tells. */
export const requestIdOf = (effectId: string): string =>
  `req_${createHash("sha256").update(effectId).digest("base64url").slice(0, 27)}`;
