// What makes a drawing hard to read, in numbers. The layout is chosen by them, and tests hold them.
import { HEADER_HEIGHT, nameWidth, TEXT_INSET } from "./boxes.ts";
import type { Drawing, PlacedBox, Point, Rectangle } from "./geometry.ts";

interface Segment {
  readonly way: number;
  readonly from: Point;
  readonly to: Point;
}

const segmentsOf = (drawing: Drawing): Segment[] =>
  drawing.ways.flatMap(({ points }, way) =>
    points.slice(1).flatMap((to, index) => {
      const from = points[index];
      return from === undefined ? [] : [{ way, from, to }];
    }),
  );

const isFlat = ({ from, to }: Segment): boolean => Math.abs(from.y - to.y) < 0.5;
const isBetween = (value: number, a: number, b: number): boolean =>
  value > Math.min(a, b) + 0.5 && value < Math.max(a, b) - 0.5;

/** How often two lines cross. */
export function crossings(drawing: Drawing): number {
  const segments = segmentsOf(drawing);
  const flat = segments.filter(isFlat);
  const steep = segments.filter((segment) => !isFlat(segment));
  let count = 0;
  for (const a of flat)
    for (const b of steep)
      if (a.way !== b.way && isBetween(b.from.x, a.from.x, a.to.x) && isBetween(a.from.y, b.from.y, b.to.y)) count += 1;
  return count;
}

/** Sum of all lines. Unit: CSS pixels. */
export const lineLength = (drawing: Drawing): number =>
  segmentsOf(drawing).reduce((sum, { from, to }) => sum + Math.abs(from.x - to.x) + Math.abs(from.y - to.y), 0);

/** Bends of all lines. */
export const bends = (drawing: Drawing): number =>
  drawing.ways.reduce((sum, { points }) => sum + Math.max(0, points.length - 2), 0);

export const overlaps = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Lines that are drawn across the header or the text of a state. */
export function crossedTexts(drawing: Drawing): number {
  const segments = segmentsOf(drawing);
  const texts = drawing.boxes.flatMap(({ box, at }) => [
    { x: at.x, y: at.y + 2, width: nameWidth(box.state.key) - 24, height: HEADER_HEIGHT - 4 },
    ...(box.lines.length === 0
      ? []
      : [
          {
            x: at.x + TEXT_INSET,
            y: at.y + HEADER_HEIGHT,
            width: box.textWidth,
            height: box.height - HEADER_HEIGHT,
          },
        ]),
  ]);
  return segments.filter((segment) => texts.some((text) => overlaps(around(segment), text))).length;
}

const around = ({ from, to }: Segment): Rectangle => ({
  x: Math.min(from.x, to.x),
  y: Math.min(from.y, to.y),
  width: Math.max(1, Math.abs(from.x - to.x)),
  height: Math.max(1, Math.abs(from.y - to.y)),
});

/** How far the eye looks down to find where a life begins: the outermost start comes first. Unit: CSS pixels. */
const startDepth = ({ starts }: Drawing): number => starts[0]?.y ?? 0;

/** What a life that does not begin at the top costs, in lines against the story. */
const LATE = 24;

/**
 * How often the eye, going down, meets the story out of order: a state where its life begins below one of its siblings (counts as many),
 * a line from a state to one that the machine's file names later, but which stands above it.
 */
export function againstStory({ boxes, ways }: Drawing): number {
  const index = new Map(boxes.map(({ box }, at) => [box.state.path, at]));
  const order = new Map(
    boxes.map(({ box: { state, isRegion }, at }, place) => {
      const isFirst = state.initial && !isRegion && state.parent !== null;
      return [state.path, { index: isFirst ? (index.get(state.parent ?? "") ?? 0) + 0.5 : place, at }];
    }),
  );
  const late = boxes.filter(
    ({ box, at }) => box.state.initial && !box.isRegion && at.y > highest(siblingsOf(box, boxes)) + 5,
  );
  const backward = ways.filter(({ edges: [edge] }) => {
    if (edge === undefined) return false;
    const [from, to] = apart(edge.source, edge.targets[0] ?? edge.source).map((path) => order.get(path));
    if (from === undefined || to === undefined || from.at.y === to.at.y) return false;
    return from.index < to.index !== from.at.y < to.at.y;
  });
  return LATE * late.length + backward.length;
}

const siblingsOf = ({ state }: PlacedBox["box"], boxes: readonly PlacedBox[]): readonly PlacedBox[] =>
  boxes.filter(({ box }) => box.state.parent === state.parent);
const highest = (boxes: readonly PlacedBox[]): number => Math.min(...boxes.map(({ at }) => at.y));

/** The states side by side that a line leads between: those of its ends, or the states around them. */
export function apart(source: string, target: string): [string, string] {
  const [from, to] = [source.split("."), target.split(".")];
  let shared = 0;
  while (shared < Math.min(from.length, to.length) - 1 && from[shared] === to[shared]) shared += 1;
  return [from.slice(0, shared + 1).join("."), to.slice(0, shared + 1).join(".")];
}

/** Less is better: a crossing costs as much as 250 pixels of line, a line across text as much as four crossings, one against the story as two. */
export function readingEffort(drawing: Drawing): number {
  const size = Math.max(drawing.width / 1.3, drawing.height);
  return (
    250 * crossings(drawing) +
    1000 * crossedTexts(drawing) +
    500 * againstStory(drawing) +
    40 * bends(drawing) +
    lineLength(drawing) +
    8 * size +
    10 * startDepth(drawing)
  );
}
