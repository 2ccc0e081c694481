import type { Clock } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** Real time. The only place, with the test clock below, where the service reads it. */
export const systemClock: Clock = { now: () => Date.now() };

/** Real time plus an offset that only grows, shared by all processes of a test deployment. */
export interface TestClock extends Clock {
  /** Moves the clock forward to at least this time. Epoch ms. */
  moveTo(time: number): Promise<void>;
  /** Takes over an offset that another process set. */
  refresh(): Promise<void>;
}

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
