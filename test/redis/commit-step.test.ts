import { beforeEach, describe, expect, it } from "vitest";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import type { Commit } from "../../src/runtime/ports.ts";
import { freshPrefix, startPrivateRedis, testRedis } from "../support/redis.ts";

const client = testRedis();
const scripts = loadScripts(client);
const ADDRESS = "ticket/p1";
const PARTITION = partitionOf(ADDRESS);
let keys: Keys;
let store: ReturnType<typeof makeRedisActorStore>;
beforeEach(() => {
  keys = new Keys(freshPrefix());
  store = makeRedisActorStore(client, scripts, keys);
});

const commit = (overrides: Partial<Commit> = {}): Commit => ({
  address: ADDRESS,
  expectedRev: 0,
  envelope: '{"version":1}',
  keys: null,
  head: "hash-1",
  entry: '{"n":1}',
  once: null,
  outboxAdd: [],
  outboxRemove: [],
  timersSet: [],
  timersRemove: [],
  indexAdd: [],
  indexRemove: [],
  ...overrides,
});
const everything = (): Commit =>
  commit({
    keys: '[["k",1,"applied"]]',
    once: { key: "charge 1", outcome: "applied" },
    outboxAdd: [{ effectId: `${ADDRESS}|1|0`, body: "{}" }],
    timersSet: [
      { id: "end", dueAt: 500 },
      { id: "reminder", dueAt: 400 },
    ],
    indexAdd: ["s:ticket:open|p1", "telegramId=7|ticket/p1"],
  });
const written = async () => ({
  actor: await client.hgetall(keys.actor(ADDRESS)),
  entries: await client.xlen(keys.audit(PARTITION)),
  outbox: await client.hgetall(keys.outbox(PARTITION)),
  timers: await client.zrange(keys.timers(PARTITION), 0, "-1", "WITHSCORES"),
  index: await client.zrange(keys.index(PARTITION), 0, "-1"),
  once: await client.hgetall(keys.once(ADDRESS)),
});

describe("a commit at the expected revision", () => {
  it("writes actor, audit, outbox, timers, index and once key, and answers with the partition's earliest due time", async () => {
    const result = await store.commit(everything());
    expect(result).toMatchObject({ kind: "committed", rev: 1, earliestDueAt: 400 });
    expect(await written()).toMatchObject({
      actor: { r: "1", s: '{"version":1}', k: '[["k",1,"applied"]]', h: "hash-1" },
      entries: 1,
      outbox: { "ticket/p1|1|0": "{}" },
      timers: ["ticket/p1|reminder", "400", "ticket/p1|end", "500"],
      index: ["s:ticket:open|p1", "telegramId=7|ticket/p1"],
      once: { "charge 1": "applied" },
    });
  });
  it("takes away what is cancelled, left and ended, and keeps an unchanged envelope", async () => {
    await store.commit(everything());
    await store.commit(
      commit({
        expectedRev: 1,
        envelope: null,
        head: "hash-2",
        outboxRemove: [`${ADDRESS}|1|0`],
        timersRemove: ["reminder"],
        timersSet: [{ id: "end", dueAt: 900 }],
        indexAdd: ["s:ticket:closed|p1"],
        indexRemove: ["s:ticket:open|p1"],
      }),
    );
    expect(await written()).toMatchObject({
      actor: { r: "2", s: '{"version":1}', h: "hash-2" },
      entries: 2,
      outbox: {},
      timers: ["ticket/p1|end", "900"],
      index: ["s:ticket:closed|p1", "telegramId=7|ticket/p1"],
    });
  });
  it("links its audit entry to the one before", async () => {
    await store.commit(commit());
    await store.commit(commit({ expectedRev: 1, entry: '{"n":2}', head: "hash-2" }));
    const [newest, oldest] = await store.history(ADDRESS, { limit: 10 });
    expect(newest).toMatchObject({ body: '{"n":2}', previous: oldest?.entryId });
    expect(oldest).toMatchObject({ body: '{"n":1}', previous: "" });
  });
});

