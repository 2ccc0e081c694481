// Where everything of a chart stands, before it is written as SVG: what tests of the layout read. Unit: CSS pixels, origin top left.
import type { ChartEdge, Outline } from "../../console/chart/outline.ts";
import { type Box, boxesOf, HEADER_HEIGHT } from "./boxes.ts";
import { packed } from "./pack.ts";
import { drawRegion } from "./region.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line, and the transitions that take it: all that lead from one state to another share one. */
export interface Way {
  /** None: the arrow to an initial state. */
  readonly edges: readonly ChartEdge[];
  readonly points: readonly Point[];
  /** Null without edges. */
  readonly label: Rectangle | null;
}

export interface PlacedBox {
  readonly box: Box;
  readonly at: Rectangle;
  /** Where the text below the header begins: in a compound state not always at its left. */
  readonly text: Point;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Each state before those within it. */
  readonly boxes: readonly PlacedBox[];
  readonly ways: readonly Way[];
  /** Centres of the dots that arrows to initial states come from. */
  readonly starts: readonly Point[];
}

const MARGIN = 6;
const GAP = 16;

/** @param compact Without what is done on entry and exit and what is invoked. */
export async function draw(outline: Outline, compact: boolean): Promise<Drawing> {
  const boxes = boxesOf(outline, compact);
  const root = boxes.get("");
  if (root === undefined) throw new Error(`${outline.machine} has no root`);
  const regions =
    root.state.kind === "parallel" ? [...boxes.values()].filter(({ state }) => state.parent === "") : [root];
  const drawn = await Promise.all(regions.map((region) => drawRegion(region, boxes, outline.edges)));
  if (regions[0] === root) {
    const [only] = drawn;
    if (only === undefined) throw new Error(`${outline.machine} has no states`);
    return grown(moved(only, MARGIN, MARGIN), MARGIN);
  }
  // Regions that stand side by side: each laid out for itself, because no line leads from one to another.
  const { places, width, height } = packed(drawn, GAP);
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
    boxes: [{ box: root, at, text: { x: MARGIN, y: MARGIN + HEADER_HEIGHT } }, ...placed.flatMap((one) => one.boxes)],
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
    boxes: drawing.boxes.map(({ box, at, text }) => ({ box, at: shift(at, dx, dy), text: shift(text, dx, dy) })),
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
