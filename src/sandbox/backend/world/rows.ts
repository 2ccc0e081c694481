// Rows of either side of dataset `checklist`, as they go over the wire: sorted by date, then nm_id.
import { PARITY_KEYS, type Row } from "../../../backend/contract/spreadsheet.ts";
import { dayOf } from "./days.ts";
import type { Profiles } from "./local.ts";
import { isRowMissing, localValues } from "./local.ts";
import type { WorldPlan } from "./plan.ts";
import { referenceValues, type Values } from "./reference.ts";
import { isOnSale, type Product, type Seller } from "./sellers.ts";
import { captureTimes, type Slice } from "./slices.ts";

export interface Window {
  /** Day numbers, both included. */
  readonly from: number;
  readonly to: number;
  /** null: all. */
  readonly nmIds: ReadonlySet<number> | null;
}

interface Offer {
  readonly sid: string;
  readonly product: Product;
}

/** Articles of all the sellers, by nm_id, each once. */
const offersOf = (sellers: readonly Seller[], { nmIds }: Pick<Window, "nmIds">): readonly Offer[] => {
  const byId = new Map<number, Offer>();
  for (const { sid, products } of sellers)
    for (const product of products)
      if (!byId.has(product.nmId) && (nmIds === null || nmIds.has(product.nmId)))
        byId.set(product.nmId, { sid, product });
  return [...byId.values()].sort((a, b) => a.product.nmId - b.product.nmId);
};

const rowOf = ({ nmId, category, brand }: Product, dayNumber: number, values: Values): Row => ({
  date: dayOf(dayNumber),
  nm_id: nmId,
  category,
  brand,
  ...values,
});

/** @param seenAt epoch ms; days that have not begun then have no rows. */
export function referenceRows(
  sellers: readonly Seller[],
  window: Window,
  seenAt: number,
  today: number,
  plan: WorldPlan,
): readonly Row[] {
  const offers = offersOf(sellers, window);
  const rows: Row[] = [];
  for (let day = window.from; day <= Math.min(window.to, today); day += 1)
    for (const { product } of offers)
      if (isOnSale(product, day)) rows.push(rowOf(product, day, referenceValues(product, day, seenAt, plan.revisions)));
  return rows;
}

/** @param slices of the window, oldest first. */
export function localRows(
  sellers: readonly Seller[],
  slices: readonly Slice[],
  window: Window,
  profilesOn: (dayNumber: number) => Profiles,
  plan: WorldPlan,
): readonly Row[] {
  const offers = offersOf(sellers, window);
  const rows: Row[] = [];
  for (const slice of slices) {
    const profiles = profilesOn(slice.dayNumber);
    for (const { sid, product } of offers) {
      if (!isOnSale(product, slice.dayNumber) || isRowMissing(product, slice.dayNumber, profiles)) continue;
      const seenAt = captureTimes(slice, sid, product.nmId);
      if (Object.keys(seenAt).length === 0) continue;
      const values = localValues(product, slice.dayNumber, seenAt, profiles, plan.revisions);
      for (const key of PARITY_KEYS) if (plan.zero_filled_keys.includes(key)) values[key] ??= 0;
      rows.push(rowOf(product, slice.dayNumber, values));
    }
  }
  return rows;
}
