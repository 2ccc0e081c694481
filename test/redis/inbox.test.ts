import { beforeEach, describe, expect, it } from "vitest";
import { makeRedisInbox } from "../../src/redis/inbox.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const second = testRedis();
let keys: Keys;
let inbox: ReturnType<typeof makeRedisInbox>;
let other: ReturnType<typeof makeRedisInbox>;
beforeEach(() => {
  keys = new Keys(freshPrefix());
  inbox = makeRedisInbox(client, loadScripts(client), keys);
  other = makeRedisInbox(second, loadScripts(second), keys);
});
const pendingKey = () => keys.inboxPending(partitionOf("7"));

describe("an update that was never seen", () => {
  it("is received: at the end of its person's list, remembered for two days, the person noted since the first of them", async () => {
    expect(await inbox.receive("7", 1, "one", 100)).toBe(true);
    expect(await inbox.receive("7", 2, "two", 200)).toBe(true);
    expect(await client.lrange(keys.inbox("7"), 0, -1)).toEqual(["one", "two"]);
    expect(await inbox.pending(10)).toEqual([{ person: "7", since: 100 }]);
    expect(await client.ttl(keys.update("7", 1))).toBeGreaterThan(47 * 3_600);
  });
});

describe("an update that was seen", () => {
  it("changes nothing, not even after it was handled", async () => {
    await inbox.receive("7", 1, "one", 100);
    expect(await inbox.receive("7", 1, "one", 200)).toBe(false);
    await inbox.finish("7", "one");
    expect(await inbox.receive("7", 1, "one", 300)).toBe(false);
    expect(await client.exists(keys.inbox("7"), pendingKey())).toBe(0);
  });
  it("is received once when it comes to two processes at the same moment", async () => {
    for (let update = 1; update <= 50; update += 1) {
      const results = await Promise.all([
        inbox.receive("7", update, `${update}`, 1),
        other.receive("7", update, `${update}`, 1),
      ]);
      expect(results.sort()).toEqual([false, true]);
    }
    expect(await client.llen(keys.inbox("7"))).toBe(50);
  });
});

describe("an update that was handled", () => {
  it("leaves the list, and the person with the last one", async () => {
    for (const [index, body] of ["one", "two"].entries()) await inbox.receive("7", index, body, 100);
    expect(await inbox.oldest("7")).toBe("one");
    expect(await inbox.finish("7", "one")).toBe(1);
    expect(await inbox.pending(10)).toHaveLength(1);
    expect(await inbox.finish("7", "two")).toBe(0);
    expect(await inbox.pending(10)).toEqual([]);
    expect(await inbox.oldest("7")).toBeNull();
  });
  it("is not taken out twice: where another one is the oldest, nothing is written", async () => {
    for (const [index, body] of ["one", "two"].entries()) await inbox.receive("7", index, body, 100);
    expect(await inbox.finish("7", "two")).toBe(-1);
    expect(await client.llen(keys.inbox("7"))).toBe(2);
    expect(await inbox.finish("8", "one")).toBe(-1);
  });
  it("is taken out by one of two processes that handled it", async () => {
    for (let update = 0; update < 50; update += 1) await inbox.receive("7", update, `${update}`, 1);
    for (let update = 0; update < 50; update += 1) {
      const results = await Promise.all([inbox.finish("7", `${update}`), other.finish("7", `${update}`)]);
      expect(results.filter((left) => left === -1)).toHaveLength(1);
    }
    expect(await inbox.pending(10)).toEqual([]);
  });
});

describe("waiting persons", () => {
  it("are found over all partitions, at most so many of each", async () => {
    for (let person = 0; person < 300; person += 1) await inbox.receive(`${person}`, person, "x", person);
    expect(await inbox.pending(1_000)).toHaveLength(300);
    const few = await inbox.pending(1);
    expect(few.length).toBeGreaterThan(50);
    expect(new Set(few.map(({ person }) => partitionOf(person))).size).toBe(few.length);
  });
});
