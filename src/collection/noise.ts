// How far upstream agrees with itself: what it said of a day at the freeze, and what it says a week later.

import { measureDay } from "../quality/engine/measure-day.ts";
import { tableOf } from "../quality/engine/row-table.ts";
import type { KeyTable, Row } from "../quality/model.ts";
import type { Noise } from "./ports.ts";

interface Reading {
  readonly keys: readonly string[];
  readonly rows: readonly Row[];
}

/** Values in the order of the settings; a key that the reading does not have is missing. */
function inOrder({ keys, rows }: Reading, settings: KeyTable): readonly Row[] {
  const places = Object.keys(settings).map((key) => keys.indexOf(key));
  return rows.map((row) => ({
    ...row,
    values: places.map((place) => (place < 0 ? null : (row.values[place] ?? null))),
  }));
}

/** @returns null when one of the readings has no row. */
export function noiseOf(day: string, frozen: Reading, later: Reading, settings: KeyTable): Noise | null {
  const keyCount = Object.keys(settings).length;
  const sides = {
    upstream: tableOf(inOrder(frozen, settings), keyCount),
    local: tableOf(inOrder(later, settings), keyCount),
    keys: settings,
  };
  const { status, sums } = measureDay(sides, day);
  return status === "ok" ? { day, byKey: sums } : null;
}
