// How far the local side is off, per key: which profile holds for a spreadsheet on a day, and the profiles that come ready-made.
import { z } from "zod";
import { PARITY_KEYS, type ParityKey } from "../../../backend/contract/spreadsheet.ts";

const Share = z.number().min(0).max(1);
const Factors = z.record(z.string(), z.number().positive());

/** Of one key. Everything left out is 0 or absent: no difference. */
export const DriftProfile = z.strictObject({
  /** Share of cells that are off. */
  share: Share.default(0),
  /** By how much such a cell is off, as a share of its value: from half of it to one and a half, up or down. */
  size: z.number().nonnegative().default(0),
  /** The value is that of so many days before. */
  lag_days: z.int().min(0).max(60).default(0),
  /** Share of whole rows that are missing; of several keys the largest counts. */
  missing_rows: Share.default(0),
  /** Share of cells that are null. */
  missing_values: Share.default(0),
  /** Share of cells with the opposite sign. */
  sign_flips: Share.default(0),
  /** Constant factors; `all`, the category's and the brand's are multiplied. */
  bias: z
    .strictObject({ all: z.number().positive().default(1), category: Factors.default({}), brand: Factors.default({}) })
    .default({ all: 1, category: {}, brand: {} }),
});
export type DriftProfile = z.output<typeof DriftProfile>;

const Key = z.enum(PARITY_KEYS);
/** `*` stands for every key that is not named. */
export const DriftKey = z.union([Key, z.literal("*")]);

export const DriftTable = z.partialRecord(DriftKey, DriftProfile);
export type DriftTable = z.output<typeof DriftTable>;

const profile = (input: z.input<typeof DriftProfile>): DriftProfile => DriftProfile.parse(input);
export const NO_DRIFT = profile({});

/** `good` passes the gate, `biased` can be calibrated to pass, `poor` cannot. */
export const DRIFT_PRESETS = {
  none: { "*": NO_DRIFT },
  good: {
    "*": profile({ share: 0.03, size: 0.08, missing_rows: 0.002 }),
    adv_sum: profile({ share: 0.04, size: 0.06 }),
    stocks_total: profile({ share: 0.03, size: 0.05 }),
    profit_with_adv: NO_DRIFT, // follows from the other two
  },
  biased: {
    "*": profile({ share: 0.02, size: 0.05 }),
    adv_sum: profile({ share: 0.02, size: 0.05, bias: { category: { shoes: 0.9, toys: 1.08 } } }),
    stocks_total: profile({ share: 0.02, size: 0.04, bias: { brand: { North: 0.85, Lumen: 1.1 } } }),
    avg_price_with_spp: profile({ bias: { category: { dresses: 1.05, kitchen: 0.96 } } }),
    profit_with_adv: NO_DRIFT,
  },
  poor: {
    "*": profile({ share: 0.25, size: 0.3, missing_rows: 0.06 }),
    adv_sum: profile({ share: 0.3, size: 0.5, missing_values: 0.1 }),
    stocks_total: profile({ lag_days: 2 }),
    profit_without_adv: profile({ share: 0.2, size: 0.4, sign_flips: 0.03 }),
  },
} as const satisfies Record<string, DriftTable>;

/** A preset, a table for all spreadsheets, or `mixed`: the presets `good`, `biased`, `poor` in turn, `good` for newcomers. */
export const DriftPlan = z.union([z.enum(["mixed", "none", "good", "biased", "poor"]), DriftTable]);
export type DriftPlan = z.output<typeof DriftPlan>;

const TURNS = ["good", "biased", "poor"] as const;

/** @param turn place among the sellers that the world starts with; null: a newcomer. */
export function tableOf(plan: DriftPlan, turn: number | null): DriftTable {
  if (typeof plan !== "string") return plan;
  if (plan !== "mixed") return DRIFT_PRESETS[plan];
  return DRIFT_PRESETS[turn === null ? "good" : (TURNS[turn % TURNS.length] ?? "good")];
}

export const DriftChange = z.strictObject({
  spreadsheetId: z.string(),
  dataset: z.string(),
  key: DriftKey,
  /** Day number from which it holds. */
  fromDay: z.int(),
  profile: DriftProfile,
});
export type DriftChange = z.output<typeof DriftChange>;

/** What was changed since the world began, oldest first. */
export class DriftChanges {
  readonly #changes: DriftChange[];

  constructor(changes: readonly DriftChange[] = []) {
    this.#changes = [...changes];
  }

  add(change: DriftChange): void {
    this.#changes.push(change);
  }

  /** The profile of each key on a day. A change of `*` replaces what was said of single keys before it. */
  profilesOn(
    table: DriftTable,
    spreadsheetId: string,
    dataset: string,
    dayNumber: number,
  ): Record<ParityKey, DriftProfile> {
    const profiles = Object.fromEntries(
      PARITY_KEYS.map((key) => [key, table[key] ?? table["*"] ?? NO_DRIFT]),
    ) as Record<ParityKey, DriftProfile>;
    for (const change of this.#changes) {
      if (change.spreadsheetId !== spreadsheetId || change.dataset !== dataset || change.fromDay > dayNumber) continue;
      for (const key of change.key === "*" ? PARITY_KEYS : [change.key]) profiles[key] = change.profile;
    }
    return profiles;
  }

  dump(): readonly DriftChange[] {
    return this.#changes;
  }
}
