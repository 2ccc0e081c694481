// The reference side: what upstream says of an article on a day. Local data are derived from it.
import type { ParityKey } from "../../../backend/contract/spreadsheet.ts";
import { between, cents, unit } from "./chance.ts";
import { freezeAt, progressOf } from "./days.ts";
import type { Product } from "./sellers.ts";

export type Values = Record<ParityKey, number | null>;

/** Late corrections: a share of cells changes, by about this much, some days after they were frozen. */
export interface Revisions {
  readonly share: number;
  readonly size: number;
}

const REVISED_AFTER_MS = 2 * 86_400_000;
const WEEK = [0.92, 0.9, 0.95, 1, 1.08, 1.2, 1.12] as const;

/**
 * Values of a day as they stood at a moment (epoch ms): sums grow until the day is over, states are those of the day.
 * `profit_with_adv = profit_without_adv − adv_sum`, and days of stock are stock by sales per day; all rounded to cents.
 */
export function referenceValues(product: Product, dayNumber: number, seenAt: number, revisions: Revisions): Values {
  const { salt } = product;
  const progress = progressOf(dayNumber, seenAt);
  const season = WEEK[((dayNumber % 7) + 7) % 7] ?? 1;
  const wave = 1 + 0.15 * Math.sin((dayNumber + (salt % 90)) / 14);

  const ordersPerDay = cents(product.orders * wave);
  const orders = Math.round(product.orders * wave * season * between(0.5, 1.5, salt, dayNumber, 40));
  const price = cents(product.price * (1 - 0.12 * unit(salt, Math.floor(dayNumber / 5), 41)));
  const position =
    (((dayNumber + (salt % product.cycleDays)) % product.cycleDays) + product.cycleDays) % product.cycleDays;
  const onHand = Math.round(product.capacity * (1 - position / product.cycleDays));
  const onTheWayBack = cents(product.orders * (1 - product.buyout) * between(0.5, 3, salt, dayNumber, 42));
  const stock = cents(onHand + onTheWayBack);
  const buyouts = ordersPerDay * product.buyout;
  const spent = product.advertising * season * between(0.7, 1.3, salt, dayNumber, 43);
  const earned = orders * product.buyout * (price * product.margin - product.logistics);

  const revised = seenAt >= freezeAt(dayNumber) + REVISED_AFTER_MS && unit(salt, dayNumber, 44) < revisions.share;
  const correction = revised ? 1 + revisions.size * between(-1, 1, salt, dayNumber, 45) : 1;
  const advSum = cents(spent * progress * correction);
  const profitWithoutAdv = cents(earned * progress * correction);
  return {
    adv_sum: advSum,
    stocks_total: stock,
    stocks_enough_for: ordersPerDay === 0 ? 0 : cents(onHand / ordersPerDay),
    stocks_enough_for_with_buyout_perc: buyouts === 0 ? 0 : cents(stock / buyouts),
    avg_price_with_spp: price,
    profit_with_adv: cents(profitWithoutAdv - advSum),
    profit_without_adv: profitWithoutAdv,
  };
}
