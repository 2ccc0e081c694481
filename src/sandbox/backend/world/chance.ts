// Chance without a state: a value depends on its coordinates only, so any cell can be computed alone and again.

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** @returns 32 bits that depend on all the coordinates (whole numbers) and on their order. */
export function mix(...coordinates: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const coordinate of coordinates) {
    hash = Math.imul(hash ^ (coordinate >>> 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** @returns 0 (included) to 1 (not included). */
export const unit = (...coordinates: readonly number[]): number => mix(...coordinates) / 2 ** 32;

/** @returns a value from `low` to `high`. */
export const between = (low: number, high: number, ...coordinates: readonly number[]): number =>
  low + (high - low) * unit(...coordinates);

export const pick = <T>(choices: readonly [T, ...T[]], ...coordinates: readonly number[]): T =>
  choices[mix(...coordinates) % choices.length] ?? choices[0];

/** Hex digits that depend on the text, as many as asked for. */
export function hexOf(text: string, length: number): string {
  let out = "";
  for (let i = 0; out.length < length; i += 1) out += mix(hashOf(text), i).toString(16).padStart(8, "0");
  return out.slice(0, length);
}

const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits that depend on the text. */
export function wordOf(text: string, length: number): string {
  let out = "";
  for (let i = 0; i < length; i += 1) out += URL_SAFE[mix(hashOf(text), i) % URL_SAFE.length];
  return out;
}

/** Half away from zero, two decimals; never `-0`. */
export const cents = (value: number): number =>
  (Math.sign(value) * Math.floor(Math.abs(value) * 100 + 0.5 + 1e-9)) / 100 || 0;

/** A seed may be a word. */
export const seedOf = (seed: number | string): number => (typeof seed === "number" ? seed : hashOf(seed));
