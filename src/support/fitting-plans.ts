// What a charge without an order could have been for: after a restore the orders since the backup are lost, the plans are not. Pure.
import type { PaymentContext } from "../../machines/payment/types.ts";
import type { Terms } from "../../machines/terms.ts";

type Charge = Pick<PaymentContext, "amountMinor" | "currency" | "recurring">;

/** Plans that cost exactly this and renew as this charge does; of several people choose, and of none. */
export function fittingTerms<T extends Pick<Terms, "price" | "recurring">>(
  { amountMinor, currency, recurring }: Charge,
  onSale: readonly T[],
): readonly T[] {
  return onSale.filter(
    ({ price, recurring: renews }) =>
      price.currency === currency && price.amountMinor === amountMinor && renews === recurring,
  );
}
