import { describe, expect, it } from "vitest";
import { firstState, type ScopeState } from "../../src/collection/state.ts";
import { floorOf, isBehind, measureCollection } from "../../src/measures/measure-collection.ts";
import { emptySums } from "../../src/quality/engine/sums.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 1, 18, 9);
const SCOPE = { spreadsheetId: "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd", dataset: "checklist" };
const state = (changes: Partial<ScopeState> = {}): ScopeState => ({
  ...firstState(SCOPE, NOW - 48 * HOUR_MS, 6 * HOUR_MS),
  ...changes,
});
const ago = (...hours: number[]) => hours.map((hour) => NOW - hour * HOUR_MS);
const noise = (nExact: number, nCells: number) => ({
  day: "2026-02-10",
  byKey: { adv_sum: { ...emptySums(), nExact, nCells } },
});

describe("10.2: fewer than four runs in 24 hours", () => {
  it("is behind, once a day has passed", () => {
    expect(isBehind(state({ successes: ago(23, 15, 9, 3) }), NOW)).toBe(false);
    expect(isBehind(state({ successes: ago(25, 15, 9, 3) }), NOW)).toBe(true);
    expect(isBehind(state({ since: NOW - 23 * HOUR_MS }), NOW)).toBe(false);
  });
});

describe("1.7: the noise floor", () => {
  it("is the exact ratio of all second readings together", () => {
    expect(floorOf([noise(9, 10), noise(70, 90), noise(0, 0)])).toEqual(
      new Map([
        ["adv_sum", 0.79],
        ["__all__", 0.79],
      ]),
    );
    expect(floorOf([])).toEqual(new Map());
  });
});

describe("what is measured", () => {
  it("is of active scopes, and says since when the last of them waits", async () => {
    const metrics = makeMetrics();
    const states = [
      state({ lastSuccessAt: NOW - HOUR_MS, successes: ago(20, 14, 8, 1) }),
      state({ lastSuccessAt: NOW - 7 * HOUR_MS, successes: ago(7) }),
      state({ isActive: false }),
    ];
    measureCollection(metrics, {
      ...{ dataset: "checklist", now: () => NOW, wallClock: () => NOW },
      states: async () => states,
      settings: () => ({ freezeAfterMs: 6 * HOUR_MS, backfillDays: 0 }),
      noise: async () => [noise(9, 10)],
    });
    const text = await metrics.text();
    expect(text).toContain("collector_scopes_behind 1\n");
    // Both active ones: their states are two days old and nothing was frozen since.
    expect(text).toContain("slices_freeze_late_scopes 2\n");
    expect(text).toContain(`collector_last_success_timestamp_seconds ${(NOW - 7 * HOUR_MS) / 1_000}\n`);
    expect(text).toContain('parity_noise_floor_ratio{dataset="checklist",key="adv_sum"} 0.9\n');
    expect(text).toContain('collector_runs_total{result="missed"} 0\n');
  });
});
