// Coefficients applied to local rows (contract 8.6).
import type { KeyTable } from "../model.ts";
import { round } from "./rounding.ts";
import { type RowTable, valueAt } from "./row-table.ts";

/** By key, then by nm_id; what is not listed is 1. */
export type Coefficients = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Follows from the two keys below, so it has no coefficients of its own. */
export const DERIVED_KEY = "profit_with_adv";
const PROFIT_KEY = "profit_without_adv";
const SPENT_KEY = "adv_sum";

/** @returns a table with new values; missing stays missing. The table it is given stays as it is. */
export function calibrate(local: RowTable, keys: KeyTable, coefficients: Coefficients): RowTable {
  const names = Object.keys(keys);
  const values = local.values.slice();
  const columns = names.flatMap((name, key) => {
    const ofNmIds = name === DERIVED_KEY ? undefined : coefficients.get(name);
    return ofNmIds && ofNmIds.size > 0 ? [{ key, ofNmIds, decimals: keys[name]?.decimals ?? 0 }] : [];
  });
  const calibrated = { ...local, values };
  const [derived, profit, spent] = [DERIVED_KEY, PROFIT_KEY, SPENT_KEY].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  const derivedDecimals = keys[DERIVED_KEY]?.decimals ?? 0;
  for (let row = 0; row < local.size; row++) {
    const nmId = local.nmIds[row] ?? 0;
    for (const { key, ofNmIds, decimals } of columns) {
      const coefficient = ofNmIds.get(nmId);
      const value = valueAt(local, row, key);
      if (coefficient === undefined || coefficient === 1 || Number.isNaN(value)) continue;
      values[row * local.keyCount + key] = round(value * coefficient, decimals);
    }
    const before = derived < 0 ? Number.NaN : valueAt(local, row, derived);
    if (Number.isNaN(before)) continue;
    if (!isChanged(local, calibrated, row, profit) && !isChanged(local, calibrated, row, spent)) continue;
    const after = before + changeOf(local, calibrated, row, profit) - changeOf(local, calibrated, row, spent);
    values[row * local.keyCount + derived] = round(after, derivedDecimals);
  }
  return calibrated;
}

/** How many cells of a key are others than before. @param rows of both tables */
export function changedCells(before: RowTable, after: RowTable, key: number, start: number, end: number): number {
  let changed = 0;
  for (let row = start; row < end; row++) if (isChanged(before, after, row, key)) changed += 1;
  return changed;
}

/** A key that the dataset does not have (-1) does not change, nor does what is missing. */
const isChanged = (before: RowTable, after: RowTable, row: number, key: number): boolean =>
  key >= 0 && !Number.isNaN(valueAt(before, row, key)) && valueAt(after, row, key) !== valueAt(before, row, key);

const changeOf = (before: RowTable, after: RowTable, row: number, key: number): number =>
  isChanged(before, after, row, key) ? valueAt(after, row, key) - valueAt(before, row, key) : 0;
