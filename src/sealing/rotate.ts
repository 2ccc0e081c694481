// Puts every stored secret under the first of the sealing keys, so that the others can be taken away. May run beside the service, and again.
import { AppError, isAppError } from "../errors.ts";
import type { KeyRing } from "./key-ring.ts";
import type { SecretPlace, SecretRotation } from "./ports.ts";

/** A secret that is exchanged again and again meanwhile is one of a service that still seals with another key. */
const MAX_TRIES = 5;

export interface RotationReport {
  /** Were under the first key before, or were exchanged meanwhile for one that is. */
  readonly current: number;
  readonly rewrapped: number;
  /** Dropped between reading and writing; not brought back. */
  readonly dropped: number;
  /** Stay under another key. */
  readonly stuck: readonly (SecretPlace & Stuck)[];
  /** Chat texts under other keys that wait to be handled: seconds normally. They cannot be changed, only waited for. */
  readonly waitingTexts: number;
}

interface Stuck {
  readonly why: "sealing.unknownKey" | "sealing.refused" | "changing";
  /** The key that is missing, or does not open. */
  readonly keyId: string | null;
}

/** Whether the other keys may be taken away. */
export const isRotated = ({ stuck, waitingTexts }: RotationReport): boolean => stuck.length === 0 && waitingTexts === 0;

export interface RotationDeps {
  readonly ring: Pick<KeyRing, "currentKeyId" | "isCurrent" | "rewrap">;
  readonly secrets: SecretRotation;
}

/** @throws AppError redis.unreachable: what was done stays done. */
export async function rotateSecrets({ ring, secrets }: RotationDeps): Promise<RotationReport> {
  const counts = { current: 0, rewrapped: 0, dropped: 0 };
  const stuck: (SecretPlace & Stuck)[] = [];
  for await (const batch of secrets.list()) {
    for (const { sealed, ...place } of batch) {
      const result = await rotateOne({ ring, secrets }, place, sealed);
      if (typeof result === "string") counts[result] += 1;
      else stuck.push({ ...place, ...result });
    }
  }
  return { ...counts, stuck, waitingTexts: await secrets.countTextsUnderOtherKeys(ring.currentKeyId) };
}

async function rotateOne(
  { ring, secrets }: RotationDeps,
  place: SecretPlace,
  found: string,
): Promise<"current" | "rewrapped" | "dropped" | Stuck> {
  try {
    let sealed = found;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (ring.isCurrent(sealed)) return "current";
      const result = await secrets.replace(place, sealed, ring.rewrap(sealed, place.owner));
      if (result.replaced) return "rewrapped";
      if (result.now === null) return "dropped";
      sealed = result.now;
    }
    return { why: "changing", keyId: null };
  } catch (error) {
    return refusalOf(error);
  }
}

/** @throws what is no refusal. */
function refusalOf(error: unknown): Stuck {
  if (!(error instanceof AppError)) throw error;
  const keyId = typeof error.details.keyId === "string" ? error.details.keyId : null;
  if (isAppError(error, "sealing.unknownKey")) return { why: "sealing.unknownKey", keyId };
  if (isAppError(error, "sealing.refused")) return { why: "sealing.refused", keyId };
  throw error;
}
