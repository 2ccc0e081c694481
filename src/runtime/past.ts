// An actor as it was: its history, played again through today's machine.
import type { ActorAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { type Delivery, type Internal, type Known, SEEN_BEFORE, stepOf, unchanged } from "./delivery.ts";
import { FORCED } from "./force.ts";
import type { AuditEntry } from "./ports.ts";
import { statePaths } from "./state-nodes.ts";
import { restore, type Step } from "./step.ts";

/** What the replay knows after one entry. */
export interface Replayed {
  readonly known: Known;
  /** So far the machine has done what the record says. */
  readonly exact: boolean;
}

/**
 * One entry of the record, applied to what the entries before it led to. Where today's machine leads elsewhere, or throws, the record's
 * states and timers count, because they are what people and other actors saw; the context then is as near as can be told.
 * @param before null before the first entry.
 */
export function replay(
  definition: MachineDefinition,
  address: ActorAddress,
  id: string,
  before: Replayed | null,
  entry: AuditEntry,
): Replayed {
  const known = before?.known ?? null;
  const step = stepAgain(definition, address, id, known, entry);
  const exact = step !== null && isAsRecorded(step, entry);
  const live = exact ? step.next : asRecorded(definition, known, step, entry);
  return { known: { rev: entry.rev, live, keys: [], head: "" }, exact: exact && (before?.exact ?? true) };
}

/**
 * The same without the record's word: where today's machine leads elsewhere, what follows is played from there. How the actor would
 * stand, as far as its events would have been the same.
 * @returns what is known already where the machine throws today.
 */
export function replayFreely(
  definition: MachineDefinition,
  address: ActorAddress,
  id: string,
  known: Known | null,
  entry: AuditEntry,
): Known | null {
  const step = stepAgain(definition, address, id, known, entry);
  return step === null ? known : { rev: entry.rev, live: step.next, keys: [], head: "" };
}

/** @returns null where the machine throws today. */
function stepAgain(
  definition: MachineDefinition,
  address: ActorAddress,
  id: string,
  known: Known | null,
  entry: AuditEntry,
): Step | null {
  const { event, cause, note, outcome, rev, at } = entry;
  if (known && outcome === "failed") return unchanged(known.live, note ?? "");
  const internal = internalOf(entry);
  const delivery: Delivery = {
    ...{ address, definition, id, event, options: { cause }, internal, ends: null },
    ...(note === SEEN_BEFORE ? { isSeenBefore: true } : {}),
  };
  try {
    return stepOf(delivery, known, rev, at);
  } catch {
    return null;
  }
}

/** What came from inside says so by its name, which no public event may have. */
function internalOf({ event, cause }: AuditEntry): Internal | null {
  if (event.type === FORCED) return { kind: "force" };
  if (cause.kind === "timer") return { kind: "timer", timerId: cause.id };
  const [, childId] = /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(event.type) ?? [];
  return childId === undefined ? null : { kind: "result", childId, effectId: cause.id };
}

const isAsRecorded = (step: Step, { outcome, from = [], to = [] }: AuditEntry): boolean =>
  (outcome === "failed" || step.outcome === outcome) && isSame(step.from, from) && isSame(step.to, to);

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((path) => others.includes(path));

function asRecorded(definition: MachineDefinition, known: Known | null, step: Step | null, entry: AuditEntry) {
  const { from = [], to = [], timers = [] } = entry;
  const base = (entry.outcome === "applied" ? step?.next : undefined) ?? known?.live ?? step?.next;
  const order = statePaths(definition.machine.root);
  const states = [...(known?.live.states ?? []).filter((path) => !from.includes(path)), ...to].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const due = { ...known?.live.envelope.timers };
  for (const text of timers) {
    if (text.startsWith("-")) delete due[text.slice(1)];
    else {
      const sign = text.lastIndexOf("@");
      due[text.slice(1, sign)] = { generation: entry.rev, dueAt: Number(text.slice(sign + 1)) };
    }
  }
  // Children and invocations belong to states that the machine has today; in those of the record there may be others.
  const snapshot = {
    status: "active" as const,
    value: stateValueOf(states) as string | Record<string, unknown>,
    context: base?.envelope.snapshot.context ?? {},
  };
  const envelope = {
    version: definition.version,
    snapshot,
    timers: due,
    invocations: base?.envelope.invocations ?? {},
  };
  try {
    return restore(definition, envelope);
  } catch {
    // A state that the machine has no more: it is shown as recorded, and nothing can be stepped from there.
    const last = base ?? restore(definition, { ...envelope, snapshot: { ...snapshot, value: firstValue(definition) } });
    return { ...last, states, envelope };
  }
}

const firstValue = ({ machine }: MachineDefinition): Record<string, unknown> =>
  Object.fromEntries(machine.root.type === "parallel" ? [] : [[String(machine.config.initial), {}]]);

/** XState's value of leaf paths: `["a.b", "c"]` is `{a: "b", c: {}}`; one path without a dot is a value by itself. */
function stateValueOf(paths: readonly string[]): unknown {
  const [first, ...rest] = paths;
  if (first !== undefined && rest.length === 0 && !first.includes(".")) return first;
  const value: Record<string, unknown> = {};
  for (const key of new Set(paths.map((path) => path.split(".")[0] ?? ""))) {
    const below = paths.filter((path) => path.startsWith(`${key}.`)).map((path) => path.slice(key.length + 1));
    value[key] = below.length === 0 ? {} : stateValueOf(below);
  }
  return value;
}
