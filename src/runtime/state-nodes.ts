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

/** Whether some transition, of the state or of one that it lies in, leads elsewhere. */
export function leadsOut(node: AnyStateNode): boolean {
  for (const at of upwards(node)) {
    const ways = [...at.transitions.values()].flat().concat(at.always ?? []);
    if (ways.some(({ target }) => target?.some((aim) => aim !== node))) return true;
  }
  return false;
}

/** Paths of all states below a node, in the order in which the machine has them. */
export function statePaths(node: AnyStateNode): readonly string[] {
  return Object.values(node.states).flatMap((child) => [child.path.join("."), ...statePaths(child)]);
}
