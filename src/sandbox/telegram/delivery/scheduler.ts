// Waiting: webhook retries, request timeouts, pre-checkout limits. Injected so that tests never sleep.

export interface Scheduler {
  /** Runs `run` once after `delayMs`. Returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Next due time on the scheduler's clock, when it is driven from outside. Unit: epoch ms. */
  nextDueAt?(): number | null;
  /** Runs everything due up to `now`, in order. */
  runDue?(now: number): void;
}

/** Wall-clock waiting. Timers never keep the process alive. */
export const realScheduler: Scheduler = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

interface Entry {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** Waiting that ends only when somebody advances a clock and calls `runDue`. */
export class ManualScheduler implements Scheduler {
  readonly #clock: { now(): number };
  #entries: Entry[] = [];
  #order = 0;

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const entry: Entry = { dueAt: this.#clock.now() + delayMs, order: this.#order, run };
    this.#entries.push(entry);
    this.#entries.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  nextDueAt(): number | null {
    return this.#entries[0]?.dueAt ?? null;
  }

  runDue(now: number): void {
    for (;;) {
      const first = this.#entries[0];
      if (!first || first.dueAt > now) return;
      this.#entries.shift();
      first.run();
    }
  }
}
