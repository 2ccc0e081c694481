import { describe, expect, it } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisScreenTurns, type ScreenTurnsOptions } from "../../src/redis/screen-turns.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const ANNA = 7_012_345_678;
const redis = testRedis();
const scripts = loadScripts(redis);
const setUp = (options?: ScreenTurnsOptions) => {
  const keys = new Keys(freshPrefix());
  /** Two processes. */
  const [one, other] = [0, 1].map(() => makeRedisScreenTurns(redis, scripts, keys, options));
  if (!one || !other) throw new Error("two were made");
  return { keys, one, other };
};

/** Work that ends when it is told to. */
function held() {
  let begin = (): void => {};
  let end = (): void => {};
  const isBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const isEnded = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    isBegun,
    end: () => end(),
    work: async () => {
      begin();
      await isEnded;
    },
  };
}

describe("turns at a person's screen", () => {
  it("come one after the other, over all processes", async () => {
    const { one, other } = setUp();
    const order: string[] = [];
    const first = held();
    const running = one.inTurn(ANNA, first.work).then(() => order.push("first"));
    await first.isBegun;
    const waiting = other.inTurn(ANNA, async () => order.push("second"));
    expect(order).toEqual([]);
    first.end();
    await Promise.all([running, waiting]);
    expect(order).toEqual(["first", "second"]);
  });

  it("hold nobody else up", async () => {
    const { one, other } = setUp();
    const first = held();
    const running = one.inTurn(ANNA, first.work);
    await first.isBegun;
    await expect(other.inTurn(ANNA + 1, async () => "done")).resolves.toBe("done");
    first.end();
    await running;
  });

  it("end when the work fails, and leave nothing behind", async () => {
    const { keys, one } = setUp();
    await expect(
      one.inTurn(ANNA, async () => {
        throw new Error("Telegram is away");
      }),
    ).rejects.toThrow("Telegram is away");
    expect(await redis.exists(keys.screenTurn(ANNA))).toBe(0);
  });

  it("of a process that died are not waited for without end, nor ended for whoever has the next", async () => {
    const { keys, one } = setUp({ patienceMs: 1 });
    await redis.set(keys.screenTurn(ANNA), "somebody who died", "PX", 60_000);
    await expect(one.inTurn(ANNA, async () => "done all the same")).resolves.toBe("done all the same");
    expect(await redis.get(keys.screenTurn(ANNA))).toBe("somebody who died");
  });

  it("last as long as their work, though a dead process's turn is over after five seconds", async () => {
    const { keys, one, other } = setUp({ heldForMs: 60 });
    const first = held();
    const running = one.inTurn(ANNA, first.work);
    await first.isBegun;
    let begun = false;
    const waiting = other.inTurn(ANNA, async () => {
      begun = true;
    });
    let least = 60;
    for (let renewals = 0; renewals < 4; ) {
      const left = await redis.pttl(keys.screenTurn(ANNA));
      if (left > least) renewals += 1;
      least = left;
    }
    expect(begun).toBe(false);
    first.end();
    await Promise.all([running, waiting]);
    expect(begun).toBe(true);

    const inEarnest = setUp();
    await inEarnest.one.inTurn(ANNA, async () => {
      expect(await redis.pttl(inEarnest.keys.screenTurn(ANNA))).toBeLessThanOrEqual(5_000);
    });
  });

  it("that took too long do not end the one that was begun meanwhile", async () => {
    const { keys, one } = setUp({ heldForMs: 60_000 });
    await one.inTurn(ANNA, async () => {
      await redis.set(keys.screenTurn(ANNA), "the next", "PX", 60_000);
    });
    expect(await redis.get(keys.screenTurn(ANNA))).toBe("the next");
  });
});
