import { beforeEach, describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/effects/ports.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisLedger } from "../../src/redis/ledger.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const second = testRedis();
let ledger: ReturnType<typeof makeRedisLedger>;
let other: ReturnType<typeof makeRedisLedger>;
beforeEach(() => {
  const keys = new Keys(freshPrefix());
  ledger = makeRedisLedger(client, loadScripts(client), keys);
  other = makeRedisLedger(second, loadScripts(second), keys);
});

const row = (overrides: Partial<LedgerRow> = {}): LedgerRow => ({
  row: "charge:c1",
  entry: "charge",
  chargeId: "c1",
  userId: 7,
  orderId: "o1",
  currency: "XTR",
  amountMinor: 250,
  at: 1_800_000_000_000,
  ...overrides,
});
const all = async () => {
  const rows: LedgerRow[] = [];
  for await (const found of ledger.rows()) rows.push(found);
  return rows;
};

describe("a new row", () => {
  it("is written and counted in the sums of its currency and kind", async () => {
    expect(await ledger.append(row())).toBe(true);
    expect(await ledger.append(row({ row: "charge:c2", amountMinor: 100 }))).toBe(true);
    expect(await ledger.append(row({ row: "refund:c1", entry: "refund", amountMinor: -250 }))).toBe(true);
    expect(await ledger.append(row({ row: "charge:c3", currency: "EUR", amountMinor: 999, orderId: null }))).toBe(true);
    expect((await all()).map((found) => found.row)).toEqual(["charge:c1", "charge:c2", "refund:c1", "charge:c3"]);
    expect(await ledger.sums()).toEqual([
      { currency: "EUR", entry: "charge", amountMinor: 999, rows: 1 },
      { currency: "XTR", entry: "charge", amountMinor: 350, rows: 2 },
      { currency: "XTR", entry: "refund", amountMinor: -250, rows: 1 },
    ]);
    expect((await all())[3]).toEqual(row({ row: "charge:c3", currency: "EUR", amountMinor: 999, orderId: null }));
  });
});

describe("a row that is there already", () => {
  it("is not written again, whatever it says now", async () => {
    await ledger.append(row());
    expect(await ledger.append(row({ amountMinor: 999 }))).toBe(false);
    expect(await all()).toEqual([row()]);
    expect(await ledger.sums()).toMatchObject([{ amountMinor: 250, rows: 1 }]);
  });
  it("is written once by two processes at the same moment", async () => {
    for (let number = 0; number < 50; number += 1) {
      const results = await Promise.all([
        ledger.append(row({ row: `charge:${number}` })),
        other.append(row({ row: `charge:${number}` })),
      ]);
      expect(results.sort()).toEqual([false, true]);
    }
    expect(await ledger.sums()).toMatchObject([{ amountMinor: 50 * 250, rows: 50 }]);
  });
});

describe("many rows", () => {
  it("are read page by page, in order of writing", async () => {
    const names = Array.from({ length: 1_203 }, (_, number) => `charge:${number}`);
    await Promise.all(names.map((name) => ledger.append(row({ row: name }))));
    const found = (await all()).map((one) => one.row);
    expect(found).toHaveLength(1_203);
    expect(found).toEqual(names);
  });
});
