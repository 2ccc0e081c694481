/** Digits after the point where they are not two: Stars are whole. */
const DIGITS: Readonly<Record<string, number>> = { XTR: 0, JPY: 0, KRW: 0, VND: 0, CLP: 0 };

/** @param amountMinor smallest unit of the currency: cents, whole Stars */
export function formatMoney(amountMinor: number, currency: string, language: "en" | "ru"): string {
  const digits = DIGITS[currency] ?? 2;
  const number = new Intl.NumberFormat(language === "ru" ? "ru" : "en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** digits);
  return `${number} ${currency}`;
}
