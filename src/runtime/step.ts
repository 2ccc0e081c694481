import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { MachineDefinition } from "../../machines/definition.ts";
import { Effect } from "../../machines/effects.ts";
import type { InvocationName } from "../../machines/invocations.ts";
import { type Envelope, isEmpty, type StoredInvocation, type StoredTimer } from "./envelope.ts";
import type { ActorEvent } from "./ports.ts";
import { inertScope, type RawAction } from "./xstate-scope.ts";

/** What the outbox keeps: something to do without a result, or work whose result the actor waits for. */
export type StoredEffect =
  | { readonly kind: "effect"; readonly effect: Effect }
  | { readonly kind: "invoke"; readonly childId: string; readonly src: InvocationName; readonly input: unknown };

/** An actor in memory: its envelope and the live snapshot that goes with it. */
export interface LiveActor {
  readonly envelope: Envelope;
  readonly snapshot: AnyMachineSnapshot;
  /** leafPaths of the snapshot: asked for several times per step. */
  readonly states: readonly string[];
}

/** One pure step, as data. Timer ids are XState's without `xstate.after.`. */
export interface Step {
  readonly outcome: "applied" | "ignored";
  readonly note?: string;
  readonly next: LiveActor;
  /** The envelope differs from the one before. */
  readonly changed: boolean;
  readonly effects: readonly StoredEffect[];
  readonly timersSet: Readonly<Record<string, StoredTimer>>;
  readonly timersCancelled: readonly string[];
  /** Outbox entries of invocations that were left before they ended. */
  readonly invocationsStopped: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Of a forced state: names of the effects of leaving and entering, whether they run or not. */
  readonly entryEffects?: readonly string[];
}

const AFTER = "xstate.after.";
const NONE: readonly never[] = [];

/** Timer ids by machine and XState's id: as many as the machines' delays have, and asked for at each renewal. */
const timerIds = new Map<string, Map<string, string>>();

/** timerIdOf, remembered: XState makes the ids of `after` from the machine alone, so they are few. */
function knownTimerId(machine: string, xstateId: string): string {
  if (!xstateId.startsWith(AFTER)) return xstateId;
  const ids = timerIds.get(machine) ?? new Map<string, string>();
  if (ids.size === 0) timerIds.set(machine, ids);
  const known = ids.get(xstateId);
  if (known !== undefined) return known;
  const id = timerIdOf(machine, xstateId);
  ids.set(xstateId, id);
  return id;
}
/**
 * XState names a timer `xstate.after.<delay>.<machine>.<path>`. The prefix and the machine stand in its actor's address already, and the
 * name is written three times at each renewal: it is stored as `<delay>.<path>`.
 */
export function timerIdOf(machine: string, xstateId: string): string {
  if (!xstateId.startsWith(AFTER)) return xstateId;
  const [delay = "", root, ...path] = xstateId.slice(AFTER.length).split(".");
  return root === machine ? [delay, ...path].join(".") : xstateId;
}
/** The event a timer raises when nothing else was stored with it. */
export function timerEvent(machine: string, timerId: string): ActorEvent {
  const [delay = "", ...path] = timerId.split(".");
  return { type: `${AFTER}${[delay, machine, ...path].join(".")}` };
}
export const effectIdOf = (address: string, rev: number, index: number): string => `${address}|${rev}|${index}`;

/** Snapshot of stored JSON, ready to be stepped; never started. */
export function restore(definition: MachineDefinition, envelope: Envelope): LiveActor {
  const { machine } = definition;
  const stored = { historyValue: {}, children: {}, ...envelope.snapshot };
  const snapshot = machine.restoreSnapshot(stored as never, inertScope(machine) as never) as AnyMachineSnapshot;
  return { envelope, snapshot, states: leafPaths(snapshot) };
}

/**
 * Brings an actor into being and applies its first event in the same step.
 * @param event with `at`. @param rev revision that this step will have.
 */
export function firstStep(
  definition: MachineDefinition,
  address: string,
  id: string,
  event: ActorEvent & { at: number },
  rev: number,
): Step {
  const scope = inertScope(definition.machine);
  const actions: RawAction[] = [];
  scope.actionExecutor = (action) => actions.push(action);
  const born = definition.machine.getInitialSnapshot(
    scope as never,
    { id, at: event.at } as never,
  ) as AnyMachineSnapshot;
  if (born.status === "error") throw born.error;
  const blank: Envelope = {
    version: definition.version,
    snapshot: persist(definition.machine, born),
    timers: {},
    invocations: {},
  };
  const started = settle(
    definition,
    address,
    rev,
    event.at,
    { envelope: blank, snapshot: born, states: leafPaths(born) },
    born,
    actions,
    0,
    null,
  );
  const acted = nextStep(definition, address, started.next, event, rev, started.effects.length);
  const timersSet = { ...started.timersSet, ...acted.timersSet };
  for (const id of acted.timersCancelled) if (!(id in acted.timersSet)) delete timersSet[id];
  return {
    ...acted,
    outcome: "applied",
    changed: true,
    effects: [...started.effects, ...acted.effects],
    timersSet,
    timersCancelled: [],
    from: [],
    to: acted.next.states,
  };
}

