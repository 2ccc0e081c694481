import { beforeEach, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisOutbox } from "../../src/redis/outbox-store.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
let keys: Keys;
let outbox: ReturnType<typeof makeRedisOutbox>;
beforeEach(() => {
  keys = new Keys(freshPrefix());
  outbox = makeRedisOutbox(client, keys);
});
const ADDRESS: ActorAddress = "payment/ch_1";
const write = (effectId: string) => client.hset(keys.outbox(partitionOf(ADDRESS)), effectId, `body of ${effectId}`);

describe("an entry of the outbox", () => {
  it("is read and removed by its id, which names its actor and so its partition", async () => {
    await write(`${ADDRESS}|3|0`);
    expect(await outbox.read(`${ADDRESS}|3|0`)).toBe(`body of ${ADDRESS}|3|0`);
    expect(await outbox.count(partitionOf(ADDRESS))).toBe(1);
    await outbox.remove(`${ADDRESS}|3|0`);
    expect(await outbox.read(`${ADDRESS}|3|0`)).toBeNull();
    expect(await outbox.count(partitionOf(ADDRESS))).toBe(0);
  });
  it("may be put back as it was", async () => {
    await outbox.restore(`${ADDRESS}|3|0`, "the body");
    expect(await outbox.read(`${ADDRESS}|3|0`)).toBe("the body");
    expect(await outbox.count(partitionOf(ADDRESS))).toBe(1);
  });
  it("may be removed twice", async () => {
    await outbox.remove(`${ADDRESS}|3|0`);
    await outbox.remove(`${ADDRESS}|3|0`);
    expect(await outbox.count(partitionOf(ADDRESS))).toBe(0);
  });
  it("is found by a walk through its partition, however many there are", async () => {
    const ids = Array.from({ length: 1_300 }, (_, number) => `${ADDRESS}|${number}|0`);
    await Promise.all(ids.map(write));
    const found = new Map<string, string>();
    for await (const { effectId, body } of outbox.entries(partitionOf(ADDRESS))) found.set(effectId, body);
    expect([...found.keys()].sort()).toEqual([...ids].sort());
    expect(found.get(`${ADDRESS}|7|0`)).toBe(`body of ${ADDRESS}|7|0`);
  });
});
