// The clock of a backend that runs on its own: it can be set, and goes on from there or stands still.
import type { Clock } from "./timers.ts";

export class VirtualClock implements Clock {
  readonly #real: Clock;
  readonly #stands: boolean;
  /** Virtual minus real; of a clock that stands: the time itself. Unit: ms. */
  #offset: number;

  /** @param startAt epoch ms; null: now. */
  constructor(real: Clock, { startAt = null, stands = false }: { startAt?: number | null; stands?: boolean } = {}) {
    this.#real = real;
    this.#stands = stands;
    this.#offset = 0;
    this.set(startAt ?? real.now());
  }

  now(): number {
    return this.#stands ? this.#offset : this.#real.now() + this.#offset;
  }

  set(now: number): void {
    this.#offset = this.#stands ? now : now - this.#real.now();
  }
}
