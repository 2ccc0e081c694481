import type { ActorAddress } from "../../machines/address.ts";
import type { Sealed } from "./envelope.ts";

/** Where a sealed secret lies: what an actor may know of it. */
export interface SecretPlace {
  readonly owner: ActorAddress;
  /** 1-64 characters of A-Za-z0-9_-. */
  readonly ref: string;
}

/**
 * Sealed secrets, until they are used. What nobody drops goes by itself after seven days; neither reading nor changing the key puts
 * that off. All methods throw AppError redis.unreachable.
 */
export interface SecretStore {
  /** Another secret under the same reference takes its place, with seven days of its own. */
  put(owner: ActorAddress, ref: string, sealed: Sealed): Promise<void>;
  /** @throws AppError sealing.refused for what is no sealed secret. */
  read(owner: ActorAddress, ref: string): Promise<Sealed | null>;
  /** Repeatable. */
  drop(owner: ActorAddress, ref: string): Promise<void>;
}

/** For the change of keys: may run while secrets come and go. */
export interface SecretRotation {
  /** Every secret that is there all the while, once, a batch at a time. */
  list(): AsyncIterable<readonly (SecretPlace & { readonly sealed: string })[]>;
  /** Writes only where the secret is still the one that was read. @returns otherwise what is there `now`; null: it was dropped. */
  replace(
    place: SecretPlace,
    expected: string,
    next: Sealed,
  ): Promise<{ readonly replaced: true } | { readonly replaced: false; readonly now: string | null }>;
  /** How many chat texts wait to be handled that are sealed with another key than this one. */
  countTextsUnderOtherKeys(keyId: string): Promise<number>;
}
