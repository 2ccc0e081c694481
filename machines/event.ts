import { z } from "zod";

/**
 * One public event of a machine: its type and its fields, nothing else (unknown fields are refused).
 * The runtime adds `at` (epoch ms); the events named `xstate.*` come only from inside.
 */
export function event<const T extends string, F extends z.core.$ZodLooseShape>(type: T, fields: F) {
  return z.strictObject({ type: z.literal(type), ...fields });
}

/** What a machine sees: the public event with the time at which it is applied. Unit of `at`: epoch milliseconds. */
export type Stamped<E> = E & { readonly at: number };

/** Every machine is started with its id and the time of its first event. */
export interface ActorInput {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Who asks for something that staff may do. */
export const Staff = { by: z.string().min(1).max(64), reason: z.string().min(5).max(500) } as const;

/**
 * Longest time that a person may give at once: a hundred years. More is for life, and a typing error otherwise; the sums that it goes into
 * stay far below what a date can hold. Unit: milliseconds.
 */
export const MOST_GIVEN_MS = 100 * 365 * 86_400_000;
/** Latest moment that a person may name: the last one whose year has four digits. Epoch ms. */
export const LATEST_AT = 253_402_300_799_999;
