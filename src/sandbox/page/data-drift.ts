// A key of the visitor's data goes wrong on the local side: the gate falls back after the next freeze, and comes back some time after it is
// mended. What is broken is what the simulated backend says, so that a restart of the service forgets nothing.
import { PARITY_KEYS, type ParityKey } from "../../backend/contract/spreadsheet.ts";
import type { SimulatedBackend } from "../backend/backend.ts";
import { DriftProfile, NO_DRIFT, tableOf } from "../backend/world/drift.ts";
import { sheetOf } from "./answers.ts";
import { Trouble } from "./world.ts";

const DATASET = "checklist";
/** Four of five cells are off by about half: one day of it is red, also pooled with good days before it. */
const BROKEN = DriftProfile.parse({ share: 0.8, size: 0.5 });

/** What can break: the critical ones first, for these make the gate fall back. */
export const DRIFT_KEYS = [
  "stocks_total",
  ...PARITY_KEYS.filter((key) => key !== "stocks_total"),
] as const satisfies readonly ParityKey[];

type Product = Pick<SimulatedBackend, "knows" | "driftChanges" | "changeDrift" | "options">;

/** Whether there is a spreadsheet whose data could be wrong. */
export const isConnected = (product: Product, userId: number): boolean => product.knows(sheetOf(userId));

/** The key that is broken; null: none. */
export function driftingKey(product: Product, userId: number): ParityKey | null {
  let broken: ParityKey | null = null;
  for (const { key, profile } of product.driftChanges(sheetOf(userId))) {
    if (profile.share === BROKEN.share && profile.size === BROKEN.size) broken = key as ParityKey;
    else if (key === broken) broken = null;
  }
  return broken;
}

/**
 * Breaks one key from today on; the one before is mended.
 * @param key null: none is broken any more
 * @throws Trouble
 */
export function setDrift(product: Product, userId: number, key: string | null): void {
  const sheet = sheetOf(userId);
  if (!product.knows(sheet)) throw new Trouble("notConnected");
  const known = DRIFT_KEYS.find((one) => one === key);
  if (key !== null && known === undefined) throw new Trouble("noKey");
  const before = driftingKey(product, userId);
  const usual = tableOf(product.options.world.drift, null);
  if (before !== null && before !== key)
    product.changeDrift(sheet, DATASET, before, usual[before] ?? usual["*"] ?? NO_DRIFT);
  if (known !== undefined && before !== known) product.changeDrift(sheet, DATASET, known, BROKEN);
}
