// Words of charts: how an event, a guard or a delay is called for people.
import type { AnyStateMachine } from "xstate";

const AFTER = "xstate.after.";
const DONE = "xstate.done.actor.";
const FAILED = "xstate.error.actor.";

const UNITS = [
  ["d", 24 * 60 * 60_000],
  ["h", 60 * 60_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** @param ms Milliseconds. @returns such as `3 d`, `90 min`, `250 ms`: the largest unit that loses nothing. */
export function durationText(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms !== 0 && ms % length === 0) ?? ["ms", 1];
  return `${ms / size} ${unit}`;
}

/** A timer's delay: a number where it is the same for every actor. Null: the event is no timer. */
export function delayOf(machine: AnyStateMachine, event: string): { name: string; ms: number | null } | null {
  if (!event.startsWith(AFTER)) return null;
  const name = event.slice(AFTER.length).split(".", 1)[0] ?? "";
  const given: unknown = machine.implementations.delays?.[name as never];
  if (typeof given === "number") return { name, ms: given };
  return { name, ms: /^\d+$/.test(name) ? Number(name) : null };
}

/**
 * `event`: for people, several invocations of one state told apart by their ids. `short`: for ids of edges, without the path that
 * XState puts into the names of timers.
 */
export function eventNames(
  event: string,
  delay: { readonly name: string; readonly ms: number | null } | null,
  invocations: number,
): { event: string; short: string } {
  if (event === "") return { event: "always", short: "always" };
  if (delay !== null) {
    const when = delay.ms === null ? delay.name : durationText(delay.ms);
    return { event: `after ${when}`, short: `after.${delay.name}` };
  }
  for (const [prefix, word] of [
    [DONE, "done"],
    [FAILED, "error"],
  ] as const) {
    if (!event.startsWith(prefix)) continue;
    const id = event.slice(prefix.length);
    return { event: invocations > 1 ? `${word} ${id}` : word, short: `${word}.${id}` };
  }
  return { event, short: event };
}

interface Named {
  readonly type: string;
  readonly params?: unknown;
}

/** Name of an action or a guard; parameters are added where they are plain words and not read from the event. */
export function nameOf(one: unknown): string {
  if (typeof one === "string") return one;
  const { type, params } = one as Named;
  if (typeof one === "function") return type ?? (one.name === "" ? "inline" : one.name);
  return typeof params === "string" || typeof params === "number" ? `${type} ${params}` : type;
}

/** XState makes actions of its own for `after`; they are not what the machine's author wrote. */
export const isOwnAction = (one: unknown): boolean => !/^xstate\./.test(nameOf(one));
