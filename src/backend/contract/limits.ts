// Numbers of the contract: how long to wait, how often to ask, how much to send.

/** Both directions. Unit: bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Unit: milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** How long an answer may take. Unit: milliseconds. */
export const ANSWER_TIMEOUT_MS = { usual: 20_000, rows: 60_000, collection: 900_000 } as const;

/** What the backend counts per credential. */
export type RateClass = "admin" | "actions" | "other";

/** What the backend allows per credential and minute. The client keeps to `CLIENT_SHARE` of it. */
export const CALLS_PER_MINUTE: Readonly<Record<RateClass, number>> = { admin: 120, actions: 240, other: 1_200 };
export const CLIENT_SHARE = 0.8;

/**
 * Retries live in the job queue. The wait before attempt 2 is the first one, and so on, each ±20 %, or the backend's Retry-After where
 * that is longer. Unit: milliseconds.
 */
export const RETRY_ATTEMPTS = 5;
export const RETRY_WAITS_MS = [2_000, 5_000, 10_000, 20_000] as const;
/** A longer Retry-After is not a retry any more: the job is rescheduled. Unit: milliseconds. */
export const MAX_RETRY_AFTER_MS = 15 * 60_000;

/** Opens after so many failures in a row, lets one call through after this time, closes after so many successes. */
export const BREAKER = { failures: 5, trialAfterMs: 30_000, successes: 2 } as const;

/** How long an Idempotency-Key is known. Unit: milliseconds. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60_000;

/** datasets/update within this time may become one refresh. Unit: milliseconds. */
export const REFRESH_MERGED_MS = 60_000;

/** Of one collector/run, both ends included. */
export const MAX_COLLECTION_DAYS = 31;
/** Of one request. */
export const MAX_NM_IDS = 5_000;
export const MAX_ROWS_PER_PAGE = 10_000;
export const DEFAULT_ROWS_PER_PAGE = 5_000;
/** Unit: milliseconds. */
export const CURSOR_LIVES_MS = 15 * 60_000;

/** Jobs are asked for no more often, and kept at least so long. Unit: milliseconds. */
export const JOB_POLL_MS = 5_000;
export const JOB_KEPT_MS = 24 * 60 * 60_000;
