import type { Clock } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Real time. The only place, with the test clock below, where the service reads it. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that goes forward by hand, shared by all processes of a test deployment. */
export interface TestClock extends Clock {
  /** Moves the clock forward to at least this time. Epoch ms. */
  moveTo(time: number): Promise<void>;
  /** Takes over how far another process moved it. */
  refresh(): Promise<void>;
}

/** Real time plus an offset that only grows. */
export async function makeTestClock(client: RedisClient, keys: Keys): Promise<TestClock> {
  let offset = 0;
  const refresh = async () => {
    offset = Math.max(offset, Number((await asUnreachable(() => client.zscore(keys.clock(), "offset"))) ?? 0));
  };
  await refresh();
  return {
    now: () => Date.now() + offset,
    refresh,
    async moveTo(time) {
      const wanted = Math.ceil(time - Date.now());
      if (wanted <= offset) return;
      offset = wanted;
      // GT: of two processes that move it at the same moment, the later time stays.
      await asUnreachable(() => client.zadd(keys.clock(), "GT", offset, "offset"));
    },
  };
}

/**
 * Stands still until it is moved: the sandbox's clock. A new world begins at the real time, and one that was left goes on where it was
 * left, at a restart too; one that ran ahead before it stood (an offset) begins there.
 */
export async function makeStandingClock(client: RedisClient, keys: Keys): Promise<TestClock> {
  const stored = async (what: "time" | "offset") =>
    Number((await asUnreachable(() => client.zscore(keys.clock(), what))) ?? 0);
  let time = 0;
  const refresh = async () => {
    time = Math.max(time, await stored("time"));
  };
  const moveTo = async (wanted: number) => {
    if (Math.ceil(wanted) <= time) return;
    time = Math.ceil(wanted);
    // GT: of two processes that move it at the same moment, the later time stays.
    await asUnreachable(() => client.zadd(keys.clock(), "GT", time, "time"));
  };
  await refresh();
  if (time === 0) await moveTo(Date.now() + (await stored("offset")));
  return { now: () => time, refresh, moveTo };
}
