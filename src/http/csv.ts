// CSV (RFC 4180) that a spreadsheet opens without harm.

/** A cell that a spreadsheet would take for a formula is quoted with an apostrophe. */
const cell = (value: string | number | null): string => {
  const text = value === null ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvRow = (values: readonly (string | number | null)[]): string => `${values.map(cell).join(",")}\r\n`;

// biome-ignore lint/style/noRestrictedGlobals: writes a given time down, reads no clock
export const isoTime = (at: number): string => new Date(at).toISOString();
