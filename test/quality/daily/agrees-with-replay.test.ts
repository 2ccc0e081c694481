// The service judges one day at a time from slices, the command all days at once from tables: both must come to the same.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysOf } from "../../../machines/dataset/days.ts";
import { GATE_DEFAULTS, type GateSettings } from "../../../machines/dataset/gate.ts";
import { firstContext, judge } from "../../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../../machines/dataset/types.ts";
import { evaluateScopeDay } from "../../../src/quality/daily/evaluate-scope.ts";
import { historyOf } from "../../../src/quality/engine/history.ts";
import { measureDay } from "../../../src/quality/engine/measure-day.ts";
import { replayGate } from "../../../src/quality/engine/replay-gate.ts";
import { tableOf } from "../../../src/quality/engine/row-table.ts";
import type { Row } from "../../../src/quality/model.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";
import { FakeSlices, SCOPE } from "./support.ts";

const FROM = "2026-11-01";
const keys = PARITY_KEY_DEFAULTS;
const NAMES = Object.keys(keys);

/** What one side has on a day: so many articles, the first `off` of them with another value. */
const side = fc.record({
  isThere: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  rows: fc.integer({ min: 1, max: 12 }),
  off: fc.constantFrom(0, 0, 0, 1, 2, 12),
});
const day = fc.record({ upstream: side, local: side });
const gate = fc.record({
  enterDays: fc.integer({ min: 1, max: 3 }),
  holdDays: fc.integer({ min: 1, max: 3 }),
  minDwellDays: fc.integer({ min: 0, max: 3 }),
  minRows: fc.constantFrom(0, 8, 20, 40),
  maxPoolDays: fc.integer({ min: 1, max: 7 }),
  maxNoDataDays: fc.integer({ min: 0, max: 2 }),
  backoffDays: fc.constantFrom(0, 5, 28),
  initialState: fc.constantFrom("upstream" as const, "local" as const),
  // Longer than the story: the service looks back no further than the rule asks for.
  requireCompleteness: fc.constantFrom(null, { days: 14, pctNmContinuous: 0.5, pctDaysWithoutHoles: 0.5 }),
});

const rowsOf = (date: string, { isThere, rows, off }: { isThere: boolean; rows: number; off: number }): Row[] =>
  isThere
    ? Array.from({ length: rows }, (_, n) => ({ date, nmId: n + 1, values: NAMES.map(() => (n < off ? 130 : 100)) }))
    : [];

describe("a story of days", () => {
  it("has the same records, judged day by day or all at once", async () => {
    let switches = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 14 }), gate, async (story, overrides) => {
        const settings: GateSettings = { ...GATE_DEFAULTS, ...overrides };
        const dates = daysOf({ from: FROM, to: addDays(FROM, story.length - 1) });
        const slices = new FakeSlices();
        const all: Record<"upstream" | "local", Row[]> = { upstream: [], local: [] };
        for (const [index, date] of dates.entries())
          for (const name of ["upstream", "local"] as const) {
            const rows = rowsOf(date, story[index]?.[name] ?? { isThere: false, rows: 0, off: 0 });
            all[name].push(...rows);
            if (rows.length > 0)
              slices.put(name, date, { rows: rows.length, valuesOf: (nmId) => rows[nmId - 1]?.values ?? [] });
          }
        const tables = { upstream: tableOf(all.upstream, NAMES.length), local: tableOf(all.local, NAMES.length), keys };
        const measured = dates.map((date) => measureDay(tables, date));
        const expected = replayGate(measured, keys, historyOf(tables.local, null), settings);

        let context: DatasetContext = firstContext({ id: `${SCOPE.dataset}:${SCOPE.spreadsheetId}` });
        context = { ...context, from: FROM, gate: { ...context.gate, side: settings.initialState } };
        for (const date of dates) {
          const { event } = await evaluateScopeDay(slices, {
            scope: SCOPE,
            from: FROM,
            date,
            settings: { keys, gate: settings },
          });
          context = { ...context, ...judge(context, { ...event, at: 1 }) };
        }
        const found = context.days.map(({ date, status, verdict, numericExactRatio, windowDays, tiers, ...rest }) => {
          const { neededStreak, state, switched, reason, passStreak, holdStreak } = rest;
          return {
            ...{ date, status, verdict, numericExactRatio, windowDays, tiers, neededStreak, state, switched, reason },
            ...{ passStreak, holdStreak },
          };
        });
        expect(found).toEqual(expected);
        switches += found.filter(({ switched }) => switched).length;
      }),
      { numRuns: 150 },
    );
    expect(switches).toBeGreaterThan(50);
  });
});
