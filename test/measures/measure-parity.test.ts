import { describe, expect, it } from "vitest";
import { measureParity } from "../../src/measures/measure-parity.ts";
import { poolFleet } from "../../src/quality/daily/pool-fleet.ts";
import type { FleetDay, ScopeDay } from "../../src/quality/daily/ports.ts";
import { measureDay } from "../../src/quality/engine/measure-day.ts";
import { tableOf } from "../../src/quality/engine/row-table.ts";
import { tiersOf } from "../../src/quality/engine/tiers.ts";
import { PARITY_KEY_DEFAULTS } from "../../src/quality/settings.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

const D = "2026-11-22";
const keys = PARITY_KEY_DEFAULTS;
const count = Object.keys(keys).length;

/** A scope whose local values are so far off. */
function scopeDay(factor: number, rows: number): ScopeDay {
  const table = (value: number) =>
    tableOf(
      Array.from({ length: rows }, (_, n) => ({
        date: D,
        nmId: n + 1,
        values: Array.from({ length: count }, () => value),
      })),
      count,
    );
  const { status, sums } = measureDay({ upstream: table(100), local: table(100 * factor), keys }, D);
  const history = { nmTotal: rows, nmContinuous: rows, daysTotal: 1, daysWhole: 1 };
  return { status, asofSkew: false, sums, tiers: tiersOf(sums, keys), history };
}

async function scraped(day: FleetDay | null) {
  const metrics = makeMetrics();
  measureParity(metrics, {
    ...{ dataset: "checklist", keys: () => keys },
    lastDay: async () => day,
    wallClock: () => 0,
    gateStates: async () => ({ autonomous: 3, proxyFirst: 1 }),
    verdicts: async () => ({ stocks_total: { accepted: 2, withdrawn: 1 } }),
  });
  const lines = (await metrics.text()).split("\n");
  return (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
}

describe("the last frozen day", () => {
  it("is measured over all spreadsheets: pooled, not averaged", async () => {
    const value = await scraped(poolFleet(D, [scopeDay(1, 3), scopeDay(1.5, 1)], keys));
    expect(value('parity_exact_ratio_daily{dataset="checklist",key="__all__"}')).toBe("0.75");
    expect(value('parity_exact_ratio_daily{dataset="checklist",key="adv_sum"}')).toBe("0.75");
    expect(value('parity_wape_daily{dataset="checklist",key="adv_sum"}')).toBe("0.125");
    expect(value('parity_mae_daily{dataset="checklist",key="adv_sum"}')).toBe("12.5");
    expect(value('parity_coverage_daily{dataset="checklist",key="adv_sum"}')).toBe("1");
    expect(value('parity_tier_scopes{dataset="checklist",key="adv_sum",tier="green"}')).toBe("1");
    expect(value('parity_tier_scopes{dataset="checklist",key="adv_sum",tier="red"}')).toBe("1");
    expect(value('history_nm_continuous_ratio{dataset="checklist"}')).toBe("1");
    expect(value('parity_exact_ratio_yellow_min{dataset="checklist",key="adv_sum"}')).toBe("0.85");
    expect(value('parity_exact_ratio_yellow_min{dataset="checklist",key="profit_without_adv"}')).toBeUndefined();
    // Midnight in Moscow.
    expect(Number(value('parity_frozen_day_timestamp_seconds{dataset="checklist"}'))).toBe(
      Date.UTC(2026, 10, 21, 21) / 1_000,
    );
  });

  it("counts spreadsheets without a comparison, which add nothing to any ratio", async () => {
    const missing: ScopeDay = { ...scopeDay(2, 1), status: "local_missing" };
    const value = await scraped(poolFleet(D, [scopeDay(1, 1), missing, { ...scopeDay(3, 5), asofSkew: true }], keys));
    expect(value('parity_no_data_scopes{dataset="checklist",status="local_missing"}')).toBe("1");
    expect(value('parity_no_data_scopes{dataset="checklist",status="asof_skew"}')).toBe("1");
    expect(value('parity_exact_ratio_daily{dataset="checklist",key="__all__"}')).toBe("1");
  });

  it("has beside it what the newest corrections came to", async () => {
    const value = await scraped(null);
    expect(value('calibration_keys{dataset="checklist",key="stocks_total",verdict="accepted"}')).toBe("2");
    expect(value('calibration_keys{dataset="checklist",key="stocks_total",verdict="withdrawn"}')).toBe("1");
    expect(value('calibration_keys{dataset="checklist",key="adv_sum",verdict="accepted"}')).toBeUndefined();
  });

  it("has no series before there is one, and the counters of fallbacks begin at 0", async () => {
    const value = await scraped(null);
    expect(value('parity_exact_ratio_daily{dataset="checklist",key="__all__"}')).toBeUndefined();
    expect(value('parity_gate_switches_total{dataset="checklist",to="upstream",reason="fail"}')).toBe("0");
    expect(value('parity_gate_scopes{dataset="checklist",state="autonomous"}')).toBe("3");
  });
});
