// Corrections in use, applied to rows of our own as they are served (contract 8.6): raw values stay beside the corrected ones.
import { dayNumber } from "../../../machines/dataset/days.ts";
import { calibrate } from "../engine/apply.ts";
import { makeTable, valueAt } from "../engine/row-table.ts";
import type { KeyTable } from "../model.ts";
import { coefficientsOf } from "./calibrate-scope.ts";
import type { CoefficientSet } from "./ports.ts";

type Cell = string | number | boolean | null;
type DataRow = Readonly<Record<string, Cell>>;

export interface CorrectionInUse {
  readonly id: string;
  readonly set: CoefficientSet;
  /** Those of the set that were not withdrawn. */
  readonly keys: readonly string[];
}

/**
 * A row with a value that changed names the set in `calibration_set` and has what was there in `<key>_raw`; the others stay as they are.
 * @param rows sorted by date, then nm_id
 */
export function correctRows(
  rows: readonly DataRow[],
  keys: KeyTable,
  { id, set, keys: inUse }: CorrectionInUse,
): DataRow[] {
  const names = Object.keys(keys);
  const raw = makeTable(
    {
      days: rows.map(({ date }) => dayNumber(String(date))),
      nmIds: rows.map(({ nm_id }) => Number(nm_id)),
      values: rows.flatMap((row) => names.map((name) => numberIn(row[name]))),
    },
    names.length,
  );
  const corrected = calibrate(raw, keys, coefficientsOf(set, inUse));
  return rows.map((row, index) => {
    const changed = names.flatMap((name, key) => {
      const [before, after] = [valueAt(raw, index, key), valueAt(corrected, index, key)];
      return Number.isNaN(before) || before === after ? [] : [{ name, before, after }];
    });
    if (changed.length === 0) return row;
    return {
      ...row,
      ...Object.fromEntries(
        changed.flatMap(({ name, before, after }) => [
          [name, after],
          [`${name}_raw`, before],
        ]),
      ),
      calibration_set: id,
    };
  });
}

const numberIn = (value: Cell | undefined): number => (typeof value === "number" ? value : Number.NaN);
