// Paths through a machine, generated with xstate/graph over the runtime's pure step: which transitions are never taken, and
// what holds on every edge. Situations are told apart by the state and by what the test says matters of the context.
import type { AnyStateMachine, AnyTransitionDefinition, Snapshot } from "xstate";
import { getAdjacencyMap, type TraversalOptions } from "xstate/graph";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { readEnvelope, writeEnvelope } from "../../../src/runtime/envelope.ts";
import {
  firstStep,
  type LiveActor,
  leafPaths,
  nextStep,
  restore,
  type Step,
  timerEvent,
} from "../../../src/runtime/step.ts";
import { inertScope } from "../../../src/runtime/xstate-scope.ts";

/** A public event; `afterMs`: how long after the step before it comes (one minute unless said). */
export interface Sample {
  readonly type: string;
  readonly afterMs?: number;
  readonly [field: string]: unknown;
}

export interface Edge<C> {
  readonly before: { readonly states: readonly string[]; readonly context: C } | null;
  readonly event: Sample & { readonly at: number };
  readonly after: { readonly states: readonly string[]; readonly context: C };
  readonly step: Step;
}

interface Walk<C> {
  readonly definition: MachineDefinition;
  readonly id: string;
  /** Epoch ms of the first event. */
  readonly startAt: number;
  readonly samples: readonly Sample[] | ((context: C, now: number) => readonly Sample[]);
  /** Per invocation source: the outputs to try. A failure is tried always. */
  readonly outputs?: Readonly<Record<string, readonly unknown[]>>;
  /** Failures to try; unless said, one for good. */
  readonly failures?: readonly { readonly code: string; readonly final: boolean }[];
  /** What of the context makes two situations different. The state is always part of it. */
  readonly facets: (context: C, now: number) => unknown;
  readonly check?: (edge: Edge<C>) => void;
  /** Situations to look at, at most. */
  readonly limit?: number;
}

export interface Walked {
  readonly situations: number;
  readonly states: ReadonlySet<string>;
  /** Transitions that no path takes: `<state> <event> #<n>`. */
  readonly untaken: readonly string[];
}

type WalkSnapshot = Snapshot<unknown> & { readonly actor: LiveActor | null; readonly now: number };
const MINUTE_MS = 60_000;

export function walk<C>({
  definition,
  id,
  startAt,
  samples,
  outputs = {},
  failures = [{ code: "effect.rejected", final: true }],
  facets,
  check,
  limit = 20_000,
}: Walk<C>): Walked {
  const address = `${definition.name}/${id}`;
  const taken = recordTaken(definition.machine);
  const states = new Set<string>();
  const accepted = new WeakSet<Sample>();
  const situation = (actor: LiveActor | null) =>
    actor === null ? null : { states: leafPaths(actor.snapshot), context: actor.snapshot.context as C };

  const apply = (from: WalkSnapshot, sample: Sample): WalkSnapshot => {
    const { afterMs, ...bare } = sample;
    const dueAt = from.actor?.envelope.timers[bare.type.replace("xstate.after.", "")]?.dueAt;
    const at = dueAt === undefined ? from.now + (afterMs ?? MINUTE_MS) : Math.max(dueAt, from.now);
    const event = { ...bare, at };
    if (!bare.type.startsWith("xstate.") && !accepted.has(sample)) {
      definition.event.parse(bare);
      accepted.add(sample);
    }
    const step =
      from.actor === null
        ? firstStep(definition, address, id, event, 1)
        : nextStep(definition, address, withoutResult(from.actor, bare.type), event, 2);
    const edge = {
      before: situation(from.actor),
      event,
      after: situation(step.next) as NonNullable<Edge<C>["before"]>,
      step,
    };
    for (const path of edge.after.states) states.add(path);
    check?.(edge);
    if (!step.changed && from.actor !== null) return { ...from, now: at };
    // What comes next starts from what would lie in the store.
    const stored = readEnvelope(definition, address, writeEnvelope(step.next.envelope));
    return { ...active, actor: restore(definition, stored), now: at };
  };

  const possible = ({ actor, now }: WalkSnapshot): Sample[] => {
    const given = typeof samples === "function" ? samples((actor?.snapshot.context ?? {}) as C, now) : samples;
    if (actor === null) return given.filter(({ type }) => definition.creators.has(type));
    const results = Object.entries(actor.envelope.invocations).flatMap(([child, { src }]) => [
      ...(outputs[src] ?? []).map((output) => ({ type: `xstate.done.actor.${child}`, output })),
      ...failures.map((error) => ({ type: `xstate.error.actor.${child}`, error })),
    ]);
    return [...given, ...Object.keys(actor.envelope.timers).map((id) => timerEvent(definition.name, id)), ...results];
  };

  const logic = {
    transition: (from: WalkSnapshot, event: Sample) => apply(from, event),
    getInitialSnapshot: () => ({ ...active, actor: null, now: startAt }),
    getPersistedSnapshot: (snapshot: WalkSnapshot) => snapshot,
  };
  const options: TraversalOptions<WalkSnapshot, Sample, unknown> = {
    events: possible,
    serializeState: ({ actor, now }) =>
      actor === null ? "before" : JSON.stringify([actor.snapshot.value, facets(actor.snapshot.context as C, now)]),
    serializeEvent: nameEvents(),
    limit,
  };
  const situations = Object.keys(getAdjacencyMap(logic as never, options as never)).length - 1;
  return {
    situations,
    states,
    untaken: transitionsOf(definition.machine.root)
      .filter(({ transition }) => !taken.has(transition))
      .map(({ name }) => name),
  };
}

/** Short names for events, which xstate/graph uses as keys again and again. */
function nameEvents(): (event: Sample) => string {
  const names = new WeakMap<Sample, string>();
  let count = 0;
  return (event) => {
    const known = names.get(event);
    if (known !== undefined) return known;
    count += 1;
    names.set(event, `${event.type}#${count}`);
    return `${event.type}#${count}`;
  };
}

const active = { status: "active", output: undefined, error: undefined } as const;

/** An outcome arrives once: the work no longer runs when it is applied. */
function withoutResult(actor: LiveActor, type: string): LiveActor {
  const child = /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(type)?.[1];
  if (child === undefined) return actor;
  const { [child]: _arrived, ...invocations } = actor.envelope.invocations;
  return { ...actor, envelope: { ...actor.envelope, invocations } };
}

/** XState tells its inspectors which transitions each microstep takes, eventless ones included. */
function recordTaken(machine: AnyStateMachine): ReadonlySet<AnyTransitionDefinition> {
  const taken = new Set<AnyTransitionDefinition>();
  const system = inertScope(machine).system as {
    inspect: (observer: (event: { type: string; _transitions?: AnyTransitionDefinition[] }) => void) => unknown;
  };
  system.inspect(({ type, _transitions }) => {
    if (type === "@xstate.microstep") for (const transition of _transitions ?? []) taken.add(transition);
  });
  return taken;
}

type Node = AnyStateMachine["root"];

/** Every transition that the chart shows: events, timers, outcomes, eventless ones. */
function transitionsOf(node: Node): { readonly transition: AnyTransitionDefinition; readonly name: string }[] {
  const own = [...node.transitions.values()].flat();
  const named = [...own, ...(node.always ?? [])].map((transition) => {
    const siblings =
      transition.eventType === ""
        ? (node.always ?? [])
        : own.filter(({ eventType }) => eventType === transition.eventType);
    return { transition, name: `${node.id} ${transition.eventType || "always"} #${siblings.indexOf(transition)}` };
  });
  return [...named, ...Object.values(node.states).flatMap((child) => transitionsOf(child as Node))];
}
