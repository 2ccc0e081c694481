import { MAX_RETRY_AFTER_MS } from "./contract/limits.ts";

/** Why a call has to wait. The first five were said by the backend; the rest we know ourselves, and no call was made. */
export type WaitReason =
  | "rateLimited"
  | "busy"
  | "inProgress"
  | "maintenance"
  | "noSource"
  /** Another call of the same class was told to wait. */
  | "slowedDown"
  /** Our own share of the backend's limit is used up. */
  | "pace"
  | "breakerOpen"
  /** The backend refuses our credential; people were told. */
  | "unauthorized"
  /** An earlier collection got no answer, and the backend says that it still runs. */
  | "collectorUnanswered";

const SAID_BY_BACKEND: ReadonlySet<WaitReason> = new Set([
  "rateLimited",
  "busy",
  "inProgress",
  "maintenance",
  "noSource",
]);

/** Not now: nothing went wrong, nothing is to be given up. Whoever holds the job delays it. */
export class BackendWait extends Error {
  override readonly name = "BackendWait";
  readonly reason: WaitReason;
  /** Unit: milliseconds, at least 1. */
  readonly retryInMs: number;

  constructor(reason: WaitReason, retryInMs: number) {
    const ms = Math.max(1, Math.ceil(retryInMs));
    super(`${reason}: call the product backend again in ${ms} ms`);
    this.reason = reason;
    this.retryInMs = ms;
  }

  /** Whether the backend was called and said so: for whoever counts that as an attempt. */
  get wasCalled(): boolean {
    return SAID_BY_BACKEND.has(this.reason);
  }

  /** Longer than a retry may wait: schedule the work anew instead of keeping an attempt open. */
  get isReschedule(): boolean {
    return this.retryInMs > MAX_RETRY_AFTER_MS;
  }
}
