import type { ActorAddress } from "../../machines/address.ts";

/** Who waits for the next commit of an actor made in this process. Of others' commits nobody is told here. */
export class CommitWatchers {
  readonly #waiting = new Map<ActorAddress, Set<() => void>>();

  wake(address: ActorAddress): void {
    for (const wake of this.#waiting.get(address) ?? []) wake();
  }

  /** @param withinMs Waits no longer. Unit: milliseconds. */
  next(address: ActorAddress, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(address) ?? new Set();
      this.#waiting.set(address, waiting);
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(address);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      waiting.add(done);
    });
  }
}
