import { describe, expect, it } from "vitest";
import type { SetAsideUpdate } from "../../src/bot/ports.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisUpdateQuarantine } from "../../src/redis/update-quarantine.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const anUpdate = (overrides: Partial<SetAsideUpdate> = {}): SetAsideUpdate => ({
  ...{
    updateId: 7,
    kind: "message",
    problem: "malformed",
    fields: ["chat"],
    at: 1,
    chatId: null,
    userId: 5,
    money: {},
  },
  ...overrides,
});

describe("updates that were set aside", () => {
  it("are listed as they were, newest first", async () => {
    const { add, list } = makeRedisUpdateQuarantine(client, new Keys(freshPrefix()));
    const first = anUpdate({ at: 1, money: { refunded_payment: { currency: "XTR", total_amount: null } } });
    const second = anUpdate({ at: 2, problem: "failed", updateId: null });
    await add(first);
    await add(second);
    expect(await list()).toEqual([
      { ...second, id: expect.any(String) },
      { ...first, id: expect.any(String) },
    ]);
  });

  it("are forgotten one by one, by the name under which they are listed, money or not", async () => {
    const { add, list, forget } = makeRedisUpdateQuarantine(client, new Keys(freshPrefix()));
    await add(anUpdate({ at: 1, money: { refunded_payment: { currency: "XTR" } } }));
    await add(anUpdate({ at: 2 }));
    await add(anUpdate({ at: 3 }));
    const [newest, middle, money] = await list();
    if (!newest || !middle || !money) throw new Error("three were added");
    expect(await forget(middle.id)).toEqual(middle);
    expect(await forget(middle.id)).toBeNull();
    expect(await list()).toEqual([newest, money]);
    expect(await forget(money.id)).toEqual(money);
    expect(await list()).toEqual([newest]);
  });

  it("are a thousand at most; others never push out those about money", async () => {
    const keys = new Keys(freshPrefix());
    const { add, list } = makeRedisUpdateQuarantine(client, keys);
    await add(anUpdate({ at: 1, money: { successful_payment: { total_amount: 5 } } }));
    await client.rpush(
      keys.updatesSetAside("other"),
      ...Array.from({ length: 1_000 }, (_, index) => JSON.stringify(anUpdate({ at: 2_000 - index }))),
    );
    await add(anUpdate({ at: 3_000 }));
    const kept = await list();
    expect(kept).toHaveLength(1_001);
    expect(kept[0]).toMatchObject({ at: 3_000 });
    expect(kept.at(-1)).toMatchObject({ at: 1, money: { successful_payment: { total_amount: 5 } } });
    expect(
      kept.some(({ at }) => at === 1_001),
      "the oldest of the others",
    ).toBe(false);
  });
});
