import { ConsecutiveBreaker, circuitBreaker, handleAll, TimeoutStrategy, timeout, wrap } from "cockatiel";

/** Opens after so many failures in a row, and lets one call through after this time. Unit: milliseconds. */
export const UPSTREAM_BREAKER = { failures: 5, trialAfterMs: 30_000, answerMs: 20_000 } as const;

export interface UpstreamBreaker {
  /** @throws whatever the call throws; an error at once, without the call, while it is open */
  run<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * Whether upstream is worth a call just now, by the seconds that have passed. It says what one response is served from, and nothing of it
 * is known to the gate, which looks at frozen days.
 */
export function makeUpstreamBreaker(): UpstreamBreaker {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: UPSTREAM_BREAKER.trialAfterMs,
    breaker: new ConsecutiveBreaker(UPSTREAM_BREAKER.failures),
  });
  // The reader of a page waits: a call that hangs is a call that failed.
  const policy = wrap(breaker, timeout(UPSTREAM_BREAKER.answerMs, TimeoutStrategy.Aggressive));
  return {
    run: (call) => policy.execute(({ signal }) => call(signal)),
  };
}
