import { epochOf } from "./wire-time.ts";

/** Zero, or a date gone by, would have the same call again at once. Unit: milliseconds. */
const MIN_MS = 1_000;
/** Beyond a day nobody means it. Unit: milliseconds. */
const MAX_MS = 24 * 60 * 60_000;

const IMF_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long an answer asks us to wait.
 * @param header Retry-After: whole seconds or an HTTP date. @param now epoch ms, for a date.
 * @returns Unit: milliseconds, between a second and a day; null: the header is absent or says neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function readRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  const until = IMF_DATE.test(text) ? epochOf(text) : null;
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : until === null ? null : until - now;
  return ms === null ? null : Math.min(MAX_MS, Math.max(MIN_MS, ms));
}
