import type { Api } from "grammy";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AppError } from "../../src/errors.ts";
import { type PollingDeps, startPolling } from "../../src/startup/polling.ts";

interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}
const message = (update_id: number): Update => ({ update_id, message: {} });
const checkout = (update_id: number): Update => ({ update_id, pre_checkout_query: {} });

/** A Telegram with these updates, which forgets those before the offset, and a bot that polls it without pauses. */
async function polling(waiting: readonly Update[], accept: PollingDeps["accept"], { limit = 100 } = {}) {
  let left = [...waiting];
  const offsets: number[] = [];
  const errors: string[] = [];
  let pauses = 0;
  const api = {
    deleteWebhook: async () => true,
    getUpdates: async ({ offset }: { offset: number }, signal: AbortSignal) => {
      offsets.push(offset);
      left = left.filter(({ update_id }) => update_id >= offset);
      if (left.length > 0) return left.slice(0, limit);
      // As a long poll does when there is nothing new.
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }),
      );
    },
  };
  const stop = await startPolling({
    api: api as unknown as Api,
    allowedUpdates: ["message"],
    accept,
    onError: (where, error) => errors.push(`${where}: ${error.message}`),
    wait: async () => {
      pauses += 1;
    },
  });
  onTestFinished(stop);
  return { offsets, errors, left: () => left, pauses: () => pauses, stop };
}

describe("polled updates", () => {
  it("are confirmed once all of them are durable", async () => {
    const taken: unknown[] = [];
    const { offsets, left } = await polling([message(1), message(2)], async (update) => taken.push(update));
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(taken).toEqual([message(1), message(2)]);
    expect(offsets).toEqual([0, 3]);
  });

  it("wait in their order while nothing can be kept", async () => {
    let isAway = true;
    const taken: number[] = [];
    const { errors, left } = await polling([message(1), message(2)], async (update) => {
      if (isAway && taken.length === 0) {
        isAway = false;
        throw new Error("Redis is away");
      }
      taken.push((update as Update).update_id);
    });
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(taken).toEqual([1, 2]);
    expect(errors).toEqual(["polling: Redis is away"]);
  });
});

describe("a pre-checkout whose answer does not get through", () => {
  it("keeps nobody else waiting, and is asked about again", async () => {
    let tries = 0;
    const taken: number[] = [];
    const { offsets, left } = await polling([message(1), checkout(2), message(3), message(4)], async (update) => {
      const { update_id: id } = update as Update;
      if (id === 2 && ++tries < 3) throw new Error("no answer");
      taken.push(id);
    });
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(taken.slice(0, 3)).toEqual([1, 3, 4]);
    expect(tries).toBe(3);
    // Never beyond the one that is not durable.
    expect(offsets).toEqual([0, 2, 2, 5]);
  });

  it("keeps nobody waiting while it hangs either", async () => {
    const taken: number[] = [];
    let letGo = (): void => {};
    const { left } = await polling([checkout(1), message(2), checkout(3)], async (update) => {
      const { update_id: id } = update as Update;
      if (id === 1)
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
      taken.push(id);
    });
    await vi.waitFor(() => expect(taken).toHaveLength(2));
    expect(taken).not.toContain(1);
    letGo();
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(taken).toHaveLength(3);
  });

  it("is never let go while it is Redis that is away: what was answered has to be kept", async () => {
    let tries = 0;
    const { errors, left } = await polling([checkout(1)], async () => {
      tries += 1;
      if (tries <= 20) throw new AppError("redis.unreachable");
    });
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect([tries, errors.length]).toEqual([21, 20]);
  });

  it("is let go when Telegram takes no answer any more, and whatever came after it is served", async () => {
    const taken: number[] = [];
    const { errors, left, pauses } = await polling(
      [checkout(1), message(2), message(3)],
      async (update) => {
        const { update_id: id } = update as Update;
        if (id === 1) throw new Error("query is too old");
        taken.push(id);
      },
      { limit: 2 }, // what is not confirmed hides what comes after
    );
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(taken).toContain(3);
    expect(errors.length).toBeGreaterThan(1);
    expect(pauses()).toBeLessThan(10);
  });
});
