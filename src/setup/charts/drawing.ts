// A whole chart: its regions, each laid out for itself, side by side.
import type { Outline } from "../../console/chart/outline.ts";
import { type Box, boxesOf } from "./boxes.ts";
import { overviewWish, WHOLE, type Wish } from "./elk.ts";
import type { Drawing, Point } from "./geometry.ts";
import type { Overview } from "./overview.ts";
import { packed } from "./pack.ts";
import { drawRegion } from "./region.ts";

const MARGIN = 6;
const GAP = 16;

/** Of an overview: what a README shows at its own size; one that cannot be drawn so narrow is as narrow as it can be. Unit: CSS pixels. */
const PAGE = 1100;

export const drawOverview = ({ outline, notes }: Overview): Promise<Drawing> =>
  drawBoxes(outline, boxesOf(outline, true, notes), overviewWish(PAGE - 2 * (MARGIN + GAP)));

/** @param compact Without what is done on entry and exit and what is invoked. */
export const draw = (outline: Outline, compact: boolean): Promise<Drawing> =>
  drawBoxes(outline, boxesOf(outline, compact), WHOLE);

async function drawBoxes(outline: Outline, boxes: ReadonlyMap<string, Box>, wish: Wish): Promise<Drawing> {
  const root = boxes.get("");
  if (root === undefined) throw new Error(`${outline.machine} has no root`);
  const regions =
    root.state.kind === "parallel" ? [...boxes.values()].filter(({ state }) => state.parent === "") : [root];
  const drawn = await Promise.all(regions.map((region) => drawRegion(region, boxes, outline.edges, wish)));
  if (regions[0] === root) {
    const [only] = drawn;
    if (only === undefined) throw new Error(`${outline.machine} has no states`);
    return grown(moved(only, MARGIN, MARGIN), MARGIN);
  }
  // Regions that stand side by side: each laid out for itself, because no line leads from one to another.
  const { places, width, height } = packed(drawn, GAP, wish.widest);
  const inner = { x: MARGIN + GAP, y: MARGIN + root.height + GAP / 2 };
  const placed = drawn.map((one, index) => {
    const place = places[index] ?? { x: 0, y: 0 };
    return moved(one, inner.x + place.x, inner.y + place.y);
  });
  const at = {
    x: MARGIN,
    y: MARGIN,
    width: Math.max(width, root.width) + 2 * GAP,
    height: root.height + height + 1.5 * GAP,
  };
  return {
    width: at.width + 2 * MARGIN,
    height: at.height + 2 * MARGIN,
    boxes: [{ box: root, at }, ...placed.flatMap((one) => one.boxes)],
    ways: placed.flatMap((one) => one.ways),
    starts: placed.flatMap((one) => one.starts),
  };
}

const shift = <P extends Point>(point: P, dx: number, dy: number): P => ({
  ...point,
  x: point.x + dx,
  y: point.y + dy,
});

function moved(drawing: Drawing, dx: number, dy: number): Drawing {
  return {
    ...drawing,
    boxes: drawing.boxes.map(({ box, at }) => ({ box, at: shift(at, dx, dy) })),
    ways: drawing.ways.map((way) => ({
      ...way,
      points: way.points.map((point) => shift(point, dx, dy)),
      label: way.label === null ? null : shift(way.label, dx, dy),
    })),
    starts: drawing.starts.map((point) => shift(point, dx, dy)),
  };
}

const grown = (drawing: Drawing, by: number): Drawing => ({
  ...drawing,
  width: drawing.width + 2 * by,
  height: drawing.height + 2 * by,
});
