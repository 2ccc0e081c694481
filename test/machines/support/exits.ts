// Ways out of each state, read from the chart: rule 12 says that nobody may be stuck.
import type { AnyStateMachine, AnyTransitionDefinition } from "xstate";

type Node = AnyStateMachine["root"];

interface WaysOut {
  /** By time, or by the outcome of work that ends by itself. */
  readonly timed: readonly string[];
  /** By somebody's event. */
  readonly explicit: readonly string[];
}

/**
 * Per leaf state of a region (`""` is the whole machine): what leads to another state of the region. Events that are handled
 * above the region's own states, such as a revocation from anywhere, are left out: they would excuse every state.
 */
export function waysOut(machine: AnyStateMachine, region = ""): Readonly<Record<string, WaysOut>> {
  const root = region === "" ? machine.root : (machine.root.states[region] as Node);
  return Object.fromEntries(leavesOf(root).map((leaf) => [pathOf(leaf, root), waysOutOf(leaf, root)]));
}

function waysOutOf(leaf: Node, root: Node): WaysOut {
  const timed = new Set<string>();
  const explicit = new Set<string>();
  for (const node of ancestry(leaf, root)) {
    for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
      if (!leaves(transition, leaf)) continue;
      const { eventType } = transition;
      (eventType === "" || eventType.startsWith("xstate.") ? timed : explicit).add(shortName(eventType));
    }
  }
  return { timed: [...timed].sort(), explicit: [...explicit].sort() };
}

/** A transition into the state itself, or into one that contains it, is no way out. */
const leaves = ({ target }: AnyTransitionDefinition, leaf: Node): boolean =>
  target?.some((node) => node !== leaf && !ancestry(leaf, null).includes(node as Node)) ?? false;

const shortName = (eventType: string) =>
  eventType === ""
    ? "always"
    : eventType.replace(/^xstate\.after\.([^.]+)\..*$/, "$1").replace(/^xstate\.(done|error)\.actor\./, "$1.");

function ancestry(leaf: Node, root: Node | null): Node[] {
  const nodes: Node[] = [];
  for (let node: Node | undefined = leaf; node && node !== root; node = node.parent as Node | undefined)
    nodes.push(node);
  return nodes;
}

const leavesOf = (node: Node): Node[] => {
  const children = Object.values(node.states) as Node[];
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
};

const pathOf = (leaf: Node, root: Node): string => leaf.path.slice(root.path.length).join(".");
