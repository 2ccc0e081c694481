import { describe, expect, it } from "vitest";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisQuarantine } from "../../src/redis/quarantine.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const setUp = () => {
  const keys = new Keys(freshPrefix());
  return {
    store: makeRedisActorStore(client, loadScripts(client), keys),
    quarantine: makeRedisQuarantine(client, keys),
  };
};

describe("a quarantined actor", () => {
  it("is listed with its latest problem, oldest first, over all partitions", async () => {
    const { store, quarantine } = setUp();
    for (let n = 0; n < 20; n += 1) await store.quarantine(`order/o${n}`, "actor.quarantined {}", 100 - n);
    await store.quarantine("order/o0", "actor.unknownVersion {}", 200);
    const all = await quarantine.list();
    expect(all).toHaveLength(20);
    expect(all[0]).toEqual({ address: "order/o19", problem: "actor.quarantined {}", at: 81 });
    expect(all.at(-1)).toEqual({ address: "order/o0", problem: "actor.unknownVersion {}", at: 200 });
    expect(await quarantine.count()).toBe(20);
  });
  it("is taken off the list once", async () => {
    const { store, quarantine } = setUp();
    await store.quarantine("order/o", "x", 1);
    expect(await quarantine.release("order/o")).toBe(true);
    expect(await quarantine.release("order/o")).toBe(false);
    expect(await quarantine.list()).toEqual([]);
  });
});
