// One region of a machine, or a whole machine without regions, laid out by ELK.
import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk.bundled.js";
import type { ChartEdge } from "../../console/chart/outline.ts";
import { type Box, nameWidth, TEXT_INSET } from "./boxes.ts";
import { ABOVE_ALL, AT_THE_TOP, containerOptions, INLINE_LABEL, layOut, type Style, type Wish } from "./elk.ts";
import type { Drawing, Point, Rectangle, Way } from "./geometry.ts";
import { apart, crossings, readingEffort } from "./measure.ts";
import { labelSize } from "./way-label.ts";

const DOT = 10;
const START = "#start:";
const ROOM = "#room:";
const TURNED = "#turned";
const LEAD = "#lead:";
const BELOW_HEADER = 8;

/**
 * Tries every style, and takes the one that is easiest to read.
 * @param boxes of the whole machine, by path.
 * @param edges of the whole machine.
 * @throws Error when the engine knows no layout at all, as for a line that leads out of the region.
 */
export async function drawRegion(
  region: Box,
  boxes: ReadonlyMap<string, Box>,
  edges: readonly ChartEdge[],
  { styles, widest, crossing }: Wish,
): Promise<Drawing> {
  const drawn = edges.filter(({ drawn, source }) => drawn && isWithin(region.state.path, source));
  const bundles = bundled(drawn);
  const order = storyOf(boxes);
  const initials = [...boxes.values()].filter(({ state }) => isInitial(state, boxes, region.state.path));
  const lines = [
    ...initials.map(({ state }) => ({
      id: `${START}${state.path}`,
      sources: [`${START}${state.parent}`],
      targets: [state.path],
    })),
    ...bundles.map((bundle, index) => lineOf(bundle, index, isBackward(bundle, order))),
  ];
  const leads = leadsFrom(initials, bundles, boxes, order);
  let best: { effort: number; drawing: Drawing } | undefined;
  for (const style of styles) {
    // The engine writes its results into what it is given, so every try gets a graph of its own.
    const graph = await layOut(
      structuredClone({
        ...node(region, boxes, style, true),
        edges: style.start === "led" ? [...lines, ...leads] : lines,
      }),
    );
    if (graph === null) continue;
    const found = read(graph, boxes, bundles);
    // Texts stand at the left of their boxes, so a drawing and its mirror image differ in which of them a line crosses.
    for (const drawing of [found, mirrored(found)]) {
      const effort =
        readingEffort(drawing) + crossing * crossings(drawing) + 1000 * Math.max(0, drawing.width - widest);
      if (best === undefined || effort < best.effort) best = { effort, drawing };
    }
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

/** In which order the states are told: that of the machine's file, where each life begins first. */
const storyOf = (boxes: ReadonlyMap<string, Box>): ReadonlyMap<string, number> => {
  const order = new Map([...boxes.keys()].map((path, index) => [path, index]));
  for (const { state, isRegion } of boxes.values())
    if (state.initial && !isRegion && state.parent !== null)
      order.set(state.path, (order.get(state.parent) ?? 0) + 0.5);
  return order;
};

/** Lines, never drawn, from an initial state to those of its siblings that no sibling leads down to. */
function leadsFrom(
  initials: readonly Box[],
  bundles: readonly (readonly ChartEdge[])[],
  boxes: ReadonlyMap<string, Box>,
  order: ReadonlyMap<string, number>,
): ElkExtendedEdge[] {
  const reached = new Set(
    bundles.map(([edge]) => {
      const ends = apart(edge?.source ?? "", edge?.targets[0] ?? "");
      return ends.sort((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0))[0];
    }),
  );
  return initials.flatMap(({ state }) =>
    [...boxes.values()]
      .filter((one) => one.state.parent === state.parent && !one.state.initial && !reached.has(one.state.path))
      .map((one) => ({ id: `${LEAD}${one.state.path}`, sources: [state.path], targets: [one.state.path] })),
  );
}

/** Whether it leads to a state that the machine's file names earlier. */
function isBackward([edge]: readonly ChartEdge[], order: ReadonlyMap<string, number>): boolean {
  const [from, to] = apart(edge?.source ?? "", edge?.targets[0] ?? "");
  return (order.get(from) ?? 0) > (order.get(to) ?? 0);
}

/** @param isTurned Laid out from its end to its beginning: the engine, which draws all downwards, then draws it upwards. */
function lineOf(bundle: readonly ChartEdge[], index: number, isTurned: boolean): ElkExtendedEdge {
  const { source, targets } = bundle[0] ?? { source: "", targets: [] };
  const label = { text: String(index), ...labelSize(bundle), layoutOptions: INLINE_LABEL };
  const [sources, ends] = isTurned ? [[...targets], [source]] : [[source], [...targets]];
  return { id: `${index}${isTurned ? TURNED : ""}`, sources, targets: ends, labels: [label] };
}

function node(box: Box, boxes: ReadonlyMap<string, Box>, style: Style, isRegion = false): ElkNode {
  const { state, width, height } = box;
  const inner = [...boxes.values()].filter(({ state: { parent } }) => parent === state.path);
  if (inner.length === 0) return { id: state.path, width, height };
  const isOnTop = isRegion || style.start === "held";
  const dot = { id: `${START}${state.path}`, width: DOT, height: DOT, ...(isOnTop && { layoutOptions: ABOVE_ALL }) };
  const children = inner.map((one) => {
    const child = node(one, boxes, style);
    if (!isOnTop || !one.state.initial) return child;
    return { ...child, layoutOptions: { ...child.layoutOptions, ...AT_THE_TOP } };
  });
  // A wide box without height keeps the state as wide as its text, which the engine otherwise forgets.
  const room = { id: `${ROOM}${state.path}`, width: width - 2 * TEXT_INSET, height: 1, layoutOptions: AT_THE_TOP };
  return {
    id: state.path,
    children: [...(box.lines.length > 0 ? [room] : []), ...(state.kind === "compound" ? [dot] : []), ...children],
    layoutOptions: containerOptions(style, height + BELOW_HEADER, nameWidth(state.key)),
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
      return [{ box, at }];
    }),
    ways: (graph.edges ?? [])
      .filter(({ id }) => !id.startsWith(LEAD))
      .flatMap((edge) => wayOf(edge, places, graph.id, bundles[Number.parseInt(edge.id, 10)] ?? [])),
    starts: [...places]
      .filter(([id]) => id.startsWith(START))
      .map(([, { x, y }]) => ({ x: x + DOT / 2, y: y + DOT / 2 })),
  };
}

function mirrored(drawing: Drawing): Drawing {
  const turned = <P extends Point>(one: P, width: number): P => ({ ...one, x: drawing.width - one.x - width });
  return {
    ...drawing,
    boxes: drawing.boxes.map(({ box, at }) => ({ box, at: turned(at, at.width) })),
    ways: drawing.ways.map(({ edges, points, label }) => ({
      edges,
      points: points.map((point) => turned(point, 0)),
      label: label && turned(label, label.width),
    })),
    starts: drawing.starts.map((start) => turned(start, 0)),
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
  const found = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  const points = edge.id.endsWith(TURNED) ? found.reverse() : found;
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
