// From XState's machine object to an outline.
import type { AnyStateMachine } from "xstate";
import type { ChartEdge, ChartState, Outline } from "../../console/chart/outline.ts";
import { delayOf, eventNames, isOwnAction, nameOf } from "./labels.ts";
import { drawnIds, type PlainEdge } from "./what-to-draw.ts";

type StateNode = AnyStateMachine["root"];
type Transition = NonNullable<StateNode["always"]>[number];

/**
 * What stands in the machine itself; whether it is worth an overview is for others to say.
 * @param description of the machine, one sentence.
 * @throws Error for what charts have no drawing of: history states, and transitions with several targets.
 */
export function readMachine(name: string, machine: AnyStateMachine, description: string | null): Outline {
  const nodes = withDescendants(machine.root);
  const edges = nodes.flatMap((node) => edgesOf(machine, node));
  const drawn = drawnIds(edges);
  return {
    machine: name,
    hasOverview: false,
    description,
    states: nodes.map(stateOf),
    edges: edges.map(({ heading: _, ...edge }) => ({ ...edge, drawn: drawn.has(edge.id) })),
  };
}

const withDescendants = (node: StateNode): StateNode[] => [
  node,
  ...Object.values(node.states).flatMap(withDescendants),
];
const pathOf = (node: { readonly path: readonly string[] }): string => node.path.join(".");

function stateOf(node: StateNode): ChartState {
  const { type, parent } = node;
  if (type === "history") throw new Error(`${node.id} is a history state: charts have no drawing of one`);
  return {
    path: pathOf(node),
    key: node.key,
    kind: type,
    parent: parent === undefined ? null : pathOf(parent),
    initial: parent === undefined || parent.type === "parallel" || (parent.initial.target ?? []).includes(node),
    entry: node.entry.filter(isOwnAction).map(nameOf),
    exit: node.exit.filter(isOwnAction).map(nameOf),
    invoke: node.invoke.map(({ id, src }) => ({ id, src: nameOf(src) })),
    description: node.description ?? null,
  };
}

function edgesOf(machine: AnyStateMachine, node: StateNode): PlainEdge[] {
  const lists = [...[...node.transitions.values()], node.always ?? []];
  return lists.flatMap((branches) => branches.map((branch, order) => edgeOf(machine, node, branch, order, branches)));
}

function edgeOf(
  machine: AnyStateMachine,
  node: StateNode,
  { eventType: event, guard: given, target, reenter, actions }: Transition,
  order: number,
  branches: readonly Transition[],
): PlainEdge {
  const source = pathOf(node);
  const targets = (target ?? []).map(pathOf);
  if (targets.length > 1) throw new Error(`${node.id}: charts have no drawing of a transition with several targets`);
  const guard = given === undefined ? null : nameOf(given);
  const delay = delayOf(machine, event);
  const names = eventNames(event, delay, node.invoke.length);
  const condition = guard ?? (branches.some((branch) => branch.guard !== undefined) ? "else" : null);
  return {
    id: `${source}|${names.short}|${order}`,
    source,
    event,
    label: condition === null ? names.event : `${names.event} [${condition}]`,
    guard,
    targets,
    kind: kindOf(source, targets[0], reenter),
    actions: actions.filter(isOwnAction).map(nameOf),
    delay,
    heading: names.event,
  };
}

/** A transition of a state to itself does nothing but its actions, unless it re-enters. */
function kindOf(source: string, target: string | undefined, reenter: boolean): ChartEdge["kind"] {
  if (target === undefined) return "internal";
  if (target === source) return reenter ? "reenter" : "internal";
  return source === "" || target.startsWith(`${source}.`) ? "child" : "external";
}
