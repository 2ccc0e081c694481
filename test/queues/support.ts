// A stage on the tests' shared Redis, stopped at the end of the test.
import { onTestFinished } from "vitest";
import { fileRedis, freshPrefix, testRedis } from "../support/redis.ts";
import { makeStage, type Stage, type StageOptions } from "../support/stage.ts";

/** Quick enough for a test, slow enough for a busy machine. Unit: milliseconds. */
export const QUICK_RECOVERY = { lockDuration: 1_500, stalledInterval: 300 } as const;

export function stageForTest(options: Partial<StageOptions> = {}): Stage {
  const stage = makeStage({
    client: fileRedis(),
    connect: () => testRedis(),
    prefix: freshPrefix(),
    ...options,
  });
  onTestFinished(() => stage.stop());
  return stage;
}

/** Looks again at every turn of the event loop until it holds. @throws Error with what was seen last. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, withinMs = 8_000): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > giveUpAt) throw new Error(`still not so after ${withinMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}
export function gate(): Gate {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
