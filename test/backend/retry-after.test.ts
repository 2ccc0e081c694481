import { describe, expect, it } from "vitest";
import { readRetryAfter } from "../../src/backend/retry-after.ts";

const NOW = Date.UTC(2026, 1, 18, 3, 0, 0);

describe("Retry-After", () => {
  it.each([
    ["7", 7_000],
    [" 120 ", 120_000],
    ["0", 1_000],
    ["900", 900_000],
    ["999999999", 86_400_000],
    ["Wed, 18 Feb 2026 03:00:30 GMT", 30_000],
    ["Wed, 18 Feb 2026 02:00:00 GMT", 1_000],
  ])("%j asks for %d ms", (header, ms) => {
    expect(readRetryAfter(header, NOW)).toBe(ms);
  });
  it.each([null, "", "soon", "-5", "1.5", "1e3", "2026-02-18", "Wed, 99 Foo 2026 03:00:30 GMT"])(
    "%j says nothing",
    (header) => {
      expect(readRetryAfter(header, NOW)).toBeNull();
    },
  );
});
