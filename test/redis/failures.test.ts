import { describe, expect, it } from "vitest";
import { isAppError } from "../../src/errors.ts";
import { asUnreachable } from "../../src/redis/failures.ts";
import { makeRedisInbox } from "../../src/redis/inbox.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { makeRedisQuarantine } from "../../src/redis/quarantine.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import { CAUSE, makeTestActors, manualClock } from "../support/actors.ts";
import { book } from "../support/book.ts";
import { freshPrefix, startPrivateRedis, testRedis } from "../support/redis.ts";

const client = testRedis();
const failure = async (call: () => Promise<unknown>) => {
  const error = await asUnreachable(call).catch((thrown: unknown) => thrown);
  if (!isAppError(error)) throw new Error("an AppError was expected", { cause: error });
  return error;
};

describe("a command that Redis refuses because of what lies at its key", () => {
  it("is not worth repeating, and names that key", async () => {
    const key = `${freshPrefix()}:list`;
    await client.rpush(key, "x");
    const error = await failure(() => client.hget(key, "secret field"));
    expect(error).toMatchObject({
      code: "redis.refused",
      retry: false,
      details: { reply: "WRONGTYPE", command: "hget", keys: [key] },
    });
    expect(JSON.stringify(error.details)).not.toContain("secret");
  });

  it("is told by a value that is no number", async () => {
    const key = `${freshPrefix()}:hash`;
    await client.hset(key, "n", "not a number");
    expect(await failure(() => client.hincrby(key, "n", 1))).toMatchObject({ code: "redis.refused" });
    expect(await failure(() => client.zadd(`${key}2`, "nan", "m"))).toMatchObject({ code: "redis.refused" });
  });

  it("is told by a script that failed, with all its keys", async () => {
    expect(await failure(() => client.eval("return nil .. 'x'", 2, "k1", "k2", "secret"))).toMatchObject({
      code: "redis.refused",
      details: { reply: "ERR", command: "eval", keys: ["k1", "k2"] },
    });
    const keys = new Keys(freshPrefix());
    await client.set(keys.inbox("7"), "x");
    await expect(makeRedisInbox(client, loadScripts(client), keys).finish("7", "secret")).rejects.toMatchObject({
      code: "redis.refused",
      details: {
        command: expect.stringMatching(/^eval(sha)?$/),
        keys: [keys.inbox("7"), keys.inboxPending(partitionOf("7"))],
      },
    });
  });
});

describe("a reply that is about the server", () => {
  it("leaves the command worth repeating", async () => {
    const server = await startPrivateRedis();
    const own = server.client();
    await own.config("SET", "maxmemory", "1");
    expect(await failure(() => own.set("k", "v"))).toMatchObject({ code: "redis.unreachable", retry: true });
    expect(await failure(() => own.eval("return redis.call('SET', KEYS[1], 1)", 1, "k"))).toMatchObject({
      retry: true,
    });
    await own.config("SET", "maxmemory", "0");
    await own.config("SET", "min-replicas-to-write", "1");
    expect(await failure(() => own.set("k", "v"))).toMatchObject({ code: "redis.unreachable" });
    await own.config("SET", "min-replicas-to-write", "0");
    await own.replicaof("127.0.0.1", 1);
    expect(await failure(() => own.set("k", "v"))).toMatchObject({ code: "redis.unreachable" });
  });
  it.each([
    "LOADING Redis is loading the dataset in memory",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "CLUSTERDOWN The cluster is down",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "BUSY Redis is busy running a script.",
    "NOSCRIPT No matching script. Please use EVAL.",
    "NOPERM User default has no permissions to run the 'hget' command",
    "CROSSSLOT Keys in request don't hash to the same slot",
    "ERR Connection refused",
    "ERR max number of clients reached",
  ])("leaves the command worth repeating: %s", async (reply) => {
    // The server's own words, sent back by the server: most of these states cannot be brought about here.
    const lua = "return redis.error_reply(ARGV[1])";
    expect(await failure(() => client.eval(lua, 0, reply))).toMatchObject({ code: "redis.unreachable", retry: true });
  });
});

describe("an update of a person whose inbox is broken", () => {
  it("is refused as a whole: when the inbox is mended it can be received", async () => {
    const keys = new Keys(freshPrefix());
    const inbox = makeRedisInbox(client, loadScripts(client), keys);
    await client.set(keys.inbox("7"), "x");
    await expect(inbox.receive("7", 1, "one", 100)).rejects.toMatchObject({ code: "redis.refused" });
    await client.del(keys.inbox("7"));
    expect(await inbox.receive("7", 1, "one", 100)).toBe(true);
    await client.set(keys.inboxPending(partitionOf("7")), "x");
    await expect(inbox.receive("7", 2, "two", 100)).rejects.toMatchObject({ code: "redis.refused" });
    expect(await client.lrange(keys.inbox("7"), 0, -1)).toEqual(["one"]);
  });
});

describe("an actor whose key holds something else", () => {
  const WRITTEN = { type: "book.written", entry: "e", to: null };
  const broken = async (cacheSize: number) => {
    const clock = manualClock();
    const here = makeTestActors(client, freshPrefix(), { definitions: [book], clock, cacheSize });
    await here.actors.send("order/a", WRITTEN, { cause: CAUSE });
    await here.actors.send("order/a", { type: "book.armed", inMs: 1 }, { cause: CAUSE });
    clock.time += 1;
    await client.del(here.keys.actor("order/a"));
    await client.set(here.keys.actor("order/a"), "x");
    return { ...here, clock, quarantined: async () => (await makeRedisQuarantine(client, here.keys).list()).length };
  };

  it.each([
    ["that was never loaded here", 0],
    ["that is held in memory", 100],
  ])("is quarantined when it is read or told something: one %s", async (_what, cacheSize) => {
    const { actors, quarantined } = await broken(cacheSize);
    await expect(actors.send("order/a", WRITTEN, { cause: CAUSE })).rejects.toMatchObject({
      code: "actor.quarantined",
      retry: false,
    });
    await expect(actors.read("order/a")).rejects.toMatchObject({ code: "actor.quarantined" });
    expect(await quarantined()).toBe(1);
  });
  it("puts its timers off and holds up none of the others", async () => {
    const { actors, keys, clock, quarantined } = await broken(100);
    const timers = makeRedisTimerSource(client, keys, () => {});
    const partition = partitionOf("order/a");
    const [due] = await timers.due(partition, clock.now(), 10);
    if (!due) throw new Error("no timer is due");
    expect(await actors.fireTimer(due)).toBe("failed");
    expect(await timers.due(partition, clock.now(), 10)).toEqual([]);
    expect(await quarantined()).toBe(1);
  });
});
