import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from "cockatiel";
import { BREAKER } from "./contract/limits.ts";
import { BackendWait } from "./wait.ts";

/** One attempt's end, as the breaker sees it. */
export interface Judged {
  /** Worth a retry, and a sign of a backend in trouble. */
  readonly isFailure: boolean;
}

export interface Breaker {
  /** For looking before anything is spent on a call. @throws BackendWait breakerOpen */
  check(): void;
  /** @param attempt never throws. @throws BackendWait breakerOpen: the attempt was not made. */
  run<T extends Judged>(attempt: () => Promise<T>): Promise<T>;
}

/** Those who wait for a trial call look again so soon. Unit: milliseconds. */
const TRIAL_WAIT_MS = 2_000;
/** Jobs that an open breaker held back do not all come back at once. Unit: milliseconds. */
const SPREAD_MS = 2_000;

/**
 * Counts failures in a row. Cockatiel closes after one success; so the first success closes on probation, in which any failure opens
 * again at once.
 */
class Counter implements IBreaker {
  state: unknown = null; // kept nowhere: a new process finds out for itself
  #failures = 0;
  #successesOwed = 0;

  get isOnProbation(): boolean {
    return this.#successesOwed > 0;
  }

  success(state: CircuitState): void {
    this.#failures = 0;
    this.#successesOwed =
      state === CircuitState.HalfOpen ? BREAKER.successes - 1 : Math.max(0, this.#successesOwed - 1);
  }

  failure(state: CircuitState): boolean {
    this.#failures += 1;
    const opens = state === CircuitState.HalfOpen || this.isOnProbation || this.#failures >= BREAKER.failures;
    if (opens) {
      this.#failures = 0;
      this.#successesOwed = 0;
    }
    return opens;
  }
}

/** @param random 0 to 1. */
export function makeBreaker(random: () => number): Breaker {
  const counter = new Counter();
  const policy = circuitBreaker(
    handleWhenResult((result) => (result as Judged).isFailure),
    { halfOpenAfter: BREAKER.trialAfterMs, breaker: counter },
  );
  let openedAtMs = 0;
  let isTrialRunning = false;
  policy.onBreak(() => {
    openedAtMs = performance.now();
  });

  const held = (ms: number) => new BackendWait("breakerOpen", ms + random() * SPREAD_MS);

  function check(): void {
    const leftMs = openedAtMs + BREAKER.trialAfterMs - performance.now();
    if (policy.state === CircuitState.Open && leftMs > 0) throw held(leftMs);
    if (isTrialRunning) throw held(TRIAL_WAIT_MS);
  }

  return {
    check,
    async run(attempt) {
      check();
      // From here to the first await nothing else runs: two callers cannot both become the trial.
      const isTrial = policy.state !== CircuitState.Closed || counter.isOnProbation;
      if (isTrial) isTrialRunning = true;
      try {
        return await policy.execute(attempt);
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw held(TRIAL_WAIT_MS);
        throw error;
      } finally {
        if (isTrial) isTrialRunning = false;
      }
    },
  };
}
