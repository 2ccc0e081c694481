// One event on its way to one actor: what it does to the actor, and what is written of it. Pure; loading, racing and caching are the actor system's.
import type { ActorAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { isEmpty, writeEnvelope } from "./envelope.ts";
import { forcedStep } from "./force.ts";
import type { ActorEvent, ActorView, Commit, EffectLane, SendOptions } from "./ports.ts";
import type { SeenKeys } from "./seen-keys.ts";
import { dropTimer, effectIdOf, firstStep, type LiveActor, nextStep, type Step, type StoredEffect } from "./step.ts";

const NONE: readonly never[] = [];

/** In the audit of an event whose once key was seen. */
export const SEEN_BEFORE = "seen before: it counts once for ever";

/** An actor as loaded or as committed last by this process; the revision check makes a stale one harmless. */
export interface Known {
  readonly rev: number;
  readonly live: LiveActor;
  readonly keys: SeenKeys;
  readonly head: string;
}

/** What comes from inside and is not checked against a machine's public events. */
export type Internal =
  | { readonly kind: "timer"; readonly timerId: string }
  /** A person forces a state. */
  | { readonly kind: "force" }
  | { readonly kind: "result"; readonly childId: string; readonly effectId: string };

export interface Delivery {
  readonly address: ActorAddress;
  readonly definition: MachineDefinition;
  readonly id: string;
  readonly event: ActorEvent;
  readonly options: SendOptions;
  readonly internal: Internal | null;
  /** Outbox entry that ends with this event. */
  readonly ends: string | null;
  /** Its once key was seen: what is left to do is to put that on record. */
  readonly isSeenBefore?: boolean;
}

/** Not by spreading: V8 gives each such copy a shape of its own, which costs XState's whole transition a third more time (measured). */
const stamped = (event: ActorEvent, at: number): ActorEvent & { at: number } => Object.assign({}, event, { at });

/** One event, applied to what is known: still pure. `at`: epoch ms. @throws what the machine throws */
export function stepOf(delivery: Delivery, known: Known | null, rev: number, at: number): Step {
  const { definition, address, id, internal } = delivery;
  const event = stamped(delivery.event, at);
  if (!known) return firstStep(definition, address, id, event, rev);
  const { live } = known;
  if (delivery.isSeenBefore) {
    if (!definition.hearsAgain.has(event.type)) return unchanged(live, SEEN_BEFORE);
    const step = nextStep(definition, address, live, event, rev);
    return step.outcome === "ignored" ? { ...step, note: SEEN_BEFORE } : step;
  }
  if (internal?.kind === "force") return forcedStep(definition, address, live, event, rev);
  if (internal?.kind === "timer") {
    const armed = live.envelope.timers[internal.timerId];
    if (!armed) return unchanged(live, "the timer is no longer armed");
    if (live.snapshot.status !== "active") return dropTimer(live, internal.timerId);
    if (armed.dueAt > at) return unchanged(live, "the timer was moved to a later time");
    return nextStep(definition, address, live, stamped(armed.event ?? event, at), rev, 0, internal.timerId);
  }
  if (internal?.kind === "result") {
    if (live.envelope.invocations[internal.childId]?.effectId !== internal.effectId) {
      return unchanged(live, "the result belongs to an invocation that was left");
    }
    return endInvocation(nextStep(definition, address, live, event, rev), internal.childId, internal.effectId);
  }
  return nextStep(definition, address, live, event, rev);
}

/** What one step writes: snapshot, record, effects, timers and index, as the difference to what is known. */
export function commitOf(
  delivery: Delivery,
  known: Known | null,
  step: Step,
  made: {
    readonly rev: number;
    readonly keys: SeenKeys;
    readonly keysChanged: boolean;
    readonly entry: string;
    readonly head: string;
  },
): Commit {
  const { address, options, internal, ends } = delivery;
  const [indexAdd, indexRemove] = step.changed ? indexChanges(delivery, known?.live ?? null, step.next) : [NONE, NONE];
  // A timer that is fired but not armed leaves its entry in the sorted set: take it out with this commit.
  const orphan = internal?.kind === "timer" && !step.next.envelope.timers[internal.timerId] ? [internal.timerId] : NONE;
  // One that is armed for later than the sorted set says is written there again, or it would be due for ever.
  const timersSet =
    internal?.kind === "timer" && orphan.length === 0
      ? { ...pick(step.next.envelope.timers, internal.timerId), ...step.timersSet }
      : step.timersSet;
  return {
    address,
    expectedRev: known?.rev ?? 0,
    envelope: step.changed ? writeEnvelope(step.next.envelope) : null,
    keys: made.keysChanged ? JSON.stringify(made.keys) : null,
    entry: made.entry,
    head: made.head,
    once: options.once === undefined ? null : { key: options.once, outcome: step.outcome },
    outboxAdd:
      step.effects.length === 0
        ? NONE
        : step.effects.map((effect, index) => ({
            effectId: effectIdOf(address, made.rev, index),
            body: JSON.stringify(effect),
          })),
    outboxRemove: ends === null ? step.invocationsStopped : union(step.invocationsStopped, [ends]),
    timersSet: isEmpty(timersSet) ? NONE : Object.entries(timersSet).map(([id, { dueAt }]) => ({ id, dueAt })),
    timersRemove: union(step.timersCancelled, orphan),
    indexAdd,
    indexRemove,
  };
}

export function unchanged(live: LiveActor, note: string): Step {
  return {
    outcome: "ignored",
    note,
    next: live,
    changed: false,
    effects: [],
    timersSet: {},
    timersCancelled: [],
    invocationsStopped: [],
    from: [],
    to: [],
  };
}

/** A result ends its invocation even where the machine stays in the invoking state. */
function endInvocation(step: Step, childId: string, effectId: string): Step {
  if (step.next.envelope.invocations[childId]?.effectId !== effectId) return step;
  const { [childId]: _ended, ...invocations } = step.next.envelope.invocations;
  return { ...step, changed: true, next: { ...step.next, envelope: { ...step.next.envelope, invocations } } };
}

const pick = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> => {
  const value = record[key];
  return value === undefined ? {} : { [key]: value };
};

const union = <T>(some: readonly T[], more: readonly T[]): readonly T[] =>
  more.length === 0 ? some : [...new Set([...some, ...more])];

const same = (some: readonly string[], others: readonly string[]): boolean =>
  some === others || (some.length === others.length && some.every((text, place) => text === others[place]));

/** Index members to add and to remove. Most events move neither the state nor a lookup, and then no member is spelt out. */
function indexChanges(
  { address, definition, id }: Delivery,
  before: LiveActor | null,
  after: LiveActor,
): readonly [readonly string[], readonly string[]] {
  const lookupsOf = (live: LiveActor) => definition.lookups(live.envelope.snapshot.context as never);
  const lookups = lookupsOf(after);
  const lookupsBefore = before ? lookupsOf(before) : NONE;
  if (before && same(after.states, before.states) && same(lookups, lookupsBefore)) return [NONE, NONE];
  const now = membersOf(definition, address, id, after.states, lookups);
  const then = membersOf(definition, address, id, before?.states ?? NONE, lookupsBefore);
  return [now.filter((member) => !then.includes(member)), then.filter((member) => !now.includes(member))];
}

const membersOf = (
  { name }: MachineDefinition,
  address: ActorAddress,
  id: string,
  paths: readonly string[],
  found: readonly string[],
): readonly string[] => [
  ...paths.map((path) => `s:${name}:${path}|${id}`),
  ...found.map((lookup) => `${lookup}|${address}`),
];

/** Every place in the index that an actor has. */
export const indexMembers = (
  definition: MachineDefinition,
  address: ActorAddress,
  id: string,
  { states, envelope }: LiveActor,
): readonly string[] =>
  membersOf(definition, address, id, states, definition.lookups(envelope.snapshot.context as never));

export const laneOf = (stored: StoredEffect): EffectLane =>
  stored.kind === "effect" && (stored.effect.kind === "tell" || stored.effect.kind === "broadcast")
    ? "actors"
    : "outside";

export function toView(address: ActorAddress, definition: MachineDefinition, id: string, known: Known): ActorView {
  const { envelope, states } = known.live;
  return {
    address,
    machine: definition.name,
    id,
    rev: known.rev,
    status: envelope.snapshot.status === "stopped" ? "done" : envelope.snapshot.status,
    states,
    context: envelope.snapshot.context,
    timers: envelope.timers,
    invocations: envelope.invocations,
  };
}
