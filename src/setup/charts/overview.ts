// A large machine at a glance: its regions, the states right within them, and one line for all that leads from one of these to another.
import type { ChartEdge, ChartState, Outline } from "../../console/chart/outline.ts";

export interface Overview {
  readonly outline: Outline;
  /** What is written in a box whose inner states are not drawn, by path. */
  readonly notes: ReadonlyMap<string, string>;
}

/** One that stands for others as well. */
export interface ToldEdge extends ChartEdge {
  /** Their ids, the ones that are only counted included. */
  readonly also?: readonly string[];
}

/** So many events of a line are named; the others are counted. */
const NAMED = 2;
/** What a whole region does is told at the region. Where a line shows it as well, that has no id: it is never lit for another state's sake. */
export const ECHO = "";

/** Null: the machine has no states within states that a smaller drawing could leave out. */
export function overviewOf(outline: Outline): Overview | null {
  const { states, edges } = outline;
  const depth = states[0]?.kind === "parallel" ? 2 : 1;
  const notes = new Map<string, string>();
  for (const { path, kind } of states) {
    if (depthOf(path) !== depth || kind === "atomic" || kind === "final") continue;
    notes.set(path, `${states.filter((inner) => inner.path.startsWith(`${path}.`)).length} states within`);
  }
  if (notes.size === 0) return null;
  const boxAround = (path: string): string => path.split(".").slice(0, depth).join(".");
  const lifted = edges.flatMap((edge): ChartEdge[] => {
    const [target = ""] = edge.targets;
    const [source, end] = [boxAround(edge.source), boxAround(target)];
    if (source === end || depthOf(end) < depth) return [];
    return [{ ...edge, source, targets: [end], label: edge.label.split(" [", 1)[0] ?? "", guard: null }];
  });
  const between = lifted.filter(({ source }) => depthOf(source) === depth);
  const drawn = withWaysOut(between);
  const wide = lifted.filter(({ source }) => depthOf(source) === depth - 1);
  return {
    outline: {
      ...outline,
      states: states
        .filter(({ path }) => depthOf(path) <= depth)
        .map((state) => ({
          ...state,
          kind: notes.has(state.path) ? "atomic" : state.kind,
          entry: [],
          exit: [],
          invoke: [],
        })),
      edges: [
        ...groupedBy(wide, wayOf).map(inOneLine),
        ...groupedBy([...drawn, ...echoes(wide, drawn, states)], wayOf).flatMap(fewOf),
      ],
    },
    notes,
  };
}

const depthOf = (path: string): number => (path === "" ? 0 : path.split(".").length);
const wayOf = ({ source, targets: [target] }: ChartEdge): string => `${source} → ${target}`;
const targetOf = ({ targets: [target = ""] }: ChartEdge): string => target;
const tellingOf = (edge: ChartEdge): string => `${edge.label} → ${targetOf(edge)}`;
const isWithin = (outer: string, path: string): boolean =>
  path !== outer && (outer === "" || path.startsWith(`${outer}.`));

function groupedBy(edges: readonly ChartEdge[], keyOf: (edge: ChartEdge) => string): ChartEdge[][] {
  const groups = new Map<string, ChartEdge[]>();
  for (const edge of edges) groups.set(keyOf(edge), [...(groups.get(keyOf(edge)) ?? []), edge]);
  return [...groups.values()];
}

/**
 * What is a line in the chart; and where no line would leave a box that others do lead out of, the first way that the chart tells in
 * words.
 */
function withWaysOut(between: readonly ChartEdge[]): ChartEdge[] {
  const drawn = between.filter((edge) => edge.drawn);
  const [told, left] = [new Set(drawn.map(tellingOf)), new Set(drawn.map(({ source }) => source))];
  const listed = between.filter((edge) => !(left.has(edge.source) || told.has(tellingOf(edge))));
  const firstWay = new Map([...listed].reverse().map((edge) => [edge.source, wayOf(edge)]));
  return between
    .filter((edge) => edge.drawn || (listed.includes(edge) && firstWay.get(edge.source) === wayOf(edge)))
    .map((edge) => ({ ...edge, drawn: true }));
}

/**
 * A line for what a region does wherever it is, if the story would not get to where that leads: from the first box before it whose own
 * lines all lead back, as a checkout leads to what was paid for.
 */
function echoes(wide: readonly ChartEdge[], drawn: readonly ChartEdge[], boxes: readonly ChartState[]): ChartEdge[] {
  const order = boxes.map(({ path }) => path);
  const lines = new Set(drawn.map(wayOf));
  const leadsBack = (box: string) => {
    const own = drawn.filter(({ source }) => source === box);
    return own.length > 0 && own.every((edge) => lines.has(`${targetOf(edge)} → ${box}`));
  };
  return groupedBy(wide, ({ source }) => source).flatMap(([first]): ChartEdge[] => {
    if (first === undefined) return [];
    const aim = targetOf(first);
    const before = order.slice(0, order.indexOf(aim)).filter((path) => isWithin(first.source, path));
    if (before.length === 0 || drawn.some((edge) => targetOf(edge) === aim && before.includes(edge.source))) return [];
    const source = before.find(leadsBack);
    return source === undefined ? [] : [{ ...first, id: ECHO, source, kind: "external", drawn: true }];
  });
}

/** The most telling events, each once: what people and the world say before what happens by itself. */
function ranked(edges: readonly ChartEdge[]): ToldEdge[] {
  return groupedBy(edges, ({ label }) => label)
    .flatMap(([edge, ...same]) => (edge === undefined ? [] : [{ ...edge, also: idsOf(same) }]))
    .sort((a, b) => silence(a) - silence(b));
}

const idsOf = (edges: readonly ToldEdge[]): string[] =>
  edges.flatMap(({ id, also = [] }) => [id, ...also]).filter((id) => id !== ECHO);

function fewOf(edges: readonly ChartEdge[]): ToldEdge[] {
  const [named, [next, ...others]] = cut(ranked(edges));
  if (next === undefined) return named;
  return [
    ...named,
    { ...next, label: `+${others.length + 1}`, also: [...idsOf(others), ...(next.also ?? [])], delay: null },
  ];
}

/** Text in the box of a region. */
function inOneLine(edges: readonly ChartEdge[]): ToldEdge {
  const all = ranked(edges);
  const [named, more] = cut(all);
  const [first] = all;
  if (first === undefined) throw new Error("a line of no transitions");
  const label = [named.map((edge) => edge.label).join(", "), ...(more.length > 0 ? [`+${more.length}`] : [])].join(" ");
  return { ...first, label, also: idsOf(all).filter((id) => id !== first.id), drawn: false };
}

const cut = (edges: readonly ToldEdge[]): [ToldEdge[], ToldEdge[]] => [edges.slice(0, NAMED), edges.slice(NAMED)];

const silence = ({ event, delay }: ChartEdge): number =>
  event === "" ? 2 : delay !== null || !event.startsWith("xstate.") ? 0 : 1;
