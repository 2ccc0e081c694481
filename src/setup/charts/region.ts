// One region of a machine, or a whole machine without regions, laid out by ELK.
import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk.bundled.js";
import type { ChartEdge } from "../../console/chart/outline.ts";
import { type Box, HEADER_HEIGHT, nameWidth, TEXT_INSET } from "./boxes.ts";
import { ABOVE_ALL, AT_THE_TOP, containerOptions, INLINE_LABEL, layOut, STYLES, type Style } from "./elk.ts";
import type { Drawing, Point, Rectangle, Way } from "./geometry.ts";
import { readingEffort } from "./measure.ts";
import { labelSize } from "./way-label.ts";

const DOT = 10;
const START = "#start:";
/** What is written in a compound state is laid out as a box of its own, so that no line is drawn across it. */
const TEXT = "#text:";
const ROOM = "#room:";
const BELOW_HEADER = 8;

/**
 * Tries every style and takes the one that is easiest to read.
 * @param boxes of the whole machine, by path.
 * @param edges of the whole machine.
 * @throws Error when the engine knows no layout at all, as for a line that leads out of the region.
 */
export async function drawRegion(
  region: Box,
  boxes: ReadonlyMap<string, Box>,
  edges: readonly ChartEdge[],
): Promise<Drawing> {
  const drawn = edges.filter(({ drawn, source }) => drawn && isWithin(region.state.path, source));
  const bundles = bundled(drawn);
  const initials = [...boxes.values()].filter(({ state }) => isInitial(state, boxes, region.state.path));
  const lines = [
    ...initials.map(({ state }) => ({
      id: `${START}${state.path}`,
      sources: [`${START}${state.parent}`],
      targets: [state.path],
    })),
    ...bundles.map(lineOf),
  ];
  let best: { effort: number; drawing: Drawing } | undefined;
  for (const style of STYLES) {
    // The engine writes its results into what it is given, so every try gets a graph of its own.
    const graph = await layOut(structuredClone({ ...node(region, boxes, style, style.start === "top"), edges: lines }));
    if (graph === null) continue;
    const drawing = read(graph, boxes, bundles);
    const effort = readingEffort(drawing);
    if (best === undefined || effort < best.effort) best = { effort, drawing };
  }
  if (best === undefined) throw new Error(`no layout was found for ${region.state.key}`);
  return best.drawing;
}

const isWithin = (outer: string, path: string): boolean =>
  outer === "" || path === outer || path.startsWith(`${outer}.`);

function isInitial(state: Box["state"], boxes: ReadonlyMap<string, Box>, region: string): boolean {
  if (!state.initial || state.parent === null || !isWithin(region, state.parent)) return false;
  return boxes.get(state.parent)?.state.kind === "compound";
}

function bundled(edges: readonly ChartEdge[]): ChartEdge[][] {
  const bundles = new Map<string, ChartEdge[]>();
  for (const edge of edges) {
    const way = `${edge.source} → ${edge.targets.join(" ")}`;
    bundles.set(way, [...(bundles.get(way) ?? []), edge]);
  }
  return [...bundles.values()];
}

function lineOf(bundle: readonly ChartEdge[], index: number): ElkExtendedEdge {
  const { source, targets } = bundle[0] ?? { source: "", targets: [] };
  const label = { text: String(index), ...labelSize(bundle), layoutOptions: INLINE_LABEL };
  return { id: String(index), sources: [source], targets: [...targets], labels: [label] };
}

/** @param isOnTop Whether the initial state within is to be kept at the top. */
function node(box: Box, boxes: ReadonlyMap<string, Box>, style: Style, isOnTop = false): ElkNode {
  const { state, width, height } = box;
  const inner = [...boxes.values()].filter(({ state: { parent } }) => parent === state.path);
  if (inner.length === 0) return { id: state.path, width, height };
  const dot = { id: `${START}${state.path}`, width: DOT, height: DOT, ...(isOnTop && { layoutOptions: ABOVE_ALL }) };
  const isBeside = style.text === "beside" && box.lines.length > 0;
  // A wide box without height keeps the state as wide as its text, which the engine otherwise forgets.
  const text = {
    id: `${isBeside ? TEXT : ROOM}${state.path}`,
    width: width - (isBeside ? 0 : 2 * TEXT_INSET),
    height: isBeside ? height - HEADER_HEIGHT : 1,
    layoutOptions: AT_THE_TOP,
  };
  const children = inner.map((one) => {
    const child = node(one, boxes, style);
    if (!isOnTop || !one.state.initial) return child;
    return { ...child, layoutOptions: { ...child.layoutOptions, ...AT_THE_TOP } };
  });
  return {
    id: state.path,
    children: [...(box.lines.length > 0 ? [text] : []), ...(state.kind === "compound" ? [dot] : []), ...children],
    layoutOptions: containerOptions(style, (isBeside ? HEADER_HEIGHT : height) + BELOW_HEADER, nameWidth(state.key)),
  };
}

function read(graph: ElkNode, boxes: ReadonlyMap<string, Box>, bundles: readonly ChartEdge[][]): Drawing {
  const places = new Map<string, Rectangle>();
  collect(graph, { x: 0, y: 0 }, places);
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    boxes: [...places].flatMap(([id, at]) => {
      const box = boxes.get(id);
      if (box === undefined) return [];
      const text = places.get(`${TEXT}${id}`) ?? { x: at.x, y: at.y + HEADER_HEIGHT };
      return [{ box, at, text: { x: text.x, y: text.y } }];
    }),
    ways: (graph.edges ?? []).flatMap((edge) => wayOf(edge, places, graph.id, bundles[Number(edge.id)] ?? [])),
    starts: [...places]
      .filter(([id]) => id.startsWith(START))
      .map(([, { x, y }]) => ({ x: x + DOT / 2, y: y + DOT / 2 })),
  };
}

function collect(
  { id, x = 0, y = 0, width = 0, height = 0, children = [] }: ElkNode,
  from: Point,
  into: Map<string, Rectangle>,
) {
  const at = { x: from.x + x, y: from.y + y };
  into.set(id, { ...at, width, height });
  for (const child of children) collect(child, at, into);
}

/** ELK counts from the innermost state that holds both ends, and names it. */
function wayOf(
  edge: ElkExtendedEdge & { container?: string },
  places: ReadonlyMap<string, Rectangle>,
  region: string,
  edges: readonly ChartEdge[],
): Way[] {
  const container = edge.container ?? region;
  const { x, y } = places.get(container) ?? { x: 0, y: 0 };
  const [section] = edge.sections ?? [];
  if (section === undefined) throw new Error(`no line was found for ${edges[0]?.id ?? edge.id}`);
  const [label] = edge.labels ?? [];
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  return [
    {
      edges,
      points: points.map((point) => ({ x: x + point.x, y: y + point.y })),
      label:
        label === undefined
          ? null
          : { x: x + (label.x ?? 0), y: y + (label.y ?? 0), width: label.width ?? 0, height: label.height ?? 0 },
    },
  ];
}