describe("a commit at another revision", () => {
  it("answers stale and writes nothing", async () => {
    await store.commit(commit());
    const before = await written();
    expect(await store.commit({ ...everything(), expectedRev: 0 })).toEqual({ kind: "stale" });
    expect(await store.commit({ ...everything(), expectedRev: 2 })).toEqual({ kind: "stale" });
    expect(await written()).toEqual(before);
  });
});

describe("a commit whose once key was seen", () => {
  it("answers with the first outcome and writes nothing, at whatever revision", async () => {
    await store.commit(everything());
    const before = await written();
    const again = { ...everything(), once: { key: "charge 1", outcome: "ignored" } };
    expect(await store.commit({ ...again, expectedRev: 1 })).toEqual({ kind: "duplicate", outcome: "applied" });
    expect(await store.commit({ ...again, expectedRev: 9 })).toEqual({ kind: "duplicate", outcome: "applied" });
    expect(await written()).toEqual(before);
  });
});

describe("a commit that would begin an actor anew whose money keys are still there", () => {
  it.each([
    ["with another key", { key: "charge 2", outcome: "applied" }],
    ["with a key that was seen", { key: "charge 1", outcome: "applied" }],
    ["without a key", null],
  ])("is refused and writes nothing: %s", async (_name, once) => {
    await store.commit(everything());
    await client.del(keys.actor(ADDRESS));
    const before = await written();
    expect(await store.commit({ ...everything(), once })).toEqual({ kind: "actorLost" });
    expect(await written()).toEqual(before);
  });
  it("is not what the losing one of two creators does", async () => {
    const results = await Promise.all([store.commit(everything()), store.commit(everything())]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(["committed", "duplicate"]);
    expect(await store.commit(commit())).toEqual({ kind: "stale" });
  });
});

describe("two writers that hold the same revision", () => {
  it("are told apart: one commits, the other is stale", async () => {
    const other = makeRedisActorStore(testRedis(), loadScripts(testRedis()), keys);
    for (let rev = 0; rev < 50; rev += 1) {
      const results = await Promise.all([
        store.commit(commit({ expectedRev: rev })),
        other.commit(commit({ expectedRev: rev })),
      ]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(["committed", "stale"]);
    }
    expect(await client.xlen(keys.audit(PARTITION))).toBe(50);
  });
});

describe("a Redis without room", () => {
  it("refuses the commit as a whole", async () => {
    const server = await startPrivateRedis();
    const own = server.client();
    const tight = makeRedisActorStore(own, loadScripts(own), keys);
    await tight.commit(commit());
    await own.config("SET", "maxmemory", "1");
    await expect(tight.commit({ ...everything(), expectedRev: 1 })).rejects.toMatchObject({
      code: "redis.unreachable",
    });
    await own.config("SET", "maxmemory", "0");
    expect(await own.hget(keys.actor(ADDRESS), "r")).toBe("1");
    expect(await own.exists(keys.outbox(PARTITION), keys.timers(PARTITION), keys.once(ADDRESS))).toBe(0);
    expect(await own.xlen(keys.audit(PARTITION))).toBe(1);
  });
});

describe("a Redis that was killed and came back", () => {
  it("still has every commit that was acknowledged, and takes the script again", async () => {
    const server = await startPrivateRedis();
    const own = server.client();
    const lasting = makeRedisActorStore(own, loadScripts(own), keys);
    for (let rev = 0; rev < 20; rev += 1) await lasting.commit(commit({ expectedRev: rev }));
    await server.kill();
    await server.start();
    expect(await lasting.commit(commit({ expectedRev: 20 }))).toMatchObject({ kind: "committed", rev: 21 });
    expect(await own.xlen(keys.audit(PARTITION))).toBe(21);
  });
});
