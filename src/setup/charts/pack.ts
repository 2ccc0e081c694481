// Where the regions of a parallel machine stand: in rows of columns, in their order, so that the whole is about as wide as a screen.

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
 * Tries every way of cutting the list into rows and columns and takes the one that is shown largest on a screen. A machine has a handful of
 * regions, so there are few.
 * @param widest Unit: CSS pixels.
 */
export function packed(sizes: readonly Size[], gap: number, widest: number): Packed {
  let best: { shown: number; packed: Packed } | undefined;
  for (let cuts = 0; cuts < 3 ** Math.max(0, sizes.length - 1); cuts += 1) {
    const tried = inColumns(sizes, cuts, gap);
    // Wider than allowed only where nothing is narrower.
    const shown = Math.max(tried.width / SCREEN, tried.height) + 1000 * Math.max(0, tried.width - widest);
    if (best === undefined || shown < best.shown) best = { shown, packed: tried };
  }
  return best?.packed ?? { width: 0, height: 0, places: [] };
}

/** @param cuts In base 3, digit n for what follows size n: 0 stands below it, 1 begins a column, 2 begins a row of columns. */
function inColumns(sizes: readonly Size[], cuts: number, gap: number): Packed {
  const places: { x: number; y: number }[] = [];
  let [x, y, top, columnWidth, width, height] = [0, 0, 0, 0, 0, 0];
  for (const [index, size] of sizes.entries()) {
    places.push({ x, y });
    columnWidth = Math.max(columnWidth, size.width);
    width = Math.max(width, x + columnWidth);
    height = Math.max(height, y + size.height);
    const cut = Math.floor(cuts / 3 ** index) % 3;
    if (cut === 2) top = height + gap;
    x = cut === 0 ? x : cut === 1 ? x + columnWidth + gap : 0;
    y = cut === 0 ? y + size.height + gap : top;
    if (cut !== 0) columnWidth = 0;
  }
  return { places, width, height };
}
