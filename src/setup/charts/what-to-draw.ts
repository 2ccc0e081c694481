// Which transitions become lines: a chart that draws all of them is one that nobody reads. The others are text in their source's box.
import type { ChartEdge } from "../../console/chart/outline.ts";

/** An edge before it is known whether it is drawn. */
export interface PlainEdge extends Omit<ChartEdge, "drawn"> {
  /** The event alone, as people read it. */
  readonly heading: string;
}

/** So many sources of one event to one target are told once as a line, and as text in the boxes of the others. */
const CROWD = 3;
/** Lines from more states than this to one and the same are a knot: then only the nearest few are drawn. */
const KNOT = 4;
const NEAREST = 3;

/**
 * Ids of the edges that are drawn: those that leave their state, without crowds and knots.
 * @param edges in the order of the machine.
 */
export function drawnIds(edges: readonly PlainEdge[]): ReadonlySet<string> {
  return new Set(withoutKnots(withoutCrowds(edges.filter(leavesHome))).map(({ id }) => id));
}

/** A line to a state around its own source would be drawn inside of that box, over everything. */
function leavesHome({ kind, source, targets }: PlainEdge): boolean {
  return kind === "external" && targets.every((target) => !source.startsWith(`${target}.`));
}

function withoutCrowds(edges: readonly PlainEdge[]): PlainEdge[] {
  const crowds = sourcesBy(edges, ({ heading, targets }) => `${heading} → ${targets.join(" ")}`);
  return edges.filter((edge) => {
    const sources = crowds(edge);
    return sources.length < CROWD || sources[0] === edge.source;
  });
}

function withoutKnots(edges: readonly PlainEdge[]): PlainEdge[] {
  const knots = sourcesBy(edges, ({ targets }) => targets.join(" "));
  return edges.filter((edge) => {
    const sources = knots(edge);
    if (sources.length <= KNOT) return true;
    const [target = ""] = edge.targets;
    const nearest = sources
      .map((source, order) => ({ source, order, steps: stepsBetween(source, target) }))
      .sort((a, b) => a.steps - b.steps || a.order - b.order)
      .slice(0, NEAREST);
    return nearest.some(({ source }) => source === edge.source);
  });
}

/** @returns the sources, each once and in order, of all edges that `keyOf` puts together with this one. */
function sourcesBy(edges: readonly PlainEdge[], keyOf: (edge: PlainEdge) => string) {
  const sources = new Map<string, Set<string>>();
  for (const edge of edges) sources.set(keyOf(edge), (sources.get(keyOf(edge)) ?? new Set()).add(edge.source));
  return (edge: PlainEdge): readonly string[] => [...(sources.get(keyOf(edge)) ?? [])];
}

/** How many borders of states a line crosses. */
function stepsBetween(source: string, target: string): number {
  const [from, to] = [source.split("."), target.split(".")];
  let shared = 0;
  while (shared < Math.min(from.length, to.length) && from[shared] === to[shared]) shared += 1;
  return from.length + to.length - 2 * shared;
}
