import { type AnyStateMachine, createActor } from "xstate";

/** An action as `machine.transition` hands it to the scope: data, nothing was executed. */
export interface RawAction {
  readonly type: string;
  readonly params: unknown;
  readonly info: { readonly context: unknown; readonly event: unknown };
}

/** The part of XState's actor scope that a pure transition touches. */
export interface InertScope {
  readonly self: unknown;
  readonly id: string;
  readonly sessionId: string;
  readonly system: unknown;
  readonly defer: () => void;
  readonly logger: () => void;
  readonly stopChild: () => void;
  readonly emit: () => void;
  actionExecutor: (action: RawAction) => void;
}

const scopes = new WeakMap<AnyStateMachine, InertScope>();

/**
 * A scope in which nothing runs, made once per machine. XState's public `transition()` builds a whole actor for each event to
 * get the same thing, which is more than half of its cost; a differential test holds this path against `transition()`
 * (test/runtime/step.test.ts). Not re-entrant: a step is synchronous, so it need not be.
 */
export function inertScope(machine: AnyStateMachine): InertScope {
  const known = scopes.get(machine);
  if (known) return known;
  // Never started: it lends its identity to the scope and nothing else.
  const self = createActor(machine, { input: undefined as never });
  const scope: InertScope = {
    self,
    id: "",
    sessionId: "",
    system: self.system,
    defer: () => {},
    logger: () => {},
    stopChild: () => {},
    emit: () => {},
    actionExecutor: () => {},
  };
  scopes.set(machine, scope);
  return scope;
}
