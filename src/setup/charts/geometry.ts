// Where everything of a chart stands, before it is written as SVG: what tests of the layout read. Unit: CSS pixels, origin top left.
import type { ChartEdge } from "../../console/chart/outline.ts";
import type { Box } from "./boxes.ts";

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
