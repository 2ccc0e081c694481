import type { Cluster, Redis } from "ioredis";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../errors.ts";
import { CALLS_PER_MINUTE, CLIENT_SHARE, type RateClass } from "./contract/limits.ts";

export type Credential = "operator" | "client" | "none";

/** What the backend counts together: one credential's calls of one class. */
export interface Bucket {
  readonly credential: Credential;
  readonly rateClass: RateClass;
}

export type Permit = { readonly ok: true } | { readonly ok: false; readonly retryInMs: number };

/** Unit: milliseconds; 0: open. */
export interface Closures {
  /** The backend refused a credential. */
  readonly unauthorizedMs: number;
  /** It told this bucket to wait. */
  readonly slowedMs: number;
  /** People were told that this credential is refused, and no call with it has succeeded since. */
  readonly isAlerted: boolean;
}

/** What all processes know together about calling the backend. Every method throws AppError redis.unreachable. */
export interface BackendGate {
  look(bucket: Bucket): Promise<Closures>;
  /** Asks for one call. A refused one counts as waiting: `retryInMs` spreads those who wait. */
  take(bucket: Bucket): Promise<Permit>;
  /** Never shortens an earlier, longer wait. Unit: milliseconds. */
  slowDown(bucket: Bucket, forMs: number): Promise<void>;
  /** @returns whether the caller is the one to tell people: once until the alert is withdrawn, or a day is over. */
  claimAlert(credential: Credential): Promise<boolean>;
  /** Nobody could be told, or the credential works again. */
  withdrawAlert(credential: Credential): Promise<void>;
  /** Holds all calls back; after a while one may try whether the credential was corrected at the backend. */
  closeUnauthorized(): Promise<void>;
  /** Credentials may have been replaced: a start of the service. */
  reopen(): Promise<void>;
  /** A collection got no answer: it may still run. */
  holdCollector(): Promise<void>;
  isCollectorHeld(): Promise<boolean>;
  releaseCollector(): Promise<void>;
}

/** How often a refused credential is tried again. Unit: milliseconds. */
export const UNAUTHORIZED_MS = 15 * 60_000;
/** People are told again about a credential that is still refused. Unit: milliseconds. */
const ALERT_MS = 24 * 60 * 60_000;
/** No collection runs longer. Unit: milliseconds. */
const COLLECTOR_HOLD_MS = 2 * 60 * 60_000;
/** Nobody waits longer than this for a look at the queue. Unit: milliseconds. */
const MAX_WAIT_MS = 60_000;

const WINDOW_SECONDS = 5;
/** However a minute is laid, it touches at most one window more than fit into it. */
const WINDOWS_PER_MINUTE = 60 / WINDOW_SECONDS + 1;

/** Calls per window, so that no minute, wherever the backend lets it begin, holds more than our share of its limit. */
export const callsPerWindow = (rateClass: RateClass): number =>
  Math.floor((CALLS_PER_MINUTE[rateClass] * CLIENT_SHARE) / WINDOWS_PER_MINUTE);

export interface GateOptions {
  /** false: only the backend's own words are believed. For a clock that runs ahead of the real time in which a pace is kept. */
  readonly isPaced?: boolean;
}

/**
 * @param redis any client. @param keyPrefix `Keys.backend()`; holds a hash tag, so that all keys lie in one slot.
 */
export function makeBackendGate(
  redis: Redis | Cluster,
  keyPrefix: string,
  { isPaced = true }: GateOptions = {},
): BackendGate {
  const limiter = (rateClass: RateClass) =>
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${keyPrefix}:pace:${rateClass}`,
      points: callsPerWindow(rateClass),
      duration: WINDOW_SECONDS,
    });
  const limiters = { admin: limiter("admin"), actions: limiter("actions"), other: limiter("other") };

  const unauthorized = `${keyPrefix}:unauthorized`;
  const alerted = (credential: Credential) => `${keyPrefix}:alerted:${credential}`;
  const collector = `${keyPrefix}:collector-unanswered`;
  const slowed = ({ credential, rateClass }: Bucket) => `${keyPrefix}:slowed:${credential}:${rateClass}`;

  return {
    look: (bucket) =>
      reached(async () => {
        const [unauthorizedMs, slowedMs, alertedMs] = await Promise.all(
          [unauthorized, slowed(bucket), alerted(bucket.credential)].map((key) => leftMs(redis, key)),
        );
        return { unauthorizedMs: unauthorizedMs ?? 0, slowedMs: slowedMs ?? 0, isAlerted: (alertedMs ?? 0) > 0 };
      }),

    take: ({ credential, rateClass }) =>
      isPaced
        ? reached(() => consume(limiters[rateClass], credential, callsPerWindow(rateClass)))
        : Promise.resolve({ ok: true }),

    slowDown: (bucket, forMs) =>
      reached(async () => {
        const ms = Math.max(1, Math.ceil(forMs));
        const key = slowed(bucket);
        if ((await redis.set(key, "1", "PX", ms, "NX")) === null) await redis.pexpire(key, ms, "GT");
      }),

    claimAlert: (credential) =>
      reached(async () => (await redis.set(alerted(credential), "1", "PX", ALERT_MS, "NX")) !== null),
    withdrawAlert: (credential) => reached(() => remove(alerted(credential))),
    closeUnauthorized: () => reached(() => mark(unauthorized, UNAUTHORIZED_MS)),
    reopen: () => reached(() => remove(unauthorized, alerted("operator"), alerted("client"))),

    holdCollector: () => reached(() => mark(collector, COLLECTOR_HOLD_MS)),
    isCollectorHeld: () => reached(async () => (await redis.exists(collector)) === 1),
    releaseCollector: () => reached(() => remove(collector)),
  };

  async function mark(key: string, forMs: number): Promise<void> {
    await redis.set(key, "1", "PX", forMs);
  }
  async function remove(...keys: string[]): Promise<void> {
    await redis.del(...keys);
  }
}

/** PTTL rounds down to whole milliseconds: a key that answers 0 is still there. */
async function leftMs(redis: Redis | Cluster, key: string): Promise<number> {
  const ms = await redis.pttl(key);
  return ms < 0 ? 0 : ms + 1;
}

async function consume(limiter: RateLimiterRedis, key: string, points: number): Promise<Permit> {
  try {
    await limiter.consume(key);
    return { ok: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // Everybody refused within this window was counted, so the count is the place in the line.
    const ahead = Math.max(0, refusal.consumedPoints - points - 1);
    const turnMs = refusal.msBeforeNext + Math.floor(ahead / points) * WINDOW_SECONDS * 1_000;
    return { ok: false, retryInMs: Math.min(MAX_WAIT_MS, Math.max(1, turnMs)) };
  }
}

/** Without what all processes know together nobody calls. */
async function reached<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    throw new AppError("redis.unreachable", { cause });
  }
}
