import { describe, expect, it } from "vitest";
import { isTooSmallWhole, scaleFor } from "../../../src/console/chart/zoom.ts";

const room = { width: 1000, height: 600 };

describe("the size of a chart", () => {
  it("is that of the window where it can be read so, and never larger than drawn", () => {
    expect(scaleFor("auto", { width: 1250, height: 500 }, room)).toBe(0.8);
    expect(scaleFor("auto", { width: 300, height: 200 }, room)).toBe(1);
  });
  it("is three quarters where the whole would be too small to read", () => {
    expect(scaleFor("auto", { width: 4000, height: 3000 }, room)).toBe(0.75);
  });
  it("is what was asked for otherwise", () => {
    expect(scaleFor("fit", { width: 4000, height: 600 }, room)).toBe(0.25);
    expect(scaleFor("full", { width: 4000, height: 600 }, room)).toBe(1);
  });
  it("is too small as a whole where boxes would be dots, which a drawing at a glance is for", () => {
    expect(isTooSmallWhole("fit", { width: 4000, height: 3000 }, room)).toBe(true);
    expect(isTooSmallWhole("fit", { width: 1500, height: 900 }, room)).toBe(false);
    expect(isTooSmallWhole("auto", { width: 4000, height: 3000 }, room)).toBe(false);
    expect(isTooSmallWhole("fit", { width: 4000, height: 3000 }, { width: 0, height: 0 })).toBe(false);
  });
  it("is the readable part before anything is known of the window", () => {
    expect(scaleFor("auto", { width: 100, height: 100 }, { width: 0, height: 0 })).toBe(0.75);
  });
});
