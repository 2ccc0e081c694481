import type { AnyStateMachine, StateNode } from "xstate";
import type { ActorAddress, MachineName } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { invocations } from "../../machines/invocations.ts";
import { AppError } from "../errors.ts";

/** More microsteps than any policy needs: a cycle of eventless transitions ends in an error, not in a hanging process. */
const MAX_MICROSTEPS = 200;

/** The machines this process knows, checked once at start. */
export class MachineCatalog {
  readonly #definitions = new Map<string, MachineDefinition>();

  /** @throws Error naming every defect of every machine: a defect is a bug of the release, not of an actor. */
  constructor(definitions: readonly MachineDefinition[]) {
    const defects: string[] = [];
    for (const definition of definitions) {
      defects.push(...defectsOf(definition));
      definition.machine.options = { ...definition.machine.options, maxIterations: MAX_MICROSTEPS };
      this.#definitions.set(definition.name, definition);
    }
    if (defects.length > 0)
      throw new Error(`The machines cannot run durably:\n${defects.map((text) => `- ${text}`).join("\n")}`);
  }

  all(): readonly MachineDefinition[] {
    return [...this.#definitions.values()];
  }

  names(): readonly MachineName[] {
    return this.all().map(({ name }) => name);
  }

  /** @throws AppError actor.unknownMachine, actor.invalidId */
  of(address: ActorAddress): { readonly definition: MachineDefinition; readonly id: string } {
    const slash = address.indexOf("/");
    const definition = this.#definitions.get(address.slice(0, slash));
    if (!definition) throw new AppError("actor.unknownMachine", { details: { address } });
    const id = address.slice(slash + 1);
    if (!definition.id.safeParse(id).success) throw new AppError("actor.invalidId", { details: { address } });
    return { definition, id };
  }
}

/** Everything about a machine that would only show in production: a misspelt delay fires at once, an unknown effect is lost. */
function defectsOf(definition: MachineDefinition): string[] {
  const { machine, name } = definition;
  const defects: string[] = [];
  const say = (text: string) => defects.push(`${name}: ${text}`);
  if (machine.id !== name)
    say(`the machine's id is "${machine.id}"; stored timers are named after it, so it must be "${name}"`);
  const implemented = machine.implementations;
  for (const node of nodesOf(machine.root as StateNode)) {
    if (node.type === "history") say(`${node.id}: history states are not used in durable machines`);
    for (const definitionOfInvoke of node.invoke) {
      const { src } = definitionOfInvoke;
      if (typeof src !== "string" || !(src in invocations))
        say(`${node.id}: invokes "${String(src)}", which has no declared input and output`);
    }
    for (const { delay } of node.after) {
      if (typeof delay === "string" && !(delay in implemented.delays) && Number.isNaN(Number(delay))) {
        say(`${node.id}: the delay "${delay}" is not defined`);
      }
      if (String(delay).includes("."))
        say(`${node.id}: the delay "${delay}" has a dot in its name; timer ids are split at dots`);
    }
    for (const transition of [...node.transitions.values()].flat()) {
      if (transition.eventType === "*") say(`${node.id}: a wildcard would also catch timers and results`);
    }
    for (const action of [
      ...node.entry,
      ...node.exit,
      ...[...node.transitions.values()].flat().flatMap(({ actions }) => actions),
    ]) {
      if (typeof action === "function" && !("resolve" in action))
        say(`${node.id}: an action without a name can neither be stored nor carried out`);
      const type = typeof action === "string" ? action : typeof action === "object" ? action.type : undefined;
      if (type === undefined || type.startsWith("xstate.")) continue;
      if (!(type in implemented.actions)) say(`${node.id}: the action "${type}" is not declared`);
    }
  }
  for (const action of Object.keys(implemented.actions)) {
    const isBuiltIn = typeof implemented.actions[action] === "function" && "resolve" in implemented.actions[action];
    if (!isBuiltIn && !(action in definition.effects)) say(`the action "${action}" has no effects in its table`);
  }
  return defects;
}

function* nodesOf(node: StateNode): Iterable<AnyStateMachine["root"]> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesOf(child as StateNode);
}
