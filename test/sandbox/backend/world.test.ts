// The series and what drift makes of them, without HTTP.
import { describe, expect, it } from "vitest";
import { PARITY_KEYS, type Row } from "../../../src/backend/contract/spreadsheet.ts";
import { dayNumberOf, freezeAt, moscowInstant, startOfDay } from "../../../src/sandbox/backend/world/days.ts";
import { type DRIFT_PRESETS, DriftTable } from "../../../src/sandbox/backend/world/drift.ts";
import { WorldPlan } from "../../../src/sandbox/backend/world/plan.ts";
import { World } from "../../../src/sandbox/backend/world/world.ts";
import { DAY_MS, T0 } from "./support.ts";

const FROM = dayNumberOf("2026-01-01");
const TO = dayNumberOf("2026-02-16");
const window = { from: FROM, to: TO, nmIds: null };

function begin(plan: Partial<WorldPlan> = {}) {
  const world = World.begin(1, WorldPlan.parse({ sellers: 1, nm_ids: 60, ...plan }), T0);
  const id = world.spreadsheets.all()[0]?.id ?? "";
  return {
    world,
    id,
    local: world.localRows(id, "checklist", window).rows,
    upstream: world.referenceRows(id, window, T0),
  };
}

const drift = (table: Parameters<typeof DriftTable.parse>[0]) => begin({ drift: DriftTable.parse(table) });

/** Cells of a key on both sides, by row. */
function cells(
  { local, upstream }: { local: readonly Row[]; upstream: readonly Row[] },
  key: (typeof PARITY_KEYS)[number],
) {
  const byId = new Map(local.map((row) => [`${row.date} ${row.nm_id}`, row]));
  return upstream.map((row) => ({ row, u: row[key] ?? null, l: byId.get(`${row.date} ${row.nm_id}`)?.[key] ?? null }));
}

const isExact = (l: number, u: number) => Math.abs(l - u) <= Math.max(0.01, 0.01 * Math.abs(u)) + 1e-9;

function exactRatio(sides: Parameters<typeof cells>[0], key: (typeof PARITY_KEYS)[number]): number {
  const all = cells(sides, key);
  return all.filter(({ l, u }) => l !== null && u !== null && isExact(l, u)).length / all.length;
}

describe("the reference", () => {
  it("keeps the identities of the source data, has at most six decimals and no unknowns", () => {
    const { upstream } = begin();
    expect(upstream).toHaveLength(47 * 60);
    for (const row of upstream) {
      expect(row.profit_with_adv).toBeCloseTo((row.profit_without_adv ?? Number.NaN) - (row.adv_sum ?? Number.NaN), 2);
      for (const key of PARITY_KEYS) {
        const value = row[key];
        expect(Number.isFinite(value) && Math.abs((value ?? 0) * 100 - Math.round((value ?? 0) * 100)) < 1e-4).toBe(
          true,
        );
        expect(Object.is(value, -0)).toBe(false);
      }
    }
  });

  it("is like a business: losses and gains, articles without advertising, stocks that end", () => {
    const { upstream } = begin();
    expect(upstream.some((row) => (row.profit_with_adv ?? 0) < 0)).toBe(true);
    expect(upstream.some((row) => (row.profit_with_adv ?? 0) > 0)).toBe(true);
    expect(upstream.some((row) => row.adv_sum === 0)).toBe(true);
    expect(new Set(upstream.map((row) => row.category)).size).toBeGreaterThan(2);
    expect(new Set(upstream.map((row) => row.brand)).size).toBeGreaterThan(2);
  });

  it("is corrected some days after the freeze, where the plan says so", () => {
    const { world, id } = begin({ revisions: { share: 0.2, size: 0.5 } });
    const day = { from: TO, to: TO, nmIds: null };
    const [frozen, later, muchLater] = [freezeAt(TO), freezeAt(TO) + 3 * DAY_MS, freezeAt(TO) + 30 * DAY_MS].map((at) =>
      world.referenceRows(id, day, at),
    );
    const changed = frozen?.filter((row, index) => row.profit_with_adv !== later?.[index]?.profit_with_adv).length ?? 0;
    expect(changed).toBeGreaterThan(2);
    expect(changed).toBeLessThan(30);
    expect(muchLater).toEqual(later);
  });

  it("has articles that come and go, where the plan says so", () => {
    const { upstream, local } = begin({ turnover: 0.5, drift: "none" });
    const days = (nm: number) => upstream.filter((row) => row.nm_id === nm).length;
    const lives = new Set([...new Set(upstream.map((row) => row.nm_id))].map(days));
    expect(lives.size).toBeGreaterThan(5);
    expect(local).toEqual(upstream);
  });
});

