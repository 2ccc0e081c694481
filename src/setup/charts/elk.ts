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
  "elk.layered.edgeLabels.centerLabelPlacementStrategy": "SPACE_EFFICIENT_LAYER",
  "elk.separateConnectedComponents": "false",
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
  "elk.spacing.nodeNode": "22",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.edgeLabel": "3",
  "elk.randomSeed": "1",
} as const satisfies Record<string, string>;

/** What is tried for every chart; which is best differs from machine to machine. */
export interface Style {
  /** Which lines go upwards, in a machine that goes round in circles. */
  readonly cycles: "DEPTH_FIRST" | "GREEDY";
  /** How far the order in the machine's file decides what stands left or above. */
  readonly order: "NODES_AND_EDGES" | "NONE";
  /** Whether the text of a compound state stands above all within it, or is laid out like a box that no line may cross. */
  readonly text: "above" | "beside";
  /** Whether the initial state of the region is kept at its top, at the price of more lines that go up. */
  readonly start: "top" | "anywhere";
}

/** All that are tried, in a fixed order: of two that are as easy to read the earlier is taken. */
export const STYLES: readonly Style[] = (["DEPTH_FIRST", "GREEDY"] as const).flatMap((cycles) =>
  (["NODES_AND_EDGES", "NONE"] as const).flatMap((order) =>
    (["above", "beside"] as const).flatMap((text) =>
      (["top", "anywhere"] as const).map((start) => ({ cycles, order, text, start })),
    ),
  ),
);

export const INLINE_LABEL = { "elk.edgeLabels.placement": "CENTER", "elk.edgeLabels.inline": "true" } as const;
export const ABOVE_ALL = { "elk.layered.layering.layerConstraint": "FIRST_SEPARATE" } as const;
export const AT_THE_TOP = { "elk.layered.layering.layerConstraint": "FIRST" } as const;

/** @param top Room for the header. @param width That the header needs. Unit: CSS pixels. */
export function containerOptions({ cycles, order }: Style, top: number, width: number): Record<string, string> {
  return {
    ...LAYERED,
    "elk.layered.cycleBreaking.strategy": cycles,
    "elk.layered.considerModelOrder.strategy": order,
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
