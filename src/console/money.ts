// Amounts as people write them, the same on every page.

/** @param amountMinor whole Stars for XTR, otherwise the smallest unit of the currency */
export function formatMoney(amountMinor: number, currency: string, language: "en" | "ru"): string {
  const locale = language === "ru" ? "ru" : "en-GB";
  if (currency === "XTR") return `${new Intl.NumberFormat(locale).format(amountMinor)} ⭐`;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}
