// Points in time as the wire writes them. Nobody here reads a clock.

/** @param text a date-time that its schema has accepted, or an HTTP date. @returns Epoch ms; null when it is neither. */
export function epochOf(text: string): number | null {
  // biome-ignore lint/style/noRestrictedGlobals: reads a given time, not a clock
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** @param at epoch ms. */
// biome-ignore lint/style/noRestrictedGlobals: writes a given time down, reads no clock
export const isoOf = (at: number): string => new Date(at).toISOString();
