import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisMessageStore } from "../../src/redis/message-store.ts";
import { makeRedisPersonTraces, makeRedisPseudonyms } from "../../src/redis/person-traces.ts";
import { makeRedisRateLimit } from "../../src/redis/rate-limit.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisSecretStore } from "../../src/redis/secret-store.ts";
import { Sealed } from "../../src/sealing/envelope.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const ANNA = 7_012_345_678;
const BORIS = ANNA + 1;
const redis = testRedis();
const scripts = loadScripts(redis);
const setUp = () => {
  const keys = new Keys(freshPrefix());
  return {
    keys,
    traces: makeRedisPersonTraces(redis, scripts, keys),
    messages: makeRedisMessageStore(redis, keys),
    pseudonyms: makeRedisPseudonyms(redis, keys),
    limit: makeRedisRateLimit(redis, keys),
    secrets: makeRedisSecretStore(redis, scripts, keys),
    dump: () => dumpKeys(redis, keys.prefix),
  };
};

describe("the texts of a ticket that is erased", () => {
  it("are gone on both sides, and what cannot be read with them", async () => {
    const { keys, traces, messages, dump } = setUp();
    await messages.put("t1", "u1", { from: "customer", text: "my name is Anna", at: 1 });
    await messages.put("t1", "s1", { from: "staff", text: "hello Anna", at: 2 });
    await redis.hset(keys.ticketMessages("t1"), "broken", "{");
    await messages.put("t2", "u1", { from: "customer", text: "somebody else's", at: 1 });
    await traces.eraseTexts("t1", 2);
    expect(await dump()).not.toContain("Anna");
    expect(await redis.exists(keys.ticketMessages("t1"))).toBe(0);
    expect(await messages.list("t2")).toHaveLength(1);
  });
  it("stay where they were written afterwards, and twice is as once", async () => {
    const { traces, messages } = setUp();
    await messages.put("t1", "u1", { from: "customer", text: "before", at: 1 });
    await messages.put("t1", "u2", { from: "customer", text: "after", at: 3 });
    await traces.eraseTexts("t1", 2);
    await traces.eraseTexts("t1", 2);
    await traces.eraseTexts("no such ticket", 2);
    expect((await messages.list("t1")).map(({ text }) => text)).toEqual(["after"]);
  });
});

describe("the chat of a person who is erased", () => {
  it("leaves no screen, no dialogue and no counts, and others keep theirs", async () => {
    const { keys, traces, limit, dump } = setUp();
    for (const user of [ANNA, BORIS]) {
      await redis.set(keys.screen(user), "x");
      await redis.set(keys.conversation(user), "x");
      for (const what of ["command", "message", "invoice", "forgery"] as const) await limit.take(user, what);
    }
    await traces.eraseChat(ANNA);
    await traces.eraseChat(ANNA);
    expect(await dump()).not.toContain(String(ANNA));
    expect((await redis.keys(`${keys.prefix}*:${BORIS}*`)).length).toBe(6);
  });
});

describe("the secrets of an owner who is erased", () => {
  it("are dropped, those of others stay", async () => {
    const { traces, secrets, dump } = setUp();
    const sealed = Sealed.parse(`s1.k1.token.${"A".repeat(80)}.${"B".repeat(38)}`);
    const own = addressOf.onboarding(ANNA, "suite");
    const others = [addressOf.onboarding(BORIS, "suite"), addressOf.onboarding(ANNA, "suite-2")] as const;
    for (const owner of [own, ...others]) for (const ref of ["u1", "u2"]) await secrets.put(owner, ref, sealed);
    await traces.dropSecrets(own);
    await traces.dropSecrets(own);
    for (const ref of ["u1", "u2"]) expect(await secrets.read(own, ref)).toBeNull();
    for (const owner of others) expect(await secrets.read(owner, "u2")).toBe(sealed);
    expect(await dump()).not.toContain(`${own}:`);
  });
});

describe("a pseudonym", () => {
  it("is given once, is everybody's own, and is not made of the id", async () => {
    const { traces, pseudonyms } = setUp();
    expect(await pseudonyms()).toEqual(new Map());
    await traces.givePseudonym(ANNA);
    const first = (await pseudonyms()).get(ANNA);
    expect(first).toMatch(/^erased-[0-9a-f]{16}$/);
    await traces.givePseudonym(ANNA);
    await traces.givePseudonym(BORIS);
    const all = await pseudonyms();
    expect(all.get(ANNA)).toBe(first);
    expect(all.get(BORIS)).not.toBe(first);
    const elsewhere = setUp();
    await elsewhere.traces.givePseudonym(ANNA);
    expect((await elsewhere.pseudonyms()).get(ANNA)).not.toBe(first);
  });
});
