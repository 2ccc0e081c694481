import type { ConversationData, VersionedState } from "@grammyjs/conversations";
import { describe, expect, it } from "vitest";
import type { StoredScreen } from "../../src/bot/ports.ts";
import { makeRedisConversationStorage } from "../../src/redis/conversation-storage.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisMessageStore } from "../../src/redis/message-store.ts";
import { makeRedisRateLimit } from "../../src/redis/rate-limit.ts";
import { makeRedisScreenStore } from "../../src/redis/screen-store.ts";
import { freshPrefix, startPrivateRedis, testRedis } from "../support/redis.ts";

const ANNA = 7_012_345_678;
const redis = testRedis();
const setUp = () => {
  const keys = new Keys(freshPrefix());
  return {
    keys,
    screens: makeRedisScreenStore(redis, keys),
    dialogues: makeRedisConversationStorage(redis, keys),
    messages: makeRedisMessageStore(redis, keys),
    limit: makeRedisRateLimit(redis, keys),
  };
};

const screen: StoredScreen = {
  messageId: 7,
  kind: "plans",
  presses: ["v1:plan:month"],
  effectId: "a|1|0",
  lastPress: { data: "v1:plans:", messageId: 7, updateId: 9, at: 1 },
};

describe("the screen of a person", () => {
  it("is found again, and is somebody's alone", async () => {
    const { screens } = setUp();
    await screens.write(ANNA, screen);
    expect(await screens.read(ANNA)).toEqual(screen);
    expect(await screens.read(ANNA + 1)).toBeNull();
  });

  it.each(["not json", "{}", '{"messageId":"7"}', "null"])("stored as %s is treated as lost", async (stored) => {
    const { keys, screens } = setUp();
    await redis.set(keys.screen(ANNA), stored);
    expect(await screens.read(ANNA)).toBeNull();
  });
});

describe("the state of a dialogue", () => {
  const state: VersionedState<ConversationData> = {
    version: [0, 1],
    state: { support: [{ replay: { send: [], receive: [] }, interrupts: [0] }] },
  };

  it("is found again, and is over after a week", async () => {
    const { keys, dialogues } = setUp();
    await dialogues.write(String(ANNA), state);
    expect(await dialogues.read(String(ANNA))).toEqual(state);
    expect(await redis.ttl(keys.conversation(ANNA))).toBeGreaterThan(6 * 86_400);
    await dialogues.delete(String(ANNA));
    expect(await dialogues.read(String(ANNA))).toBeUndefined();
  });

  it.each(["not json", "{}", '{"version":[1,1],"state":{}}'])("stored as %s is treated as lost", async (stored) => {
    const { keys, dialogues } = setUp();
    await redis.set(keys.conversation(ANNA), stored);
    expect(await dialogues.read(String(ANNA))).toBeUndefined();
  });

  it.each(["undefined", "null", "", "0", "-1", "1.5", "x"])(
    "is never kept under %s, which would be everybody's",
    async (key) => {
      const { dialogues } = setUp();
      await expect(async () => dialogues.write(key, state)).rejects.toThrow();
    },
  );
});

describe("the texts of a ticket", () => {
  it("are kept by reference, the first one for good", async () => {
    const { messages } = setUp();
    await messages.put("t1", "u1", { from: "customer", text: "первый", at: 1 });
    await messages.put("t1", "u1", { from: "customer", text: "второй", at: 2 });
    expect(await messages.read("t1", "u1")).toEqual({ from: "customer", text: "первый", at: 1 });
    expect(await messages.read("t2", "u1")).toBeNull();
  });

  it("are listed in the order in which they were written, however many and long they are", async () => {
    const { keys, messages } = setUp();
    const texts = Array.from({ length: 200 }, (_, number) => `${number} ${"x".repeat(100)}`);
    await Promise.all(
      texts.map((text, at) => messages.put("t1", `u${9_000 - at}`, { from: at % 2 ? "staff" : "customer", text, at })),
    );
    expect((await messages.list("t1")).map(({ text }) => text)).toEqual(texts);
    await redis.hset(keys.ticketMessages("t1"), "broken", "{");
    expect(await messages.list("t1")).toHaveLength(200);
    expect(await messages.list("t2")).toEqual([]);
  });

  it("of the same millisecond are listed in the order in which they were written", async () => {
    const { messages } = setUp();
    for (const n of [9, 10, 100]) await messages.put("t1", `u${n}`, { from: "customer", text: String(n), at: 1 });
    await messages.put("t1", "a-reply", { from: "staff", text: "reply", at: 1 });
    await messages.put("t1", "u101", { from: "customer", text: "101", at: 1 });
    const listed = (await messages.list("t1")).map(({ text }) => text);
    expect(listed).toEqual(["9", "10", "100", "reply", "101"]);
  });

  it("of the same millisecond that have no place yet are listed in the order of their updates", async () => {
    const { keys, messages } = setUp();
    for (const n of [10, 9, 100])
      await redis.hset(
        keys.ticketMessages("t1"),
        `u${n}`,
        JSON.stringify({ from: "customer", text: String(n), at: 1 }),
      );
    expect((await messages.list("t1")).map(({ text }) => text)).toEqual(["9", "10", "100"]);
  });

  it("are cut at Telegram's own limit", async () => {
    const { messages } = setUp();
    await messages.put("t1", "u1", { from: "staff", text: "x".repeat(10_000), at: 1 });
    expect((await messages.read("t1", "u1"))?.text).toHaveLength(4_096);
  });
});

describe("what a person may do", () => {
  it("ends for now when the share is used up, each kind by itself, each person by themselves", async () => {
    const { limit } = setUp();
    const invoices = [];
    for (let n = 0; n < 12; n += 1) invoices.push(await limit.take(ANNA, "invoice"));
    expect(invoices.filter(Boolean)).toHaveLength(10);
    expect(await limit.take(ANNA, "command")).toBe(true);
    expect(await limit.take(ANNA + 1, "invoice")).toBe(true);
  });

  it("is counted in the person's own slot, and forgotten", async () => {
    const { keys, limit } = setUp();
    await limit.take(ANNA, "command");
    const found = await redis.keys(`${keys.throttle(ANNA)}*`);
    expect(found).toHaveLength(1);
    expect(await redis.ttl(found[0] ?? "")).toBeGreaterThan(0);
  });
});

describe("a Redis that is away", () => {
  it("is named as such by every store", async () => {
    const server = await startPrivateRedis();
    const client = server.client({ maxRetriesPerRequest: 0, retryStrategy: () => null });
    await client.ping();
    await server.kill();
    const keys = new Keys(freshPrefix());
    const calls = [
      () => makeRedisScreenStore(client, keys).read(ANNA),
      () => makeRedisScreenStore(client, keys).write(ANNA, screen),
      () => makeRedisConversationStorage(client, keys).read(String(ANNA)),
      () => makeRedisMessageStore(client, keys).put("t", "u", { from: "staff", text: "x", at: 1 }),
      () => makeRedisRateLimit(client, keys).take(ANNA, "command"),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "redis.unreachable" });
  });
});
