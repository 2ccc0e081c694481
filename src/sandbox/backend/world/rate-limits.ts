// Calls per credential, class and minute.
import { CALLS_PER_MINUTE, type RateClass } from "../../../backend/contract/limits.ts";

const MINUTE_MS = 60_000;

export class RateLimits {
  readonly #limits: Readonly<Record<RateClass, number>>;
  /** Start times of the calls of the last minute, oldest first. */
  readonly #calls = new Map<string, number[]>();

  constructor(limits: Partial<Readonly<Record<RateClass, number>>> = {}) {
    this.#limits = { ...CALLS_PER_MINUTE, ...limits };
  }

  /** Counts the call. @returns 0, or after how many seconds the next one may come: this one is refused and not counted. */
  take(credential: string, rateClass: RateClass, now: number): number {
    const name = `${rateClass} ${credential}`;
    const recent = (this.#calls.get(name) ?? []).filter((at) => at > now - MINUTE_MS && at <= now);
    this.#calls.set(name, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= this.#limits[rateClass])
      return Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1000));
    recent.push(now);
    return 0;
  }
}
