// Actors that the story will have: the page shows where they will begin, and that they have not.
import type { AnyStateNode } from "xstate";
import { subscriptionDefinition } from "../../../machines/subscription/definition.ts";
import type { SandboxState } from "../../support/answers/sandbox.ts";
import type { KnownActor } from "./facts.ts";

function firstStates(node: AnyStateNode): string[] {
  if (node.type === "parallel") return Object.values(node.states).flatMap(firstStates);
  if (node.type === "compound") return node.initial.target.flatMap(firstStates);
  return [node.path.join(".")];
}

const SUBSCRIPTION = { machine: "subscription", states: firstStates(subscriptionDefinition.machine.root) } as const;

/** Somebody whom nobody knows has nothing to come. */
export const toCome = (known: readonly KnownActor[]): SandboxState["toCome"] =>
  known.length === 0 || known.some(({ view }) => view.machine === "subscription") ? [] : [SUBSCRIPTION];
