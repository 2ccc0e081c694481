import type { Day, Side } from "../../../machines/dataset/gate.ts";
import type { FrozenSlice, FrozenSlices, Scope } from "../../../src/quality/daily/ports.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";

export const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg";
export const SCOPE: Scope = { dataset: "checklist", spreadsheetId: SHEET };
const KEYS = Object.keys(PARITY_KEY_DEFAULTS);
const DAY_MS = 86_400_000;

/** Frozen slices in memory; `reads` counts how often each was asked for. */
export class FakeSlices implements FrozenSlices {
  readonly reads: string[] = [];
  readonly #slices = new Map<string, FrozenSlice>();

  /** @param values of every key of every nm_id. @param rows how many nm_ids, from 1. */
  put(
    side: Side,
    day: Day,
    {
      rows = 300,
      value = 100,
      origin = "collection",
      receivedAt = Date.parse(day) + DAY_MS,
      scope = SCOPE,
      first = 1,
      valuesOf = () => KEYS.map(() => value),
      goods,
    }: Partial<Pick<FrozenSlice, "origin" | "receivedAt" | "goods">> & {
      rows?: number;
      value?: number;
      scope?: Scope;
      first?: number;
      /** In the order of the keys. */
      valuesOf?: (nmId: number) => readonly (number | null)[];
    } = {},
  ): this {
    this.#slices.set(`${scope.spreadsheetId} ${side} ${day}`, {
      ...{ version: 1, seal: (side === "local" ? "b" : "a").repeat(64), origin, receivedAt },
      rows: Array.from({ length: rows }, (_, n) => ({ date: day, nmId: first + n, values: valuesOf(first + n) })),
      ...(goods === undefined ? {} : { goods }),
    });
    return this;
  }
  both(day: Day, options: Parameters<FakeSlices["put"]>[2] = {}): this {
    return this.put("upstream", day, options).put("local", day, options);
  }

  async firstSeen({ spreadsheetId }: Scope, from: Day, to: Day): Promise<ReadonlyMap<number, Day>> {
    const seen = new Map<number, Day>();
    for (const [name, { rows }] of [...this.#slices].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [id, side, day = ""] = name.split(" ");
      if (id !== spreadsheetId || side !== "local" || day < from || day > to) continue;
      for (const { nmId } of rows) if (!seen.has(nmId)) seen.set(nmId, day);
    }
    return seen;
  }

  async readFrozen(scope: Scope, side: Side, day: Day): Promise<FrozenSlice | null> {
    this.reads.push(`${side} ${day}`);
    return this.#slices.get(`${scope.spreadsheetId} ${side} ${day}`) ?? null;
  }
}
