import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../../src/setup/charts/main.ts";

const css = readFileSync(join(ROOT, "src/console/chart/chart.css"), "utf8");

/** Blocks of `--chart-…: #rrggbb`, in the order of the file: light, dark by the system, dark by choice. */
const palettes = [...css.matchAll(/\{([^{}]*--chart-ground: #[^{}]*)\}/g)].map(([, block = ""]) =>
  Object.fromEntries([...block.matchAll(/--chart-([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])),
);

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe("the colours of charts", () => {
  it("are the same dark ones for a dark system and for a reader who chose dark", () => {
    expect(palettes).toHaveLength(3);
    expect(palettes[2]).toEqual(palettes[1]);
  });
  it.each([
    ["light", palettes[0] ?? {}],
    ["dark", palettes[1] ?? {}],
  ])("can be told from their ground when it is %s: 4.5 to 1 for text, 3 to 1 for lines", (_, palette) => {
    const grounds = ["ground", "group", "box", "current-box"];
    for (const ground of grounds) {
      for (const text of ["text", "quiet", "guard", "delay", "current", "possible", "last"])
        expect(contrast(palette[text] ?? "", palette[ground] ?? ""), `${text} on ${ground}`).toBeGreaterThanOrEqual(
          4.5,
        );
      expect(contrast(palette.line ?? "", palette[ground] ?? ""), `line on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });
});
