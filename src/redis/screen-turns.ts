import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScreenTurns } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/**
 * Renewed while the work lasts, so that only a process that died leaves it. No longer than a dead worker's lock: everything that its
 * person does next waits for both. Unit: milliseconds.
 */
const HELD_FOR_MS = 5_000;
/** Then it is done all the same: an order of two messages is worth less than the message. Unit: milliseconds. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 20;

export interface ScreenTurnsOptions {
  /** Shorter ones for tests. Unit: milliseconds. */
  readonly patienceMs?: number;
  readonly heldForMs?: number;
}

/** One at a time per person, over all processes. */
export function makeRedisScreenTurns(
  client: RedisClient,
  scripts: Pick<Scripts, "renewTurn" | "endTurn">,
  keys: Pick<Keys, "screenTurn">,
  { patienceMs = PATIENCE_MS, heldForMs = HELD_FOR_MS }: ScreenTurnsOptions = {},
): ScreenTurns {
  return {
    async inTurn(userId, work) {
      const key = keys.screenTurn(userId);
      const name = randomUUID();
      const begin = () => asUnreachable(() => client.set(key, name, "PX", heldForMs, "NX"));
      const deadline = performance.now() + patienceMs;
      let isOurs = (await begin()) === "OK";
      while (!isOurs && performance.now() < deadline) {
        await sleep(LOOK_AGAIN_MS);
        isOurs = (await begin()) === "OK";
      }
      // A renewal that fails is made up for by the next one, or the turn ends early: an order of two messages.
      const renew = () => void scripts.renewTurn([key], [name, heldForMs]).catch(() => {});
      const renewing = isOurs ? setInterval(renew, heldForMs / 3) : undefined;
      try {
        return await work();
      } finally {
        clearInterval(renewing);
        // What was done is done: a turn that cannot be ended ends by itself.
        if (isOurs) await scripts.endTurn([key], [name]).catch(() => {});
      }
    },
  };
}
