import { describe, expect, it } from "vitest";
import type { Side } from "../../../machines/dataset/gate.ts";
import type { FrozenSlices } from "../../../src/quality/daily/ports.ts";
import { worstRows } from "../../../src/quality/daily/worst-rows.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";
import { SCOPE } from "./support.ts";

const DAY = "2026-11-22";
const NAMES = Object.keys(PARITY_KEY_DEFAULTS);

/** Slices that hold one key: nm_id → value. */
const slicesOf = (
  key: string,
  sides: Partial<Record<Side, Record<number, number | null>>>,
): Pick<FrozenSlices, "readFrozen"> => ({
  readFrozen: async (_scope, side) => {
    const values = sides[side];
    if (values === undefined) return null;
    return {
      ...{ version: 1, seal: "a".repeat(64), origin: "collection", receivedAt: 0 },
      rows: Object.entries(values).map(([nmId, value]) => ({
        ...{ date: DAY, nmId: Number(nmId) },
        values: NAMES.map((name) => (name === key ? value : 7)),
      })),
    };
  },
});
const worst = (slices: Pick<FrozenSlices, "readFrozen">, key: string, limit = 20) =>
  worstRows(slices, { scope: SCOPE, day: DAY, key, keys: PARITY_KEY_DEFAULTS, limit });

describe("the worst rows of a day", () => {
  it("are those with the largest errors, with both values", async () => {
    const slices = slicesOf("stocks_total", {
      upstream: { 1: 10, 2: 10, 3: 10, 4: 50 },
      local: { 1: 12, 2: 3, 3: 10, 5: 1 },
    });
    expect(await worst(slices, "stocks_total")).toEqual([
      { nmId: 4, upstream: 50, local: null, error: 50 },
      { nmId: 2, upstream: 10, local: 3, error: 7 },
      { nmId: 1, upstream: 10, local: 12, error: 2 },
      { nmId: 5, upstream: null, local: 1, error: 1 },
    ]);
    expect(await worst(slices, "stocks_total", 1)).toHaveLength(1);
  });

  it("take no spend for 0 where the key says so", async () => {
    const slices = slicesOf("adv_sum", { upstream: { 1: 5, 2: null }, local: { 2: 3 } });
    expect(await worst(slices, "adv_sum")).toEqual([
      { nmId: 1, upstream: 5, local: 0, error: 5 },
      { nmId: 2, upstream: 0, local: 3, error: 3 },
    ]);
  });

  it("are not known when a side was not frozen", async () => {
    expect(await worst(slicesOf("adv_sum", { upstream: { 1: 5 } }), "adv_sum")).toBeNull();
  });
});