describe("drift", () => {
  it("that is none leaves the local side equal", () => {
    const { local, upstream } = begin({ drift: "none" });
    expect(local).toEqual(upstream);
  });

  it("puts the share of cells off that it names, by about the size", () => {
    const sides = drift({ avg_price_with_spp: { share: 0.2, size: 0.1 } });
    expect(exactRatio(sides, "avg_price_with_spp")).toBeCloseTo(0.8, 1);
    const off = cells(sides, "avg_price_with_spp").filter(({ l, u }) => l !== u);
    for (const { l, u } of off) {
      const error = Math.abs((l ?? 0) / (u ?? 1) - 1);
      expect(error).toBeGreaterThan(0.04);
      expect(error).toBeLessThan(0.16);
    }
    expect(off.some(({ l, u }) => (l ?? 0) > (u ?? 0)) && off.some(({ l, u }) => (l ?? 0) < (u ?? 0))).toBe(true);
    for (const key of PARITY_KEYS.filter((other) => other !== "avg_price_with_spp"))
      expect(exactRatio(sides, key)).toBe(1);
  });

  it("can make a zero wrong", () => {
    const sides = drift({ adv_sum: { share: 1, size: 0.5 } });
    expect(exactRatio(sides, "adv_sum")).toBe(0);
  });

  it("shows an older day's value", () => {
    const sides = drift({ stocks_total: { lag_days: 3 } });
    const value = new Map(sides.upstream.map((row) => [`${row.nm_id} ${row.date}`, row.stocks_total]));
    const before = (date: string) => new Date(Date.parse(date) - 3 * DAY_MS).toISOString().slice(0, 10);
    for (const { row, l } of cells(sides, "stocks_total").filter(({ row: { date } }) => date >= "2026-01-05"))
      expect(l).toBe(value.get(`${row.nm_id} ${before(row.date)}`));
  });

  it("drops rows and values, and flips signs", () => {
    const rows = drift({ adv_sum: { missing_rows: 0.1 } });
    expect(rows.local.length / rows.upstream.length).toBeCloseTo(0.9, 1);
    const values = cells(drift({ stocks_enough_for: { missing_values: 0.3 } }), "stocks_enough_for");
    expect(values.filter(({ l }) => l === null).length / values.length).toBeCloseTo(0.3, 1);
    const signs = cells(drift({ profit_without_adv: { sign_flips: 0.2 } }), "profit_without_adv").filter(
      ({ u }) => u !== 0,
    );
    expect(signs.filter(({ l, u }) => l === -(u ?? 0)).length / signs.length).toBeCloseTo(0.2, 1);
  });

  it("is a constant factor for a category or a brand", () => {
    const sides = drift({ avg_price_with_spp: { bias: { category: { shoes: 0.5 }, brand: { North: 3 } } } });
    for (const { row, l, u } of cells(sides, "avg_price_with_spp"))
      expect(l).toBeCloseTo((u ?? 0) * (row.category === "shoes" ? 0.5 : 1) * (row.brand === "North" ? 3 : 1), 1);
  });

  it("of a key carries on to what is computed from it", () => {
    const { local } = drift({ adv_sum: { share: 0.5, size: 0.5 }, profit_without_adv: { share: 0.3, size: 0.2 } });
    for (const row of local)
      expect(row.profit_with_adv).toBeCloseTo((row.profit_without_adv ?? Number.NaN) - (row.adv_sum ?? Number.NaN), 2);
    const stock = drift({ stocks_total: { bias: { all: 2 } } });
    for (const { l, u } of cells(stock, "stocks_enough_for_with_buyout_perc")) expect(l).toBeCloseTo(2 * (u ?? 0), 1);
  });

  it("comes ready-made: one that passes the gate, one that calibration mends, one that is hopeless", () => {
    const critical = ["adv_sum", "stocks_total", "avg_price_with_spp", "profit_with_adv"] as const;
    const ratios = (name: keyof typeof DRIFT_PRESETS) => {
      const sides = begin({ drift: name });
      return critical.map((key) => exactRatio(sides, key));
    };
    for (const ratio of ratios("good")) expect(ratio).toBeGreaterThan(0.92);
    expect(Math.min(...ratios("biased"))).toBeLessThan(0.85);
    expect(Math.min(...ratios("poor"))).toBeLessThan(0.5);
  });
});

describe("a world", () => {
  it("goes into JSON and comes back the same", () => {
    const { world, id, local } = begin({ sellers: 2, drift: "poor" });
    const dump = world.dump();
    const again = new World(JSON.parse(JSON.stringify(dump)));
    expect(again.dump()).toEqual(dump);
    expect(again.localRows(id, "checklist", window).rows).toEqual(local);
  });

  it("counts days in Moscow time", () => {
    expect(moscowInstant(startOfDay(dayNumberOf("2026-02-18")))).toBe("2026-02-18T00:00:00+03:00");
    expect(moscowInstant(freezeAt(dayNumberOf("2026-02-18")))).toBe("2026-02-19T06:00:00+03:00");
  });

  it("of 200 articles and 100 days is read within seconds, not minutes", () => {
    const started = performance.now();
    const world = World.begin(1, WorldPlan.parse({ sellers: 1, nm_ids: 200, days: 100 }), T0);
    const id = world.spreadsheets.all()[0]?.id ?? "";
    const all = { from: FROM - 100, to: TO, nmIds: null };
    expect(world.localRows(id, "checklist", all).rows.length).toBeGreaterThan(15_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
