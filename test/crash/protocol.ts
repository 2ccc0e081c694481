// What the campaign and its child process tell each other.
import type { ActorAddress } from "../../machines/address.ts";
import type { ActorEvent } from "../../src/runtime/ports.ts";

/** Every place at which the child can be told to die. */
export const CRASH_POINTS = [
  "before-receive",
  "after-receive",
  "before-commit",
  "after-commit",
  "before-dispatch",
  "after-dispatch",
  "before-call",
  "after-call",
  "after-result",
  "before-finish",
  "after-finish",
  "before-plant",
  "after-plant",
  "before-drain",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export interface ChildOptions {
  readonly socket: string;
  readonly prefix: string;
  /** Where calls to the outside are written down, line by line: no Redis, no memory of the child. */
  readonly outsideFile: string;
  /** Where the child writes at which point it dies. */
  readonly crashFile: string;
  readonly crash: { readonly point: CrashPoint; readonly hit: number } | null;
}

/** Sent again, with the same number, until it is acknowledged. */
export interface Delivery {
  readonly number: number;
  /** `update`: through the inbox, in order per person; `direct`: straight to the actor, with an idempotency key. */
  readonly way: "update" | "direct";
  readonly person: string;
  readonly address: ActorAddress;
  readonly event: ActorEvent;
}

export type ToChild = { readonly kind: "deliver"; readonly delivery: Delivery } | { readonly kind: "stop" };
export type ToParent = { readonly kind: "ready" } | { readonly kind: "acknowledged"; readonly number: number };

/** A child that only sends events, see race.test.ts. */
export interface RacerOptions {
  readonly socket: string;
  readonly prefix: string;
  readonly name: string;
  /** At least so many, and on until it is told to end. */
  readonly events: number;
}
