import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in a time that tells nothing: neither where the texts differ nor how long the right one is. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** @param sha256 of the token, 64 hex digits. */
export function isToken(given: string, sha256: string): boolean {
  return timingSafeEqual(digest(given), Buffer.from(sha256, "hex"));
}
