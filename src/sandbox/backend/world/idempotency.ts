// Answers by Idempotency-Key, for 24 hours.
import { z } from "zod";
import { IDEMPOTENCY_KEPT_MS } from "../../../backend/contract/limits.ts";

export const StoredAnswer = z.object({
  key: z.string(),
  /** Of method, path and body. */
  fingerprint: z.string(),
  /** Epoch ms. */
  storedAt: z.number(),
  status: z.int(),
  body: z.unknown(),
  headers: z.record(z.string(), z.string()),
});
export type StoredAnswer = z.output<typeof StoredAnswer>;

export type KeyState =
  | { readonly kind: "new" }
  | { readonly kind: "inProgress" }
  | { readonly kind: "conflict" }
  | { readonly kind: "replay"; readonly answer: StoredAnswer };

export class IdempotencyStore {
  readonly #answers = new Map<string, StoredAnswer>();
  readonly #running = new Map<string, string>();

  constructor(answers: readonly StoredAnswer[] = []) {
    for (const answer of answers) this.#answers.set(answer.key, answer);
  }

  /** `new`: the caller runs the call now and must then `finish` it. */
  begin(key: string, fingerprint: string, now: number): KeyState {
    const stored = this.#answers.get(key);
    if (stored && now - stored.storedAt < IDEMPOTENCY_KEPT_MS)
      return stored.fingerprint === fingerprint ? { kind: "replay", answer: stored } : { kind: "conflict" };
    const running = this.#running.get(key);
    if (running !== undefined) return { kind: running === fingerprint ? "inProgress" : "conflict" };
    this.#running.set(key, fingerprint);
    return { kind: "new" };
  }

  /** @param answer null: not worth storing, the next call with this key runs. */
  finish(key: string, answer: StoredAnswer | null): void {
    this.#running.delete(key);
    if (answer) this.#answers.set(key, answer);
  }

  prune(now: number): void {
    for (const [key, { storedAt }] of this.#answers)
      if (now - storedAt >= IDEMPOTENCY_KEPT_MS) this.#answers.delete(key);
  }

  dump(): readonly StoredAnswer[] {
    return [...this.#answers.values()];
  }
}