/**
 * Applies one event. Nothing is executed: what must happen comes back as data.
 * @param firstEffect index of the first effect of this step within its revision.
 * @param firedTimer the timer that this event comes from; needed where the event is not named like its timer.
 * @throws whatever a guard, an assign or an effect function throws: a defect; the caller commits nothing.
 */
export function nextStep(
  definition: MachineDefinition,
  address: string,
  actor: LiveActor,
  event: ActorEvent & { at: number },
  rev: number,
  firstEffect = 0,
  firedTimer: string | null = null,
): Step {
  const { snapshot } = actor;
  if (snapshot.status !== "active") return ignored(actor, `the actor is ${snapshot.status}`);
  // A failed invocation that no transition handles would put the whole actor into XState's error status.
  if (event.type.startsWith("xstate.error.") && !handles(snapshot, event))
    return ignored(actor, "no transition for this failure");
  const scope = inertScope(definition.machine);
  const actions: RawAction[] = [];
  scope.actionExecutor = (action) => actions.push(action);
  const next = definition.machine.transition(snapshot as never, event as never, scope as never) as AnyMachineSnapshot;
  const consumed = firedTimer ?? consumedTimer(definition.name, actor.envelope, event);
  if (next === snapshot && actions.length === 0 && consumed === null) return ignored(actor, undefined);
  return settle(definition, address, rev, event.at, actor, next, actions, firstEffect, consumed);
}

/** A timer of an actor that is over, as older builds left them: it is used up, or it would be due for ever. */
export function dropTimer(actor: LiveActor, timerId: string): Step {
  const { [timerId]: _dropped, ...timers } = actor.envelope.timers;
  return {
    ...ignored(actor, `the actor is ${actor.snapshot.status}`),
    next: { ...actor, envelope: { ...actor.envelope, timers } },
    changed: true,
    timersCancelled: [timerId],
  };
}

/** The same for an event that is sure to be taken, with the effects of some actions only. */
export function stepKeeping(
  definition: MachineDefinition,
  address: string,
  actor: LiveActor,
  event: ActorEvent & { at: number },
  rev: number,
  keep: (action: RawAction) => boolean,
): Step {
  const scope = inertScope(definition.machine);
  const actions: RawAction[] = [];
  scope.actionExecutor = (action) => actions.push(action);
  const { snapshot } = actor;
  const next = definition.machine.transition(snapshot as never, event as never, scope as never) as AnyMachineSnapshot;
  return settle(definition, address, rev, event.at, actor, next, actions.filter(keep), 0, null);
}

function ignored(actor: LiveActor, note: string | undefined): Step {
  return {
    outcome: "ignored",
    ...(note === undefined ? {} : { note }),
    next: actor,
    changed: false,
    effects: [],
    timersSet: {},
    timersCancelled: [],
    invocationsStopped: [],
    from: [],
    to: [],
  };
}

function handles(snapshot: AnyMachineSnapshot, event: ActorEvent): boolean {
  return (snapshot.machine as AnyStateMachine).getTransitionData(snapshot as never, event as never).length > 0;
}

/** A timer's event uses the timer up, whether or not a guard lets it through. */
function consumedTimer(machine: string, envelope: Envelope, event: ActorEvent): string | null {
  if (!event.type.startsWith("xstate.")) return null;
  const id = timerIdOf(machine, event.type);
  return id in envelope.timers ? id : null;
}

