import type { Effect, EffectKind } from "../../machines/effects.ts";
import type { InvocationInput, InvocationName, InvocationOutput } from "../../machines/invocations.ts";
import type { ErrorCode } from "../errors.ts";

/** One attempt at one effect. */
export interface Run {
  /** The same for every attempt: the idempotency key given to others. */
  readonly effectId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted when the time limit of this attempt is over. */
  readonly signal: AbortSignal;
}

/** Work with a result. Its docstring says why running it twice does no harm and what "already done" looks like. */
export type InvocationExecutor<K extends InvocationName> = (
  input: InvocationInput<K>,
  run: Run,
) => Promise<InvocationOutput<K>>;
/** Work without a result; the same is true for it. */
export type EffectExecutor<K extends EffectKind> = (effect: Extract<Effect, { kind: K }>, run: Run) => Promise<void>;

/** Tried again after this time without using up an attempt: somebody told us to wait, nothing went wrong. */
export class RetryLater extends Error {
  override readonly name = "RetryLater";
  readonly retryInMs: number;

  /** @param retryInMs Unit: milliseconds. */
  constructor(retryInMs: number) {
    super(`try again in ${retryInMs} ms`);
    this.retryInMs = Math.max(1, Math.ceil(retryInMs));
  }
}

/** Failed in passing, and somebody said how long to be patient: the next attempt comes no sooner. */
export class RetryAfter extends Error {
  override readonly name = "RetryAfter";
  readonly code: ErrorCode;
  readonly retryInMs: number;

  /** @param code what the machine hears when it was the last attempt. @param retryInMs Unit: milliseconds. */
  constructor(code: ErrorCode, retryInMs: number) {
    super(`${code}: try again in ${retryInMs} ms`);
    this.code = code;
    this.retryInMs = Math.max(1, Math.ceil(retryInMs));
  }
}

/** How often and how patiently. The wait doubles from `firstWaitMs` up to `maxWaitMs`, each ±20 %. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** Instead of doubling: the wait before each further attempt, ±20 %. */
  readonly waitsMs?: readonly number[];
  /** One attempt may take this long. */
  readonly timeoutMs: number;
}

/** @param attempt number of the attempt that failed, from 1. @param random 0 to 1. @returns Unit: milliseconds. */
export function waitBefore(policy: RetryPolicy, attempt: number, random: number): number {
  const doubled = policy.firstWaitMs * 2 ** Math.min(attempt - 1, 30);
  const waitMs = policy.waitsMs?.[attempt - 1] ?? Math.min(policy.maxWaitMs, doubled);
  return Math.round(waitMs * (0.8 + 0.4 * random));
}
