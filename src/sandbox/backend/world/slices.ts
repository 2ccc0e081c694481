// What has been collected: per spreadsheet and day, when each part was captured. Rows follow from it and are never stored.
import { z } from "zod";
import { freezeAt } from "./days.ts";
import { PARTS, type Part } from "./local.ts";

const Capture = z.object({
  /** Epoch ms. */
  at: z.number(),
  sids: z.array(z.string()),
  /** null: all of the sellers' articles. */
  nmIds: z.array(z.number()).nullable(),
});
export type Capture = z.output<typeof Capture>;

export const Slice = z.object({
  spreadsheetId: z.string(),
  dayNumber: z.int(),
  /** `backfill`: first collected when the day could have been sealed already. */
  origin: z.enum(["collected", "backfill"]),
  /** Later captures come last and count for the articles they cover. */
  captures: z.partialRecord(z.enum(PARTS), z.array(Capture)),
});
export type Slice = z.output<typeof Slice>;

/** A sealed slice never changes. */
export const isSealed = ({ dayNumber }: { readonly dayNumber: number }, now: number): boolean =>
  now >= freezeAt(dayNumber);

export class Slices {
  readonly #bySheet = new Map<string, Map<number, Slice>>();

  constructor(slices: readonly Slice[] = []) {
    for (const slice of slices) this.#days(slice.spreadsheetId).set(slice.dayNumber, slice);
  }

  get(spreadsheetId: string, dayNumber: number): Slice | null {
    return this.#bySheet.get(spreadsheetId)?.get(dayNumber) ?? null;
  }

  /** Oldest first; both ends included. */
  between(spreadsheetId: string, from: number, to: number): readonly Slice[] {
    return [...(this.#bySheet.get(spreadsheetId)?.values() ?? [])]
      .filter(({ dayNumber }) => dayNumber >= from && dayNumber <= to)
      .sort((a, b) => a.dayNumber - b.dayNumber);
  }

  /**
   * Replaces these parts of an open slice; the others stay. A day that was never collected may be filled in after its freeze, once.
   * @returns false when the slice is sealed: nothing has changed.
   */
  replace(spreadsheetId: string, dayNumber: number, parts: readonly Part[], capture: Capture): boolean {
    const known = this.get(spreadsheetId, dayNumber);
    const late = isSealed({ dayNumber }, capture.at);
    if (known && late) return false;
    const captures = { ...known?.captures };
    for (const part of parts)
      captures[part] = capture.nmIds === null ? [capture] : [...(captures[part] ?? []), capture];
    const origin = known?.origin ?? (late ? "backfill" : "collected");
    this.#days(spreadsheetId).set(dayNumber, { spreadsheetId, dayNumber, origin, captures });
    return true;
  }

  dump(): readonly Slice[] {
    return [...this.#bySheet.values()].flatMap((days) => [...days.values()]);
  }

  #days(spreadsheetId: string): Map<number, Slice> {
    const days = this.#bySheet.get(spreadsheetId) ?? new Map<number, Slice>();
    this.#bySheet.set(spreadsheetId, days);
    return days;
  }
}

/** When each part of an article's row was captured (epoch ms); empty: the slice has no such row. */
export function captureTimes(slice: Slice, sid: string, nmId: number): Partial<Record<Part, number>> {
  const times: Partial<Record<Part, number>> = {};
  for (const part of PARTS) {
    const last = slice.captures[part]?.findLast(
      (capture) => capture.sids.includes(sid) && (capture.nmIds === null || capture.nmIds.includes(nmId)),
    );
    if (last) times[part] = last.at;
  }
  return times;
}

/** The latest capture, epoch ms. */
export const capturedAt = (slices: readonly Slice[]): number | null =>
  slices.reduce<number | null>((latest, { captures }) => {
    const times = Object.values(captures).flatMap((list) => list.map(({ at }) => at));
    const own = times.length === 0 ? null : Math.max(...times);
    return own === null ? latest : Math.max(own, latest ?? own);
  }, null);
