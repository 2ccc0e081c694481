// A slice to put into a store, and where it belongs.
import type { NewSlice, SliceAddress } from "../../../../src/quality/ports.ts";

export const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
export const DAY = "2026-02-17";
/** 2026-02-18 06:00 in Moscow. */
export const FREEZE = Date.UTC(2026, 1, 18, 3);
export const KEYS = ["stocks_total", "adv_sum"] as const;

export type Line = readonly [nmId: number, stocks: number | null, spent: number | null];

export const address = (changes: Partial<SliceAddress> = {}): SliceAddress => ({
  ...{ spreadsheetId: SHEET, dataset: "checklist", side: "local", day: DAY },
  ...changes,
});

export function slice(lines: readonly Line[], changes: Partial<NewSlice> = {}): NewSlice {
  const startedAt = changes.startedAt ?? FREEZE - 3_600_000;
  const body = new TextEncoder().encode(JSON.stringify({ rows: lines }));
  return {
    ...address(),
    ...{ origin: "collection", isPartial: false, startedAt, receivedAt: startedAt + 1_000, capturedAt: startedAt },
    keys: KEYS,
    counts: { rows: lines.length, invalidRows: 0, outOfWindowRows: 0, invalidValues: 0, duplicateRows: 0 },
    rows: lines.map(([nmId, ...values]) => ({ date: changes.day ?? DAY, nmId, values })),
    goods: new Map(lines.map(([nmId]) => [nmId, { category: "shoes", brand: `brand ${nmId}` }])),
    raw: [{ request: '{"dataset":"checklist"}', body, receivedAt: startedAt + 1_000 }],
    ...changes,
  };
}
