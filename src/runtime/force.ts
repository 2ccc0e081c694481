// A state forced by a person: the machine itself leaves, enters, arms and invokes; only its guards and the effects of entering are left out.
import { type AnyStateMachine, type AnyStateNode, StateMachine } from "xstate";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { ActorEvent } from "./ports.ts";
import { nodeAt, statePaths, upwards } from "./state-nodes.ts";
import { type LiveActor, restore, type Step, stepKeeping } from "./step.ts";

/** Its event. No machine has it among its public ones, so nobody can send it. */
export const FORCED = "staff.forced";

/** @param targets paths, one or one per region. @param run names of the effects that run all the same. */
export interface Force {
  readonly targets: readonly string[];
  readonly run: readonly string[];
}

/** Paths of all states that can be forced: a region is always there, so only what lies in it is a choice. */
export const forcible = ({ machine }: MachineDefinition): readonly string[] =>
  statePaths(machine.root).filter((path) => nodeAt(machine, path)?.parent?.type !== "parallel");

/**
 * What is wrong with a wish, in words for whoever has it; nothing: the states exist and can be there together.
 * @returns `<field>: <what it must be>`
 */
export function problemsOf(definition: MachineDefinition, { targets }: Force): readonly string[] {
  const { machine, name } = definition;
  const known = forcible(definition);
  const problems = targets
    .filter((path) => !known.includes(path))
    .map((path) => `targets: a ${name} has no state ${path.slice(0, 128)} that can be forced`);
  if (targets.length === 0) problems.push("targets: name a state");
  if (problems.length > 0) return problems;
  const nodes = targets.map((path) => nodeAt(machine, path)).filter((node) => node !== null);
  for (const [index, node] of nodes.entries())
    for (const other of nodes.slice(index + 1))
      if (!canBeTogether(node, other))
        problems.push(`targets: ${node.path.join(".")} and ${other.path.join(".")} cannot be at the same time`);
  return problems;
}

function canBeTogether(node: AnyStateNode, other: AnyStateNode): boolean {
  const above = new Set(upwards(other));
  for (const common of upwards(node))
    if (above.has(common)) return common !== node && common !== other && common.type === "parallel";
  return false;
}

/** Tries it. @throws AppError actor.invalidForce for all that is wrong with it, also with effects that entering does not have */
export function checkForce(
  definition: MachineDefinition,
  address: string,
  live: LiveActor,
  force: Force,
  rev: number,
  at: number,
): void {
  const problems = [...problemsOf(definition, force)];
  if (problems.length === 0) {
    const { entryEffects = [], effects } = forcedStep(definition, address, live, { type: FORCED, ...force, at }, rev);
    for (const name of force.run)
      if (!entryEffects.includes(name))
        problems.push(`run: ${name.slice(0, 64)} is no effect of entering these states`);
    for (const effect of effects)
      if (effect.kind === "invoke" && definition.neverByForce.includes(effect.src))
        problems.push(`targets: this would begin ${effect.src}, which only an event may`);
  }
  if (problems.length > 0) throw new AppError("actor.invalidForce", { details: { address, fields: problems } });
}

/** @param event with `targets`, `run` and `at`. @throws Error for targets that the machine does not have */
export function forcedStep(
  definition: MachineDefinition,
  address: string,
  live: LiveActor,
  event: ActorEvent & { at: number },
  rev: number,
): Step {
  const targets = listOf(event.targets);
  const run = new Set(listOf(event.run));
  const forced = { ...definition, machine: machineFor(definition.machine, targets, live.states) };
  const { output: _output, error: _error, ...snapshot } = live.envelope.snapshot;
  const before = restore(forced, { ...live.envelope, snapshot: { ...snapshot, status: "active" } });
  const entryEffects = new Set<string>();
  const step = stepKeeping(forced, address, before, event, rev, ({ type }) => {
    if (type.startsWith("xstate.")) return true;
    entryEffects.add(type);
    return run.has(type);
  });
  return { ...step, next: restore(definition, step.next.envelope), entryEffects: [...entryEffects] };
}

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** Of one machine, for one wish in one place: a person forces a state now and then, so few are kept. */
const MOST_KEPT = 32;
const kept = new WeakMap<AnyStateMachine, Map<string, AnyStateMachine>>();

/** The same machine with one transition more in each place that a wish begins from. */
function machineFor(machine: AnyStateMachine, targets: readonly string[], states: readonly string[]): AnyStateMachine {
  const key = JSON.stringify([targets, states]);
  const known = kept.get(machine) ?? new Map<string, AnyStateMachine>();
  kept.set(machine, known);
  const before = known.get(key);
  if (before) return before;
  const bySource = new Map<string, string[]>();
  for (const path of targets) {
    const node = nodeAt(machine, path);
    if (!node) throw new Error(`${machine.id} has no state ${path}`);
    const source = sourceOf(node, states);
    bySource.set(source, [...(bySource.get(source) ?? []), `#${node.id}`]);
  }
  let { config } = machine;
  for (const [source, aims] of bySource) config = withTransition(config, source === "" ? [] : source.split("."), aims);
  const made = new StateMachine(config as never, machine.implementations as never) as unknown as AnyStateMachine;
  made.options = machine.options;
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, made);
  return made;
}

/** The innermost state that is there now and chooses between the states below it: what lies outside of it stays as it is. */
function sourceOf(target: AnyStateNode, states: readonly string[]): string {
  for (const node of upwards(target)) {
    const path = node.path.join(".");
    const isThere = path === "" || states.some((leaf) => leaf.startsWith(`${path}.`));
    if (node !== target && node.type === "compound" && isThere) return path;
  }
  throw new Error(`${target.id} is always there`);
}

type Config = Readonly<Record<string, unknown>>;

function withTransition(config: Config, [key, ...rest]: readonly string[], target: readonly string[]): Config {
  if (key === undefined) return { ...config, on: { ...(config.on as object), [FORCED]: { target } } };
  const states = config.states as Readonly<Record<string, Config>>;
  return { ...config, states: { ...states, [key]: withTransition(states[key] ?? {}, rest, target) } };
}
