// Walks everything a machine can get into with the given events, and says which of its transitions were never taken.
import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { firstStep, type LiveActor, leafPaths, nextStep, restore, type Step } from "../../../src/runtime/step.ts";
import { inertScope } from "../../../src/runtime/xstate-scope.ts";

type Node = AnyStateMachine["root"];
export type SeenEvent = { readonly type: string; readonly at: number; readonly [field: string]: unknown };

export interface Visit<C> {
  readonly before: { readonly state: string; readonly context: C };
  readonly event: SeenEvent;
  readonly after: { readonly state: string; readonly context: C };
  readonly step: Step;
}

export interface Exploration<C> {
  readonly definition: MachineDefinition;
  readonly id: string;
  readonly first: SeenEvent;
  /** Everything that may happen now. Results of work and timers are offered only while they run. */
  readonly events: (context: C) => readonly SeenEvent[];
  /** What of the context makes two situations different; the state is always part of it. */
  readonly keyOf: (context: C) => unknown;
  /** Invariants, asserted on every step. */
  readonly check?: (visit: Visit<C>) => void;
}

export interface Explored {
  readonly situations: number;
  /** Leaf states reached. */
  readonly states: ReadonlySet<string>;
  /** `<source state> <event> #<n>` of each transition never taken. */
  readonly untaken: readonly string[];
  /** Situations without timer, running work or any event that leaves them. */
  readonly deadEnds: readonly string[];
}

export function explore<C>({ definition, id, first, events, keyOf, check }: Exploration<C>): Explored {
  const address = `${definition.name}/${id}`;
  const taken = new Set<unknown>();
  const states = new Set<string>();
  const deadEnds: string[] = [];
  const seen = new Set<string>();
  const queue: LiveActor[] = [];
  const stateOf = (actor: LiveActor) => [...leafPaths(actor.snapshot)].sort().join(" ");
  const contextOf = (actor: LiveActor) => actor.snapshot.context as C;
  const visit = (actor: LiveActor) => {
    const key = JSON.stringify([actor.snapshot.value, keyOf(contextOf(actor))]);
    if (seen.has(key)) return;
    seen.add(key);
    for (const path of leafPaths(actor.snapshot)) states.add(path);
    // As it would lie in the store.
    queue.push(restore(definition, JSON.parse(JSON.stringify(actor.envelope))));
  };
  const note = (snapshot: AnyMachineSnapshot, event: SeenEvent) => {
    for (const transition of definition.machine.getTransitionData(snapshot as never, event as never))
      taken.add(transition);
  };

  const born = definition.machine.getInitialSnapshot(
    inertScope(definition.machine) as never,
    { id, at: first.at } as never,
  );
  note(born as AnyMachineSnapshot, first);
  visit(firstStep(definition, address, id, first, 1).next);
  for (let actor = queue.shift(); actor; actor = queue.shift()) {
    const now = events(contextOf(actor)).filter((event) => isPossible(actor, event));
    let leaves = false;
    for (const event of [...now, ...timersOf(actor)]) {
      note(actor.snapshot, event);
      const step = nextStep(definition, address, actor, event, 2);
      const after = { state: stateOf(step.next), context: contextOf(step.next) };
      check?.({ before: { state: stateOf(actor), context: contextOf(actor) }, event, after, step });
      if (after.state !== stateOf(actor)) leaves = true;
      visit(step.next);
    }
    if (!leaves) deadEnds.push(stateOf(actor));
  }
  return {
    situations: seen.size,
    states,
    deadEnds,
    untaken: [...transitionsOf(definition.machine.root as Node)]
      .filter(([transition]) => !taken.has(transition))
      .map(([, name]) => name),
  };
}

function isPossible(actor: LiveActor, event: SeenEvent): boolean {
  const result = /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(event.type);
  return result === null || (result[1] as string) in actor.envelope.invocations;
}

function timersOf(actor: LiveActor): SeenEvent[] {
  return Object.entries(actor.envelope.timers).map(([id, { dueAt }]) => ({ type: `xstate.after.${id}`, at: dueAt }));
}

function* transitionsOf(node: Node): Iterable<readonly [unknown, string]> {
  for (const [event, list] of node.transitions) {
    for (const [index, transition] of list.entries()) yield [transition, `${node.id} ${event} #${index}`];
  }
  for (const child of Object.values(node.states)) yield* transitionsOf(child as Node);
}
