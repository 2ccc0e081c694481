import { describe, expect, it } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import { makeTestClock } from "../../src/redis/shared-clock.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const HOUR = 3_600_000;

describe("the test clock", () => {
  it("runs with real time until it is moved", async () => {
    const clock = await makeTestClock(client, new Keys(freshPrefix()));
    const before = Date.now();
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
  it("moves forward to at least the given time, and never back", async () => {
    const clock = await makeTestClock(client, new Keys(freshPrefix()));
    const target = Date.now() + HOUR;
    await clock.moveTo(target);
    expect(clock.now()).toBeGreaterThanOrEqual(target);
    await clock.moveTo(Date.now());
    expect(clock.now()).toBeGreaterThanOrEqual(target);
  });
  it("is the same in other processes once they refresh, and from their start", async () => {
    const keys = new Keys(freshPrefix());
    const here = await makeTestClock(client, keys);
    const there = await makeTestClock(client, keys);
    const target = Date.now() + HOUR;
    await here.moveTo(target);
    expect(there.now()).toBeLessThan(target);
    await there.refresh();
    expect(there.now()).toBeGreaterThanOrEqual(target);
    expect((await makeTestClock(client, keys)).now()).toBeGreaterThanOrEqual(target);
  });
  it("ends at the later of two times when two processes move it at the same moment", async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const keys = new Keys(freshPrefix());
      const clocks = await Promise.all([makeTestClock(client, keys), makeTestClock(testRedisPair(), keys)]);
      const target = Date.now() + 2 * HOUR;
      await Promise.all([clocks[turn % 2]?.moveTo(target), clocks[1 - (turn % 2)]?.moveTo(target - HOUR)]);
      for (const clock of clocks) await clock.refresh();
      expect(Math.min(...clocks.map((clock) => clock.now()))).toBeGreaterThanOrEqual(target);
      expect((await makeTestClock(client, keys)).now()).toBeGreaterThanOrEqual(target);
    }
  });
});

const pair = testRedis();
const testRedisPair = () => pair;
