import { describe, expect, it } from "vitest";
import { makePacer, type Permit } from "../../../src/effects/telegram/pacer.ts";
import { freshPrefix, testRedis } from "../../support/redis.ts";

const CHAT = "-1002123456789";
const OTHER = "-1002123456780";

const keysOf = () => `${freshPrefix()}:{pace}`;
const granted = (permits: readonly Permit[]) => permits.filter(({ ok }) => ok).length;
const waitOf = (permit: Permit) => (permit.ok ? 0 : permit.retryInMs);
const many = (count: number, acquire: () => Promise<Permit>) => Promise.all(Array.from({ length: count }, acquire));

describe("the shared pace", () => {
  it("lets a few pieces of membership work through at once, then makes the rest wait, each longer", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    const permits = await many(12, () => pacer.acquire("membership", CHAT));
    // One a second and four in advance; the second may turn in the middle.
    expect(granted(permits)).toBeGreaterThanOrEqual(5);
    expect(granted(permits)).toBeLessThanOrEqual(6);
    const waits = permits.map(waitOf).filter((ms) => ms > 0);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(2_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  });

  it("is one pace for all processes", async () => {
    const keys = keysOf();
    const [here, there] = [makePacer(testRedis(), keys), makePacer(testRedis(), keys)];
    const permits = [
      ...(await many(6, () => here.acquire("message", CHAT))),
      ...(await many(6, () => there.acquire("message", CHAT))),
    ];
    expect(granted(permits)).toBeLessThanOrEqual(5);
  });

  it("lets those who paid in however many others are to be put out, sixty of them within a minute", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    await many(100, () => pacer.acquire("membership", CHAT));
    // A link and an answer to the join request each.
    const permits = await many(120, () => pacer.acquire("admission", CHAT));
    expect(granted(permits)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...permits.map(waitOf))).toBeLessThan(30_000);
  });

  it("does not make one chat wait for another", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    await many(12, () => pacer.acquire("membership", CHAT));
    expect(await pacer.acquire("membership", OTHER)).toEqual({ ok: true });
  });

  it("bounds the messages to all people together", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    let person = 0;
    const permits = await many(80, () => {
      person += 1;
      return pacer.acquire("message", String(person));
    });
    expect(granted(permits)).toBeGreaterThanOrEqual(25);
    expect(granted(permits)).toBeLessThanOrEqual(50);
  });

  it("never keeps money waiting for its turn", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    expect(granted(await many(50, () => pacer.acquire("money", "7")))).toBe(50);
  });
});

describe("a 429", () => {
  it("closes its chat for as long as Telegram says, for every kind of work", async () => {
    const keys = keysOf();
    const [here, there] = [makePacer(testRedis(), keys), makePacer(testRedis(), keys)];
    await here.slowDown(CHAT, 7_000);
    for (const kind of ["admission", "membership", "message", "money"] as const) {
      const wait = waitOf(await there.acquire(kind, CHAT));
      expect(wait).toBeGreaterThan(6_000);
      expect(wait).toBeLessThanOrEqual(7_000);
    }
    expect(await there.acquire("membership", OTHER)).toEqual({ ok: true });
  });

  it("is never shortened by a later, milder one", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    await pacer.slowDown(CHAT, 30_000);
    await pacer.slowDown(CHAT, 1_000);
    expect(waitOf(await pacer.acquire("membership", CHAT))).toBeGreaterThan(20_000);
  });

  it("of two chats at once is about the bot: everybody waits", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    await pacer.slowDown(CHAT, 5_000);
    await pacer.slowDown(OTHER, 5_000);
    expect(waitOf(await pacer.acquire("money", null))).toBeGreaterThan(4_000);
    expect(waitOf(await pacer.acquire("message", "7"))).toBeGreaterThan(4_000);
  });

  it("about no chat closes everything", async () => {
    const pacer = makePacer(testRedis(), keysOf());
    await pacer.slowDown(null, 5_000);
    expect(waitOf(await pacer.acquire("message", "7"))).toBeGreaterThan(4_000);
  });

  it("leaves nothing behind in Redis that stays", async () => {
    const redis = testRedis();
    const keys = keysOf();
    const pacer = makePacer(redis, keys);
    await pacer.acquire("membership", CHAT);
    await pacer.acquire("message", "7");
    await pacer.slowDown(CHAT, 5_000);
    const names = await redis.keys(`${keys}*`);
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) expect(await redis.pttl(name)).toBeGreaterThan(0);
  });
});
