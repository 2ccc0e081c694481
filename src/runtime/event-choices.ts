// Which events of the staff an actor has a use for now, and which guard says no.
import { type AnyMachineSnapshot, type AnyStateMachine, and } from "xstate";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { EventPossibility } from "./foresight-ports.ts";

/** What every event of a person has, whatever its other fields. */
const SIGNED: ReadonlySet<string | symbol> = new Set(["type", "at", "by", "reason"]);

type Guard = Parameters<typeof and>[0][number];
/** XState evaluates a guard only as a part of another one that is its own. */
type Combined = { check(snapshot: unknown, args: { context: unknown; event: unknown }, params: unknown): boolean };

/** @param snapshot null for an actor that does not exist. @param at epoch ms. */
export function choicesOf(
  definition: MachineDefinition,
  snapshot: AnyMachineSnapshot | null,
  at: number,
): readonly EventPossibility[] {
  return Object.keys(definition.staffEvents).map((type) => {
    if (snapshot === null) return { type, possible: definition.creators.has(type), guard: null };
    if (snapshot.status !== "active") return { type, possible: false, guard: null };
    return { type, ...lookAt(snapshot, type, at) };
  });
}

function lookAt(snapshot: AnyMachineSnapshot, type: string, at: number): Omit<EventPossibility, "type"> {
  let refusedBy: string | null = null;
  for (const node of (snapshot as unknown as { _nodes: readonly AnyStateMachine["root"][] })._nodes) {
    for (const { guard } of node.transitions.get(type) ?? []) {
      if (guard === undefined || passes(guard as Guard, snapshot, type, at)) return { possible: true, guard: null };
      refusedBy ??= nameOf(guard);
    }
  }
  return { possible: false, guard: refusedBy };
}

/** A guard that asks for a field which only the person's form will fill in refuses nothing yet. */
function passes(guard: Guard, snapshot: AnyMachineSnapshot, type: string, at: number): boolean {
  let isOpen = false;
  const event = new Proxy({ type, at } as Record<string | symbol, unknown>, {
    get(fields, name) {
      if (!SIGNED.has(name)) isOpen = true;
      return fields[name];
    },
  });
  const combined = and([guard]) as unknown as Combined;
  try {
    const passed = combined.check(snapshot, { context: snapshot.context, event }, combined);
    return passed || isOpen;
  } catch (error) {
    if (isOpen) return true;
    throw error;
  }
}

function nameOf(guard: unknown): string {
  if (typeof guard === "string") return guard;
  const { type, guards, name } = guard as { type?: string; guards?: readonly unknown[]; name?: string };
  if (guards) return `${type?.replace("xstate.", "") ?? "not"}(${guards.map(nameOf).join(", ")})`;
  return type ?? (name || "guard");
}
