// A large machine at a glance: its regions, the states right within them, and one line for all that leads from one of these to another.
import type { ChartEdge, Outline } from "../../console/chart/outline.ts";

export interface Overview {
  readonly outline: Outline;
  /** What is written in a box whose inner states are not drawn, by path. */
  readonly notes: ReadonlyMap<string, string>;
}

/** So many events of a line are named; the others are counted. */
const NAMED = 2;

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
  const pairs = new Map<string, ChartEdge[]>();
  for (const edge of edges) {
    const [target = ""] = edge.targets;
    const [source, end] = [boxAround(edge.source), boxAround(target)];
    if (!edge.drawn || source === end || depthOf(source) < depth || depthOf(end) < depth) continue;
    const lifted = { ...edge, source, targets: [end], label: edge.label.split(" [", 1)[0] ?? "", guard: null };
    pairs.set(`${source} → ${end}`, [...(pairs.get(`${source} → ${end}`) ?? []), lifted]);
  }
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
      edges: [...pairs.values()].flatMap(fewOf),
    },
    notes,
  };
}

const depthOf = (path: string): number => (path === "" ? 0 : path.split(".").length);

/** The most telling events, each once: what people and the world say before what happens by itself. */
function fewOf(edges: readonly ChartEdge[]): ChartEdge[] {
  const byLabel = new Map([...edges].reverse().map((edge) => [edge.label, edge]));
  const ordered = [...byLabel.values()].reverse().sort((a, b) => silence(a) - silence(b));
  const more = ordered.length - NAMED;
  const [next] = ordered.slice(NAMED);
  if (next === undefined) return ordered;
  return [...ordered.slice(0, NAMED), { ...next, label: `+${more}`, delay: null }];
}

const silence = ({ event, delay }: ChartEdge): number =>
  event === "" ? 2 : delay !== null || !event.startsWith("xstate.") ? 0 : 1;
