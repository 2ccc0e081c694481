// Waiting: of the wire (delays of faults) by real time, of the world (a run that is answered at its end) by the virtual clock.

/** Source of the backend's time. Unit: epoch milliseconds. */
export interface Clock {
  now(): number;
}

export interface Timer {
  /** Runs `run` once after `delayMs` of real time. @returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The longest that setTimeout can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** Never keeps the process alive. */
export const realTimer: Timer = {
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, LONGEST_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

interface Wait {
  readonly dueAt: number;
  readonly go: () => void;
}

/** Waits for moments of the virtual clock: whoever moves it calls `runDue`; where it just runs, real time wakes them. */
export class ClockWaits {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #waits = new Set<Wait>();

  constructor(clock: Clock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  /** Resolves when the clock shows this time (epoch ms) or later. */
  until(dueAt: number): Promise<void> {
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const wait: Wait = {
        dueAt,
        go: () => {
          cancel();
          this.#waits.delete(wait);
          resolve();
        },
      };
      const arm = (): void => {
        const leftMs = dueAt - this.#clock.now();
        if (leftMs <= 0) wait.go();
        else cancel = this.#timer.after(leftMs, arm);
      };
      this.#waits.add(wait);
      arm();
    });
  }

  /** Epoch ms. */
  nextDueAt(): number | null {
    return this.#waits.size === 0 ? null : Math.min(...[...this.#waits].map(({ dueAt }) => dueAt));
  }

  runDue(now: number): void {
    for (const wait of [...this.#waits].sort((a, b) => a.dueAt - b.dueAt)) if (wait.dueAt <= now) wait.go();
  }

  /** Ends all waiting: the server closes. */
  close(): void {
    for (const { go } of [...this.#waits]) go();
  }
}
