// Where the regions of a parallel machine stand: in columns, in their order, so that the whole is about as wide as a screen.

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Packed extends Size {
  /** One per size, in their order. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

/** Width to height of what is read without turning the head. */
const SCREEN = 1.5;

/**
 * Tries every way of cutting the list into columns and takes the one that is shown largest on a screen. A machine has a handful of
 * regions, so there are few.
 */
export function packed(sizes: readonly Size[], gap: number): Packed {
  let best: { shown: number; packed: Packed } | undefined;
  for (let cuts = 0; cuts < 2 ** Math.max(0, sizes.length - 1); cuts += 1) {
    const tried = inColumns(sizes, cuts, gap);
    const shown = Math.max(tried.width / SCREEN, tried.height);
    if (best === undefined || shown < best.shown) best = { shown, packed: tried };
  }
  return best?.packed ?? { width: 0, height: 0, places: [] };
}

/** @param cuts Bit n is set where a new column begins after size n. */
function inColumns(sizes: readonly Size[], cuts: number, gap: number): Packed {
  const places: { x: number; y: number }[] = [];
  let [x, y, columnWidth, height] = [0, 0, 0, 0];
  for (const [index, size] of sizes.entries()) {
    places.push({ x, y });
    columnWidth = Math.max(columnWidth, size.width);
    height = Math.max(height, y + size.height);
    y += size.height + gap;
    if ((cuts >> index) % 2 === 1) {
      x += columnWidth + gap;
      y = 0;
      columnWidth = 0;
    }
  }
  return { places, width: x + columnWidth, height };
}
