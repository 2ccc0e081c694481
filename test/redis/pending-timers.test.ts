import { beforeEach, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { makeRedisPendingTimers } from "../../src/redis/pending-timers.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
let keys: Keys;
let timers: ReturnType<typeof makeRedisPendingTimers>;
const arm = (address: ActorAddress, timerId: string, dueAt: number) =>
  client.zadd(keys.timers(partitionOf(address)), dueAt, `${address}|${timerId}`);
beforeEach(() => {
  keys = new Keys(freshPrefix());
  timers = makeRedisPendingTimers(client, keys);
});

describe("the timers of all actors", () => {
  it("are listed by due time over all partitions, each once, whatever the size of a page", async () => {
    for (let number = 0; number < 40; number += 1)
      // Several of one actor, and of one moment.
      await arm(`order/o${number % 10}`, `wait.${String(number).padStart(2, "0")}`, 1_000 + Math.floor(number / 8));
    for (const size of [1, 7, 40, 100]) {
      const found: { address: string; id: string; dueAt: number }[] = [];
      let cursor: string | null = null;
      do {
        const page = await timers.page(cursor, size);
        expect(page.timers.length).toBeLessThanOrEqual(size);
        found.push(...page.timers);
        cursor = page.cursor;
      } while (cursor !== null);
      expect(found).toHaveLength(40);
      expect(new Set(found.map(({ address, id }) => `${address} ${id}`)).size).toBe(40);
      expect(found.map(({ dueAt }) => dueAt)).toEqual(found.map(({ dueAt }) => dueAt).sort((a, b) => a - b));
    }
  });
  it("are counted, the late ones apart", async () => {
    expect([await timers.total(), await timers.late(5)]).toEqual([0, 0]);
    await arm("order/a", "wait", 100);
    await arm("order/b", "wait", 200);
    expect([await timers.total(), await timers.late(200), await timers.late(201)]).toEqual([2, 1, 2]);
  });
  it("take no cursor of another hand", async () => {
    for (const cursor of ["x", "~a", "1.5~a", "5~a"])
      await expect(timers.page(cursor, 5)).rejects.toMatchObject({ code: "http.badRequest" });
  });
});
