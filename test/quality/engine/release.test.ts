import { describe, expect, it } from "vitest";
import { judgeRelease, keyStatus, RELEASE_DEFAULTS } from "../../../src/quality/engine/release.ts";
import { emptySums } from "../../../src/quality/engine/sums.ts";

const status = (before: readonly [number | null, number | null], after: readonly [number | null, number | null]) =>
  keyStatus({ exactRatio: before[0], wape: before[1] }, { exactRatio: after[0], wape: after[1] }, RELEASE_DEFAULTS);

describe("9.2 the status of a key", () => {
  it.each([
    ["improved", "more exact, error as it was", [0.8, 0.1], [0.81, 0.1]],
    ["improved", "more exact, error a little higher", [0.8, 0.1], [0.81, 0.101]],
    ["flat", "more exact, error higher than the slack", [0.8, 0.1], [0.81, 0.1015]],
    ["worse", "more exact, error beyond its limit", [0.8, 0.1], [0.9, 0.103]],
    ["improved", "error fell", [0.8, 0.1], [0.8, 0.095]],
    ["improved", "error fell, exactness hardly", [0.8, 0.1], [0.799, 0.09]],
    ["flat", "error fell, exactness more than hardly", [0.8, 0.1], [0.796, 0.09]],
    ["worse", "error fell, exactness lost", [0.8, 0.1], [0.79, 0.01]],
    ["flat", "hardly any change", [0.8, 0.1], [0.801, 0.101]],
    ["flat", "no error before, none after", [1, 0], [1, 0]],
    ["worse", "no error before, some after", [0.9, 0], [0.9, 0.001]],
    ["improved", "9.1 undefined before, defined after", [0.8, null], [0.8, 5]],
    ["flat", "9.1 undefined before and after", [0.8, null], [0.8, null]],
    ["worse", "9.1 defined before, undefined after", [0.8, 0.1], [0.9, null]],
    ["improved", "9.1 no cells before count as a ratio of 0", [null, null], [0.5, 0.1]],
    ["worse", "9.1 no cells after", [0.5, null], [null, null]],
  ] as const)("%s: %s", (expected, _, before, after) => expect(status(before, after)).toBe(expected));
});

describe("9.2 at the limits", () => {
  const settings = { ...RELEASE_DEFAULTS, exactGain: 0.25, exactSlack: 0.25, exactLimit: 0.5, wapeGain: 0.5 };
  it.each([
    ["improved", "exactness gained just enough", [0.5, 0.5], [0.75, 0.5]],
    ["improved", "error fell just enough, exactness lost just what may be", [0.5, 0.5], [0.25, 0.25]],
    ["flat", "error fell not quite enough", [0.5, 0.5], [0.5, 0.251]],
    ["flat", "exactness lost just what may be", [0.75, 0.5], [0.25, 0.5]],
    ["worse", "exactness lost a little more", [0.75, 0.5], [0.249, 0.5]],
  ] as const)("%s: %s", (expected, _, [wasExact, was], [isExact, is]) =>
    expect(keyStatus({ exactRatio: wasExact, wape: was }, { exactRatio: isExact, wape: is }, settings)).toBe(expected),
  );
});

/** A hundred pairs. */
const sums = (nExact: number, error: number) => ({
  ...emptySums(),
  ...{ nCells: 100, nPaired: 100, nExact, sumAbsError: error, sumAbsUpstream: 100 },
});
const SETTINGS = { ...RELEASE_DEFAULTS, keyMetrics: ["a", "b", "c"], guardKeys: ["g", "not there"], minImproved: 2 };
const BASELINE = { a: sums(80, 10), b: sums(80, 10), c: sums(80, 10), g: sums(80, 10), other: sums(80, 10) };
const judged = (changes: object) => judgeRelease(BASELINE, { ...BASELINE, ...changes }, SETTINGS);

describe("9.3 the verdict", () => {
  it("allows when enough key metrics improved and none is worse", () =>
    expect(judged({ a: sums(90, 5), b: sums(90, 5) })).toEqual({
      ...{ verdict: "allow", reason: null, improvedCount: 2 },
      status: { a: "improved", b: "improved", c: "flat", g: "flat", other: "flat" },
    }));

  it("denies too few; a key that is no key metric does not count", () =>
    expect(judged({ a: sums(90, 5), other: sums(90, 5), g: sums(90, 5) })).toMatchObject({
      ...{ verdict: "deny", reason: "too_few_improved", improvedCount: 1 },
    }));

  it("denies what is worse, first by the alphabet, guards as well, however much else improved", () => {
    const better = { a: sums(99, 1), b: sums(99, 1) };
    expect(judged({ ...better, g: sums(70, 10) })).toMatchObject({
      verdict: "deny",
      reason: "worse:g",
      improvedCount: 2,
    });
    expect(judged({ ...better, g: sums(70, 10), c: sums(70, 10) }).reason).toBe("worse:c");
    expect(judged({ ...better, other: sums(70, 10) }).verdict).toBe("allow");
  });
});
