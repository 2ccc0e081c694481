// The local side of a row: the reference as seen by each part's snapshot, moved off by the drift profiles.
import { PARITY_KEYS, type ParityKey } from "../../../backend/contract/spreadsheet.ts";
import { cents, unit } from "./chance.ts";
import type { DriftProfile } from "./drift.ts";
import { type Revisions, referenceValues, type Values } from "./reference.ts";
import type { Product } from "./sellers.ts";

/** What one collection fetches apart from the others. */
export const PARTS = ["daily_prices", "daily_stocks", "daily_adv", "daily_funnel", "daily_positions"] as const;
export type Part = (typeof PARTS)[number];

const PART_OF: Readonly<Record<ParityKey, Part>> = {
  avg_price_with_spp: "daily_prices",
  stocks_total: "daily_stocks",
  adv_sum: "daily_adv",
  stocks_enough_for: "daily_funnel",
  stocks_enough_for_with_buyout_perc: "daily_funnel",
  profit_without_adv: "daily_funnel",
  profit_with_adv: "daily_funnel",
};

/** An off cell whose reference is 0 is off by this times the size, or a zero could not be wrong. */
const OFF_ZERO = 100;

export type Profiles = Readonly<Record<ParityKey, DriftProfile>>;

export const isRowMissing = ({ salt }: Product, dayNumber: number, profiles: Profiles): boolean =>
  unit(salt, dayNumber, 60) < Math.max(...PARITY_KEYS.map((key) => profiles[key].missing_rows));

/**
 * @param seenAt when each part was captured (epoch ms); keys of a part that was not are null.
 * @returns values that keep the identities of the reference: what is computed from a key that is off is off with it, before its own
 *   profile is applied.
 */
export function localValues(
  product: Product,
  dayNumber: number,
  seenAt: Readonly<Partial<Record<Part, number>>>,
  profiles: Profiles,
  revisions: Revisions,
): Values {
  // Parts are usually captured together: most rows need one reference, those with a lag two.
  const seen = new Map<string, Values>();
  const reference = (key: ParityKey, lagDays = profiles[key].lag_days): number | null => {
    const at = seenAt[PART_OF[key]];
    if (at === undefined) return null;
    const day = Math.max(product.bornOn, dayNumber - lagDays);
    const values = seen.get(`${day}:${at}`) ?? referenceValues(product, day, at, revisions);
    seen.set(`${day}:${at}`, values);
    return values[key];
  };
  const off = (key: ParityKey, value: number | null): number | null =>
    drift(product, dayNumber, key, value, profiles[key]);

  const plain = (key: ParityKey): number | null => off(key, reference(key));
  const advSum = plain("adv_sum");
  const stock = plain("stocks_total");
  const profitWithoutAdv = plain("profit_without_adv");

  const cover = reference("stocks_enough_for_with_buyout_perc");
  const trueStock = reference("stocks_total", 0);
  const isScaled =
    profiles.stocks_enough_for_with_buyout_perc.lag_days === 0 && stock !== null && trueStock && stock !== trueStock;

  const isFollowing =
    profiles.profit_with_adv.lag_days === 0 && profitWithoutAdv !== null && seenAt[PART_OF.adv_sum] !== undefined;
  const ownProfit = seenAt[PART_OF.adv_sum] === undefined ? null : reference("profit_with_adv");
  // A spend that is missing in a collected part counts as none.
  const profitWithAdv = isFollowing ? cents(profitWithoutAdv - (advSum ?? 0)) : ownProfit;
  return {
    adv_sum: advSum,
    stocks_total: stock,
    stocks_enough_for: plain("stocks_enough_for"),
    stocks_enough_for_with_buyout_perc: off(
      "stocks_enough_for_with_buyout_perc",
      isScaled && cover !== null ? cents((cover * stock) / trueStock) : cover,
    ),
    avg_price_with_spp: plain("avg_price_with_spp"),
    profit_with_adv: off("profit_with_adv", profitWithAdv),
    profit_without_adv: profitWithoutAdv,
  };
}

function drift(
  { salt, category, brand }: Product,
  dayNumber: number,
  key: ParityKey,
  value: number | null,
  profile: DriftProfile,
): number | null {
  const channel = 100 + PARITY_KEYS.indexOf(key) * 10;
  if (value === null || unit(salt, dayNumber, channel) < profile.missing_values) return null;
  let moved = value * profile.bias.all * (profile.bias.category[category] ?? 1) * (profile.bias.brand[brand] ?? 1);
  if (unit(salt, dayNumber, channel + 1) < profile.share) {
    const direction = unit(salt, dayNumber, channel + 2) < 0.5 ? -1 : 1;
    const size = profile.size * (0.5 + unit(salt, dayNumber, channel + 3));
    moved = moved === 0 ? OFF_ZERO * size : moved * (1 + direction * size);
  }
  if (unit(salt, dayNumber, channel + 4) < profile.sign_flips) moved = -moved;
  return cents(moved);
}
