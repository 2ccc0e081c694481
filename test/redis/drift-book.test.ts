import { describe, expect, it } from "vitest";
import { makeRedisDriftBook } from "../../src/redis/drift-book.ts";
import { Keys } from "../../src/redis/keys.ts";
import type { Drift } from "../../src/support/answers/drift.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const open = () => makeRedisDriftBook(client, new Keys(freshPrefix()));
const drift = (id: string, over: Partial<Drift> = {}): Drift => ({
  ...{ id, kind: "paidNoActor", state: "healing", since: 5, foundAt: 6, healedAt: null, healing: null },
  about: { chargeId: id, userId: 7, chatId: null },
  evidence: { from: "transaction", chargeId: id, at: 5 },
  ...over,
});

describe("the book of differences", () => {
  it("takes each difference once, and counts it by kind", async () => {
    const book = open();
    expect(await book.has(drift("a"))).toBe(false);
    expect([await book.put(drift("a")), await book.put(drift("a", { since: 9 }))]).toEqual([true, false]);
    await book.put(drift("b", { kind: "chargedBack", since: 1 }));
    expect(await book.has(drift("a"))).toBe(true);
    expect((await book.open()).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(await book.open("paidNoActor")).toEqual([drift("a")]);
    expect(await book.counts()).toMatchObject({ paidNoActor: 1, chargedBack: 1, doubleCharge: 0 });
  });

  it("keeps what is healed apart, once, and takes it again when it comes back", async () => {
    const book = open();
    await book.put(drift("a"));
    expect([await book.heal(drift("a"), 20), await book.heal(drift("a"), 21)]).toEqual([true, false]);
    expect(await book.healed()).toEqual([drift("a", { state: "healed", healedAt: 20 })]);
    expect(await book.open()).toEqual([]);
    expect(await book.put(drift("a", { foundAt: 30 }))).toBe(true);
  });

  it("is bounded: of one kind no more than a thousand are open", async () => {
    const prefix = freshPrefix();
    const keys = new Keys(prefix);
    const book = makeRedisDriftBook(client, keys);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`x${index}`, "{}"]));
    await client.hset(keys.driftOpen("paidNoActor"), many);
    expect(await book.put(drift("a"))).toBe(false);
    expect(await book.put(drift("a", { kind: "chargedBack" }))).toBe(true);
  });

  it("has the totals of the latest days, the last word of each", async () => {
    const book = open();
    for (let day = 10; day < 60; day += 1)
      await book.writeDay({ day: `2026-${day}`, at: day, ledger: day, telegram: day });
    await book.writeDay({ day: "2026-59", at: 99, ledger: 1, telegram: 2 });
    const days = await book.days();
    expect(days).toHaveLength(40);
    expect(days[0]).toEqual({ day: "2026-59", at: 99, ledger: 1, telegram: 2 });
  });

  it("remembers the counts of each chat", async () => {
    const book = open();
    expect(await book.readCount("-1")).toBeNull();
    await book.writeCount("-1", { last: 3, baseline: null });
    expect(await book.readCount("-1")).toEqual({ last: 3, baseline: null });
  });
});
