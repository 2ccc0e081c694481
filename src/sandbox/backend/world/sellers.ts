// Sellers of the marketplace and their goods. A seller exists by its id alone: whatever token a customer brings, its seller has goods.
import { between, hashOf, hexOf, mix, pick, unit } from "./chance.ts";

export interface Product {
  readonly nmId: number;
  readonly category: string;
  readonly brand: string;
  /** Days (numbers): on sale from the first, not any more from the second; null: still. */
  readonly bornOn: number;
  readonly retiredOn: number | null;
  /** Coordinate of everything random about it. */
  readonly salt: number;
  /** Unit: roubles. */
  readonly price: number;
  readonly logistics: number;
  /** Share of the price that is left before logistics. */
  readonly margin: number;
  /** Mean per day. */
  readonly orders: number;
  /** Share of orders that customers keep. */
  readonly buyout: number;
  /** Stock falls from the capacity to nothing in so many days. */
  readonly cycleDays: number;
  readonly capacity: number;
  /** Spend per day, roubles; 0: not advertised. */
  readonly advertising: number;
}

export interface Seller {
  readonly sid: string;
  /** Sorted by nm_id. */
  readonly products: readonly Product[];
}

export interface SellerPlan {
  readonly seed: number;
  readonly nmIds: number;
  /** First day of all series. */
  readonly firstDay: number;
  /** How long the world's history is at its start. */
  readonly days: number;
  /** Share of goods that came or went within the history. */
  readonly turnover: number;
}

const CATEGORIES = ["shoes", "dresses", "toys", "kitchen", "cosmetics"] as const;
const BRANDS = ["North", "Sova", "Lumen", "Tikho", "Yarilo", "Basis"] as const;

export function makeSeller(sid: string, plan: SellerPlan): Seller {
  const salt = mix(plan.seed, hashOf(sid));
  // A block of article numbers per seller: sellers that share a spreadsheet do not share articles.
  let nmId = 100_000_000 + (salt % 80_000) * 10_000;
  const products: Product[] = [];
  for (let index = 0; index < plan.nmIds; index += 1) {
    nmId += 1 + (mix(salt, index, 1) % Math.max(1, Math.floor(9_000 / plan.nmIds)));
    products.push(makeProduct(nmId, mix(salt, nmId), plan));
  }
  return { sid, products };
}

function makeProduct(nmId: number, salt: number, { firstDay, days, turnover }: SellerPlan): Product {
  const fate = unit(salt, 20);
  const comes = fate < turnover / 2;
  const goes = !comes && fate < turnover;
  const moment = firstDay + 1 + (mix(salt, 21) % Math.max(1, days - 1));
  const price = Math.round(between(250, 4_500, salt, 22));
  // Few articles sell much, most sell little.
  const orders = 0.4 + 30 * unit(salt, 23) ** 3;
  return {
    nmId,
    category: pick(CATEGORIES, salt, 24),
    brand: pick(BRANDS, salt, 25),
    bornOn: comes ? moment : firstDay,
    retiredOn: goes ? moment : null,
    salt,
    price,
    logistics: Math.round(between(40, 260, salt, 26)),
    margin: between(0.08, 0.42, salt, 27),
    orders,
    buyout: between(0.45, 0.96, salt, 28),
    cycleDays: 9 + (mix(salt, 29) % 32),
    capacity: Math.ceil(orders * between(10, 45, salt, 30)),
    advertising: unit(salt, 31) < 0.35 ? 0 : orders * price * between(0.01, 0.09, salt, 32),
  };
}

export const isOnSale = ({ bornOn, retiredOn }: Product, dayNumber: number): boolean =>
  bornOn <= dayNumber && (retiredOn === null || dayNumber < retiredOn);

/** Id of the nth seller that a world of this seed starts with: a UUID. */
export function sellerId(seed: number, index: number): string {
  const hex = hexOf(`seller:${seed}:${index}`, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
