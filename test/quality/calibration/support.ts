// A seller whose own data are a tenth too low in every money and stock key, day after day.
import { addDays, daysOf } from "../../../machines/dataset/days.ts";
import { PARITY_KEY_DEFAULTS } from "../../../src/quality/settings.ts";
import type { FakeSlices } from "../daily/support.ts";

export const NAMES = Object.keys(PARITY_KEY_DEFAULTS);

/** What is true of an article on a day. */
function truth(nmId: number, dayIndex: number): Record<string, number> {
  const spent = 100 + nmId + dayIndex;
  const profit = 1_000 + 10 * nmId + 3 * dayIndex;
  return {
    ...{ adv_sum: spent, stocks_total: 500 + nmId, stocks_enough_for: 20, stocks_enough_for_with_buyout_perc: 30 },
    ...{ avg_price_with_spp: 900 + nmId, profit_without_adv: profit, profit_with_adv: profit - spent },
  };
}

/** @param factor of our own values to the true ones; days of stock are right anyway. */
export function fillDay(slices: FakeSlices, day: string, index: number, { factor = 0.9, rows = 60 } = {}): void {
  const upstream = (nmId: number) => NAMES.map((name) => truth(nmId, index)[name] ?? null);
  const local = (nmId: number) => {
    const said = truth(nmId, index);
    const low = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value * factor]));
    low.stocks_enough_for = said.stocks_enough_for ?? 0;
    low.stocks_enough_for_with_buyout_perc = said.stocks_enough_for_with_buyout_perc ?? 0;
    return NAMES.map((name) => low[name] ?? null);
  };
  slices.put("upstream", day, { rows, valuesOf: upstream }).put("local", day, { rows, valuesOf: local });
}

export function fillDays(
  slices: FakeSlices,
  from: string,
  count: number,
  options?: Parameters<typeof fillDay>[3],
): void {
  for (const [index, day] of daysOf({ from, to: addDays(from, count - 1) }).entries())
    fillDay(slices, day, index, options);
}
