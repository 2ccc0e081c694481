/** `500 ⭐`, `499.00 RUB`. @param amountMinor whole Stars, or the smallest unit of the currency */
export const priceText = (currency: string, amountMinor: number): string =>
  currency === "XTR" ? `${amountMinor} ⭐` : `${(amountMinor / 100).toFixed(2)} ${currency}`;
