import { beforeEach, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { PARTITIONS, partitionOf } from "../../src/redis/partitions.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
let keys: Keys;
let timers: ReturnType<typeof makeRedisTimerSource>;
let reported: string[];
const ADDRESS: ActorAddress = "subscription/7:wb-analytics";
const partition = partitionOf(ADDRESS);
const arm = (timerId: string, dueAt: number) => client.zadd(keys.timers(partition), dueAt, `${ADDRESS}|${timerId}`);
beforeEach(() => {
  keys = new Keys(freshPrefix());
  reported = [];
  timers = makeRedisTimerSource(client, keys, (_where, error) => reported.push(error.message));
});

describe("the timers of a partition", () => {
  it("are due up to and including now, earliest first, at most so many", async () => {
    await arm("late", 300);
    await arm("first", 100);
    await arm("second", 200);
    expect(await timers.due(partition, 200, 10)).toEqual([
      { address: ADDRESS, timerId: "first", dueAt: 100 },
      { address: ADDRESS, timerId: "second", dueAt: 200 },
    ]);
    expect(await timers.due(partition, 1_000, 1)).toHaveLength(1);
    expect(await timers.due(partition, 99, 10)).toEqual([]);
  });
  it("have an earliest one, or none", async () => {
    expect(await timers.next(partition)).toBeNull();
    await arm("late", 1_900_000_000_123);
    await arm("first", 1_800_000_000_321);
    expect(await timers.next(partition)).toBe(1_800_000_000_321);
  });
  it("keep a timer's name whole, with its dots and colons", async () => {
    await arm("grace.subscription.billing.pastDue.grace", 1);
    expect(await timers.due(partition, 1, 1)).toMatchObject([
      { address: ADDRESS, timerId: "grace.subscription.billing.pastDue.grace" },
    ]);
  });
  it("are looked for in every partition", () => {
    expect(timers.partitions).toHaveLength(PARTITIONS);
    expect(timers.partitionOf(ADDRESS)).toBe(partition);
  });
});

describe("timers that this build cannot read, such as those of a machine that a newer one has brought", () => {
  const armUnknown = (count: number, dueAt: number) =>
    client.zadd(
      keys.timers(partition),
      ...Array.from({ length: count }, (_, n) => [dueAt, `voucher/${n}|ends`]).flat(),
    );
  it("hold up none of the others, however many they are, and are reported", async () => {
    await armUnknown(25, 100);
    await client.zadd(keys.timers(partition), 100, "noBar");
    await arm("own", 200);
    expect(await timers.due(partition, 1_000, 10)).toEqual([{ address: ADDRESS, timerId: "own", dueAt: 200 }]);
    expect(reported.length).toBeGreaterThan(0);
    expect(reported[0]).toContain("noBar");
  });
  it("are put off: they neither wake anybody at once again nor are lost to the build that knows them", async () => {
    await armUnknown(3, 100);
    expect(await timers.due(partition, 1_000, 10)).toEqual([]);
    expect(await timers.next(partition)).toBe(61_000);
    expect(await client.zcard(keys.timers(partition))).toBe(3);
    expect(await timers.due(partition, 1_000, 10)).toEqual([]);
    expect(reported).toHaveLength(1);
  });
});
