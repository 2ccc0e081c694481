// The layout engine and how it is asked. Its options decide how a chart looks, so each says what it is for.
import Elk, { type ElkNode } from "elkjs/lib/elk.bundled.js";

/** Of every state that has states within it, and of the region as a whole. */
const LAYERED = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  // Lines may end in states of any depth.
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.separateConnectedComponents": "false",
  "elk.layered.spacing.nodeNodeBetweenLayers": "18",
  "elk.layered.spacing.edgeNodeBetweenLayers": "11",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
  "elk.spacing.nodeNode": "22",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.edgeLabel": "3",
} as const satisfies Record<string, string>;

/** What is tried for every chart; which is best differs from machine to machine. */
export interface Style {
  /**
   * How the initial state comes to stand at the top: "held" there in every state; "led": in the region only, and within other states
   * by lines from it to all that no other line leads to, which are not drawn; "region": there only.
   */
  readonly start: "held" | "led" | "region";
  /** Of the engine's random choices. */
  readonly seed: number;
  /** How states are put into rows: as near to each other as can be, or as near to its end. */
  readonly rows?: "NETWORK_SIMPLEX" | "LONGEST_PATH";
  /** In which row a line's label stands: where it needs no room of its own, or half way. */
  readonly labels?: "SPACE_EFFICIENT_LAYER" | "MEDIAN_LAYER";
}

/** All that are tried, in a fixed order: of two that are as easy to read the earlier is taken. */
export const STYLES: readonly Style[] = (["held", "led", "region"] as const).flatMap((start) =>
  [1, 2, 3, 4, 5, 6].map((seed) => ({ start, seed })),
);

/** What is looked for in a layout. */
export interface Wish {
  /** All that are tried. */
  readonly styles: readonly Style[];
  /** What is wider is taken only where nothing is narrower. Unit: CSS pixels. */
  readonly widest: number;
  /** What a crossing costs on top, in the unit of readingEffort. */
  readonly crossing: number;
}

export const WHOLE: Wish = { styles: STYLES, widest: Number.POSITIVE_INFINITY, crossing: 0 };

/** A drawing of few boxes: its labels are what makes it wide, and each crossing is seen. */
export const overviewWish = (widest: number): Wish => ({
  styles: (["NETWORK_SIMPLEX", "LONGEST_PATH"] as const).flatMap((rows) =>
    STYLES.map((style) => ({ ...style, rows, labels: "MEDIAN_LAYER" as const })),
  ),
  widest,
  crossing: 1000,
});

export const INLINE_LABEL = { "elk.edgeLabels.placement": "CENTER", "elk.edgeLabels.inline": "true" } as const;
export const ABOVE_ALL = { "elk.layered.layering.layerConstraint": "FIRST_SEPARATE" } as const;
export const AT_THE_TOP = { "elk.layered.layering.layerConstraint": "FIRST" } as const;

/** @param top Room for the header. @param width That the header needs. Unit: CSS pixels. */
export function containerOptions(
  { seed, rows = "NETWORK_SIMPLEX", labels = "SPACE_EFFICIENT_LAYER" }: Style,
  top: number,
  width: number,
): Record<string, string> {
  return {
    ...LAYERED,
    "elk.layered.layering.strategy": rows,
    "elk.layered.edgeLabels.centerLabelPlacementStrategy": labels,
    "elk.randomSeed": String(seed),
    "elk.padding": `[top=${top},left=14,bottom=14,right=14]`,
    "elk.nodeSize.constraints": "MINIMUM_SIZE",
    "elk.nodeSize.minimum": `(${width},${top})`,
  };
}

interface Engine {
  layout(graph: ElkNode): Promise<ElkNode>;
}

/** elkjs is CommonJS with `exports.default`; Node and bundlers differ in what a default import of that is. */
function engine(): Engine {
  const known = Elk as unknown as { default?: new () => Engine };
  const Known = known.default ?? (Elk as unknown as new () => Engine);
  return new Known();
}

/** Null where the engine throws: some graphs and some orders do not go together. */
export const layOut = (graph: ElkNode): Promise<ElkNode | null> =>
  engine()
    .layout(graph)
    .catch(() => null);
