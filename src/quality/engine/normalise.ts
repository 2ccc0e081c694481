// Rows as they came in become a table (contract, section 2).
import { dayNumber } from "../../../machines/dataset/days.ts";
import type { DayWindow, NormalisationCounts } from "../model.ts";
import { parseDay } from "./parse-day.ts";
import { parseNmId, parseValue } from "./parse-value.ts";
import { makeTable, type RowTable } from "./row-table.ts";

export interface Normalised {
  readonly table: RowTable;
  readonly counts: NormalisationCounts;
}

export interface Normaliser {
  /** @param valueAt what the row has for a key, by the key's place; undefined: no such column. Not asked of a row that is dropped. */
  add(date: unknown, nmId: unknown, valueAt: (key: number) => unknown): void;
  finish(): Normalised;
}

/** Texts of dates that are remembered: there are many rows to a day. */
const DATES_KEPT = 10_000;

/** Rows are given in the order in which they came: of two with the same date and nm_id the later one counts. */
export function makeNormaliser(window: DayWindow, keyCount: number): Normaliser {
  const [from, to] = [dayNumber(window.from), dayNumber(window.to)];
  const lists = { days: [] as number[], nmIds: [] as number[], values: [] as number[] };
  const places = new Map<number, Map<number, number>>(); // day -> nm_id -> row
  const dates = new Map<unknown, number | null>();
  let [invalidRows, outOfWindowRows, invalidValues, duplicateRows] = [0, 0, 0, 0];

  const dayOfRow = (date: unknown): number | null => {
    const known = dates.get(date);
    if (known !== undefined) return known;
    const day = parseDay(date);
    if (dates.size < DATES_KEPT) dates.set(date, day);
    return day;
  };
  /** The row's place: a new one at the end, or that of the row it replaces. */
  const placeOf = (day: number, nmId: number): number => {
    const ofDay = places.get(day) ?? new Map<number, number>();
    places.set(day, ofDay);
    const taken = ofDay.get(nmId);
    if (taken !== undefined) {
      duplicateRows += 1;
      return taken;
    }
    const place = lists.days.length;
    ofDay.set(nmId, place);
    lists.days.push(day);
    lists.nmIds.push(nmId);
    return place;
  };

  return {
    add(date, nmIdText, valueAt) {
      const day = dayOfRow(date);
      const nmId = day === null ? null : parseNmId(nmIdText);
      if (day === null || nmId === null) {
        invalidRows += 1;
        return;
      }
      if (day < from || day > to) {
        outOfWindowRows += 1;
        return;
      }
      const place = placeOf(day, nmId) * keyCount;
      for (let key = 0; key < keyCount; key++) {
        const value = parseValue(valueAt(key));
        if (value === undefined) invalidValues += 1;
        lists.values[place + key] = value ?? Number.NaN;
      }
    },
    finish: () => ({
      table: makeTable(lists, keyCount),
      counts: { rows: lists.days.length, invalidRows, outOfWindowRows, invalidValues, duplicateRows },
    }),
  };
}

/** Rows as objects: what JSON holds. What is no object is an invalid row. */
export function normalise(rows: Iterable<unknown>, keys: readonly string[], window: DayWindow): Normalised {
  const normaliser = makeNormaliser(window, keys.length);
  for (const row of rows) {
    const members = (typeof row === "object" && row !== null ? row : {}) as Readonly<Record<string, unknown>>;
    // Own members only: a key may be called like something that every object has.
    const member = (name: string): unknown => (Object.hasOwn(members, name) ? members[name] : undefined);
    normaliser.add(member("date"), member("nm_id"), (key) => member(keys[key] ?? ""));
  }
  return normaliser.finish();
}
