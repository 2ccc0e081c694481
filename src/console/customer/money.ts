// Amounts as people write them.

/** @param amountMinor whole Stars for XTR, otherwise the smallest unit of the currency */
export function amountOf(amountMinor: number, currency: string, language: string): string {
  if (currency === "XTR") return `${new Intl.NumberFormat(language).format(amountMinor)} ⭐`;
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}
