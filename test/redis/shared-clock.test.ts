import { describe, expect, it } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import { makeStandingClock, makeTestClock } from "../../src/redis/shared-clock.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const pair = testRedis();
const testRedisPair = () => pair;
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

describe("the clock that stands", () => {
  it("shows the same time until it is moved, and never goes back", async () => {
    const before = Date.now();
    const clock = await makeStandingClock(client, new Keys(freshPrefix()));
    const begun = clock.now();
    expect(begun).toBeGreaterThanOrEqual(before);
    while (Date.now() <= begun) await client.ping();
    expect(clock.now()).toBe(begun);
    await clock.moveTo(begun + HOUR);
    await clock.moveTo(begun);
    expect(clock.now()).toBe(begun + HOUR);
  });
  it("is the same in other processes once they refresh, and goes on where it was left", async () => {
    const keys = new Keys(freshPrefix());
    const here = await makeStandingClock(client, keys);
    const there = await makeStandingClock(pair, keys);
    expect(there.now()).toBe(here.now());
    await Promise.all([here.moveTo(here.now() + HOUR), there.moveTo(there.now() + 2 * HOUR)]);
    await here.refresh();
    expect(here.now()).toBe(there.now());
    expect((await makeStandingClock(client, keys)).now()).toBe(there.now());
  });
  it("begins where one that ran ahead of real time was", async () => {
    const keys = new Keys(freshPrefix());
    const ahead = await makeTestClock(client, keys);
    await ahead.moveTo(Date.now() + HOUR);
    const least = ahead.now();
    expect((await makeStandingClock(client, keys)).now()).toBeGreaterThanOrEqual(least);
  });
});
