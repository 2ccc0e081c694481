// Questions about a machine's states, by their paths.
import type { AnyStateMachine, AnyStateNode } from "xstate";

/** @param path dotted, such as `billing.active`; "" is the root. @returns null when the machine has no such state. */
export function nodeAt(machine: AnyStateMachine, path: string): AnyStateNode | null {
  let node: AnyStateNode = machine.root;
  for (const key of path === "" ? [] : path.split(".")) {
    const below = Object.hasOwn(node.states, key) ? node.states[key] : undefined;
    if (!below) return null;
    node = below;
  }
  return node;
}

/** From the state itself up to the root. */
export function* upwards(node: AnyStateNode): Iterable<AnyStateNode> {
  for (let at: AnyStateNode | undefined = node; at; at = at.parent) yield at;
}

/**
 * Whether an actor that came here has come to its end: nothing leads out, or only to other states that are an end, as a refund can still
 * be charged back, and never back into a life.
 * @param above where the question comes from: whoever gets back there has not come to an end
 */
export function isEnd(node: AnyStateNode, above: ReadonlySet<AnyStateNode> = new Set()): boolean {
  if (above.has(node)) return false;
  const seen = new Set([...above, node]);
  return [...upwards(node)].every((at) =>
    [...at.transitions.values()]
      .flat()
      .concat(at.always ?? [])
      .flatMap(({ target }) => target ?? [])
      .every((aim) => aim === node || isEnd(aim, seen)),
  );
}

/** Paths of all states below a node, in the order in which the machine has them. */
export function statePaths(node: AnyStateNode): readonly string[] {
  return Object.values(node.states).flatMap((child) => [child.path.join("."), ...statePaths(child)]);
}
