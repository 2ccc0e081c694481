import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanMessage, cleanName, clip, clipUnits, MESSAGE_MAX } from "../../src/bot/clean-text.ts";

describe("a name", () => {
  it.each([
    ["an ordinary one", "Анна-Мария", "Анна-Мария"],
    ["spaces around and inside", "  Anna \n\t Lee ", "Anna Lee"],
    ["a right-to-left override", "\u202eannA", "annA"],
    ["zero-width characters", "A\u200bn\u200dn\ufeffa", "Anna"],
    ["NUL and other controls", "A\u0000n\u0007na\u0085", "Anna"],
    ["a Hangul filler, which shows as nothing", "\u3164", ""],
    ["a tower of marks", `A${"\u0301".repeat(50)}`, "A\u0301\u0301"],
    ["an emoji made of several", "👨‍👩‍👧 Anna", "👨‍👩‍👧 Anna"],
    ["a flag", "🇫🇷", "🇫🇷"],
    ["a lone surrogate", "A\ud800nna", "Anna"],
    ["Arabic, which is right to left by itself", "مريم", "مريم"],
    ["private use characters", "A\ue000\ue123nna", "Anna"],
    ["nothing visible", "\u200b\u2060 \u00ad", ""],
  ])("with %s", (_what, given, clean) => {
    expect(cleanName(given)).toBe(clean);
  });

  it("of ten thousand characters is cut to 64, with an ellipsis", () => {
    const clean = cleanName("ы".repeat(10_000));
    expect(clean).toBe(`${"ы".repeat(63)}…`);
  });

  it("is one bearable line, whatever was typed, and cleaning it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (typed) => {
        const clean = cleanName(typed);
        expect([...new Intl.Segmenter("und").segment(clean)].length).toBeLessThanOrEqual(64);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069\n]/u);
        expect(cleanName(clean)).toBe(clean);
      }),
    );
  });
});

describe("a text that must fit", () => {
  it("is not cut inside an emoji", () => {
    expect(clip("👍🏽👍🏽👍🏽", 2)).toBe("👍🏽…");
    expect(clipUnits("ab👍🏽", 4)).toBe("ab");
    expect(clipUnits("ab👍🏽", 6)).toBe("ab👍🏽");
  });
});

describe("a message to support", () => {
  it("keeps its lines and loses what rearranges them", () => {
    expect(cleanMessage(" первая\nвторая\u0000\u202e \u2066конец ")).toBe("первая\nвторая конец");
  });

  it("is kept up to its limit", () => {
    expect(cleanMessage("x".repeat(20_000))).toHaveLength(MESSAGE_MAX);
  });

  it("of nothing visible is empty", () => {
    expect(cleanMessage("\u0000 \n\u202e")).toBe("");
  });
});
