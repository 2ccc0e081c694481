// Updates that wait to be delivered: in order of arrival, and in one queue per key of which only the head may go.
import type { Update } from "@grammyjs/types";
import type { UpdateFacts } from "./update-facts.ts";

export interface Pending {
  readonly update: Update;
  readonly facts: UpdateFacts;
  readonly expiresAtMs: number;
  /** Concurrent copies: where the second one goes (null = same address); undefined = there is none. */
  readonly twinUrl: string | null | undefined;
  /** `waiting` = until the next try; `held` = by a fault, and overtaken. */
  state: "queued" | "inFlight" | "waiting" | "held";
  failures: number;
}

export class PendingQueues {
  readonly #all = new Set<Pending>();
  readonly #byKey = new Map<string, Pending[]>();
  /** Keys whose head may have become ready; looked at once each, so that a push costs the same however many wait. */
  readonly #touched = new Set<string>();

  get size(): number {
    return this.#all.size;
  }

  /** No head is known to be ready. */
  get isQuiet(): boolean {
    return this.#touched.size === 0;
  }

  all(): Pending[] {
    return [...this.#all];
  }

  add(entry: Pending): void {
    this.#all.add(entry);
    const key = entry.facts.queueKey;
    const queue = this.#byKey.get(key);
    if (queue) queue.push(entry);
    else this.#byKey.set(key, [entry]);
    this.touch(entry);
  }

  remove(entry: Pending): void {
    if (!this.#all.delete(entry)) return;
    const key = entry.facts.queueKey;
    const left = (this.#byKey.get(key) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
    this.touch(entry);
  }

  /** The state of this entry's queue has changed. */
  touch(entry: Pending): void {
    this.#touched.add(entry.facts.queueKey);
  }

  /** The next head that may go, or null. */
  takeReady(): Pending | null {
    for (const key of this.#touched) {
      this.#touched.delete(key);
      const head = this.#byKey.get(key)?.find((entry) => entry.state !== "held");
      if (head?.state === "queued") return head;
    }
    return null;
  }
}
