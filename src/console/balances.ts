import type { LedgerSums } from "../support/answers/incidents.ts";

export type Sum = LedgerSums["sums"][number];

export interface Balance {
  readonly currency: string;
  readonly amountMinor: number;
  readonly sums: readonly Sum[];
}

/** What is left per currency: charges less what went back, whichever sign the books give it. */
export function balances(sums: readonly Sum[]): readonly Balance[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const own = sums.filter((sum) => sum.currency === currency);
    const amountMinor = own.reduce(
      (left, sum) => left + (sum.entry === "charge" ? Math.abs(sum.amountMinor) : -Math.abs(sum.amountMinor)),
      0,
    );
    return { currency, amountMinor, sums: own };
  });
}
