// What a fresh world is like. The same plan, seed and start give the same world.
import { z } from "zod";
import { PARITY_KEYS } from "../../../backend/contract/spreadsheet.ts";
import { DriftPlan } from "./drift.ts";

export const WorldPlan = z.strictObject({
  /** Sellers that are connected from the start, each with a spreadsheet, an active token and collected history. */
  sellers: z.int().min(0).max(200).default(3),
  /** Articles per seller. */
  nm_ids: z.int().min(1).max(5_000).default(40),
  /** Days of history on both sides before the start. */
  days: z.int().min(1).max(1_500).default(60),
  drift: DriftPlan.default("mixed"),
  /** Keys in which the local side cannot tell unknown from zero: it answers 0 and says so. */
  zero_filled_keys: z.array(z.enum(PARITY_KEYS)).default([]),
  /** Share of articles that came or went within the history. */
  turnover: z.number().min(0).max(1).default(0),
  /** Corrections of the reference, two days after the freeze: share of cells, and their size. */
  revisions: z
    .strictObject({ share: z.number().min(0).max(1), size: z.number().nonnegative() })
    .default({ share: 0, size: 0 }),
  /** Whether past prices are gone and the funnel goes back 7 days only, as at the marketplace; else all days can be collected. */
  marketplace_windows: z.boolean().default(false),
  /** Whether this backend also collects by itself at 05:00, 11:00, 17:00 and 23:30 Moscow time. */
  collect_slots: z.boolean().default(false),
});
export type WorldPlan = z.output<typeof WorldPlan>;
