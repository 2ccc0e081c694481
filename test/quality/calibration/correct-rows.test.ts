import { describe, expect, it } from "vitest";
import { correctRows } from "../../../src/quality/calibration/correct-rows.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";

const row = (nmId: number, values: Record<string, number | null>) => ({ date: "2026-11-22", nm_id: nmId, ...values });
const use = (set: Record<string, Record<string, number>>, keys = Object.keys(set)) => ({
  id: "2026-11-20-0a",
  set,
  keys,
});
const correct = (rows: ReturnType<typeof row>[], inUse: ReturnType<typeof use>) =>
  correctRows(rows, PARITY_KEY_DEFAULTS, inUse);

describe("rows of our own, corrected (8.6)", () => {
  it("have the new value, what was there before, and the name of the set", () => {
    expect(correct([row(1, { stocks_total: 90 })], use({ stocks_total: { 1: 1.1 } }))).toEqual([
      { ...row(1, { stocks_total: 99 }), stocks_total_raw: 90, calibration_set: "2026-11-20-0a" },
    ]);
  });

  it("keep the identity of the profits: what follows from a corrected value follows it", () => {
    const [corrected] = correct(
      [row(1, { profit_without_adv: 100, adv_sum: 20, profit_with_adv: 80 })],
      use({ profit_without_adv: { 1: 1.2 }, adv_sum: { 1: 1.5 } }),
    );
    expect(corrected).toMatchObject({ profit_without_adv: 120, adv_sum: 30, profit_with_adv: 90 });
    expect(corrected).toMatchObject({ profit_with_adv_raw: 80 });
  });

  it("stay as they came where nothing changes: another article, missing, zero, or a key that was withdrawn", () => {
    const set = { stocks_total: { 1: 1.1 }, adv_sum: { 1: 2 } };
    for (const one of [row(2, { stocks_total: 90 }), row(1, { stocks_total: null }), row(1, { stocks_total: 0 })])
      expect(correct([one], use(set))).toEqual([one]);
    const withdrawn = row(1, { adv_sum: 10 });
    expect(correct([withdrawn], use(set, ["stocks_total"]))).toEqual([withdrawn]);
  });

  it("come in the order in which they were", () => {
    const rows = [
      { date: "2026-11-21", nm_id: 2, stocks_total: 10 },
      { date: "2026-11-21", nm_id: 10, stocks_total: 20 },
      { date: "2026-11-22", nm_id: 1, stocks_total: 30 },
    ];
    const corrected = correctRows(rows, PARITY_KEY_DEFAULTS, use({ stocks_total: { 1: 2, 2: 2, 10: 2 } }));
    expect(corrected.map(({ stocks_total }) => stocks_total)).toEqual([20, 40, 60]);
  });
});
