import type { ActorAddress } from "../../machines/address.ts";

/** Deliveries to one actor wait for each other, so that this process does not race with itself; across processes the revision decides. */
export class Turns {
  /** Who waits behind the one under way; an actor without one has no entry. */
  readonly #waiting = new Map<ActorAddress, (() => void)[]>();

  async take<T>(address: ActorAddress, work: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting.get(address);
    if (waiting) await new Promise<void>((begin) => waiting.push(begin));
    else this.#waiting.set(address, []);
    try {
      return await work();
    } finally {
      const next = this.#waiting.get(address)?.shift();
      if (next) next();
      else this.#waiting.delete(address);
    }
  }
}