/** Reads XState's list of actions, in order, into effects, timers and invocations, and builds the next envelope. */
function settle(
  definition: MachineDefinition,
  address: string,
  rev: number,
  at: number,
  before: LiveActor,
  after: AnyMachineSnapshot,
  actions: readonly RawAction[],
  firstEffect: number,
  consumed: string | null,
): Step {
  if (after.status === "error") throw after.error;
  const states = after.value === before.snapshot.value ? before.states : leafPaths(after);
  if (actions.length === 0 && consumed === null) return quiet(definition, before, after, states);
  /** What becomes of timers; null: gone. */
  const timerChanges = new Map<string, StoredTimer | null>();
  const invocations: Record<string, StoredInvocation> = { ...before.envelope.invocations };
  const effects: StoredEffect[] = [];
  const stopped: string[] = [];
  if (consumed !== null) timerChanges.set(consumed, null);

  for (const action of actions) {
    switch (action.type) {
      case "xstate.raise": {
        const { id, delay, event } = action.params as { id?: string; delay?: number; event: ActorEvent };
        if (delay === undefined && id === undefined) break; // consumed within this step already
        const timerId = knownTimerId(definition.name, id ?? `${event.type}#${rev}`);
        if (typeof delay !== "number" || !Number.isFinite(delay))
          throw new Error(`timer ${timerId}: its delay is ${String(delay)}, not a number of milliseconds`);
        const isNamedLikeIt =
          timerId === id ? timerEvent(definition.name, timerId).type === event.type : id === event.type;
        const own = isNamedLikeIt ? undefined : { event };
        timerChanges.set(timerId, { generation: rev, dueAt: Math.round(at + Math.max(0, delay)), ...own });
        break;
      }
      case "xstate.cancel":
        timerChanges.set(knownTimerId(definition.name, (action.params as { sendId: string }).sendId), null);
        break;
      case "xstate.spawnChild": {
        const { id, src, input } = action.params as { id: string; src: InvocationName; input: unknown };
        const effectId = effectIdOf(address, rev, firstEffect + effects.length);
        effects.push({ kind: "invoke", childId: id, src, input });
        invocations[id] = { generation: rev, src, effectId };
        break;
      }
      case "xstate.stopChild": {
        const childId = (action.params as { id?: string } | undefined)?.id;
        const running = childId === undefined ? undefined : invocations[childId];
        if (childId === undefined || !running) break;
        delete invocations[childId];
        stopped.push(running.effectId);
        break;
      }
      default: {
        if (action.type.startsWith("xstate.")) throw new Error(`${action.type} is not available to durable machines`);
        const effectsOf = definition.effects[action.type];
        if (!effectsOf) throw new Error(`the action "${action.type}" has no effects in its table`);
        for (const effect of effectsOf(action.info as never))
          effects.push({ kind: "effect", effect: Effect.parse(effect) });
      }
    }
  }
  const { timers, timersSet, timersCancelled } = changeTimers(before.envelope.timers, timerChanges);
  return {
    outcome: "applied",
    next: {
      snapshot: after,
      states,
      envelope: { version: definition.version, snapshot: persist(definition.machine, after), timers, invocations },
    },
    changed: true,
    effects,
    timersSet,
    timersCancelled,
    invocationsStopped: stopped.filter((effectId) =>
      Object.values(before.envelope.invocations).some((known) => known.effectId === effectId),
    ),
    from: missing(before.states, states),
    to: missing(states, before.states),
  };
}

/** The most frequent step: nothing but the context or the state changed, so timers and invocations stay as they are. */
function quiet(
  definition: MachineDefinition,
  before: LiveActor,
  after: AnyMachineSnapshot,
  states: readonly string[],
): Step {
  const envelope = { ...before.envelope, version: definition.version, snapshot: persist(definition.machine, after) };
  return {
    outcome: "applied",
    next: { snapshot: after, states, envelope },
    changed: true,
    effects: [],
    timersSet: {},
    timersCancelled: [],
    invocationsStopped: [],
    from: missing(before.states, states),
    to: missing(states, before.states),
  };
}

/** Builds anew instead of deleting: an object that lost a key is slow for as long as its actor is remembered. */
function changeTimers(before: Envelope["timers"], changes: ReadonlyMap<string, StoredTimer | null>) {
  if (changes.size === 0) return { timers: before, timersSet: {}, timersCancelled: NONE };
  const timers: Record<string, StoredTimer> = {};
  const timersSet: Record<string, StoredTimer> = {};
  const timersCancelled: string[] = [];
  for (const id in before) {
    const timer = before[id];
    if (timer !== undefined && !changes.has(id)) timers[id] = timer;
  }
  for (const [id, timer] of changes) {
    if (timer !== null) {
      timers[id] = timer;
      timersSet[id] = timer;
    } else if (id in before) timersCancelled.push(id);
  }
  return { timers, timersSet, timersCancelled };
}

/** What is in `paths` and not in `others`. */
function missing(paths: readonly string[], others: readonly string[]): readonly string[] {
  return paths === others ? [] : paths.filter((path) => !others.includes(path));
}

/** Paths of the active leaf states, such as `billing.pastDue.grace`. */
export function leafPaths(snapshot: AnyMachineSnapshot): readonly string[] {
  return pathsOf(snapshot.value as StateValue, "");
}

type StateValue = string | { [key: string]: StateValue };

function pathsOf(value: StateValue, prefix: string): string[] {
  if (typeof value === "string") return [prefix === "" ? value : `${prefix}.${value}`];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const below = pathsOf(child, path);
    return below.length === 0 ? [path] : below;
  });
}

/** Only what must survive: empty maps are left out, the JSON stays small. */
function persist(machine: AnyStateMachine, snapshot: AnyMachineSnapshot): Envelope["snapshot"] {
  const { status, value, output, error } = snapshot;
  const plain: Envelope["snapshot"] = { status, value, context: snapshot.context };
  if (output !== undefined) plain.output = output;
  if (error !== undefined) plain.error = error;
  // Invoked children and remembered states are live objects; only XState knows their stored form. Without any, nothing needs converting.
  if (isEmpty(snapshot.children) && isEmpty(snapshot.historyValue)) return plain;
  const { context, children, historyValue } = machine.getPersistedSnapshot(
    snapshot as never,
  ) as unknown as Envelope["snapshot"];
  plain.context = context;
  if (children && !isEmpty(children)) plain.children = children;
  if (historyValue && !isEmpty(historyValue)) plain.historyValue = historyValue;
  return plain;
}
