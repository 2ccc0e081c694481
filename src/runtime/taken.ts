// Which branches of a machine an event took, told by the machine itself: the record has the event and the states, not the branch.
import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { ActorEvent } from "./ports.ts";

/** One transition: the n-th branch, from 0, that a state declares for an event. */
export interface TakenBranch {
  /** Path of the state; "" is the root. */
  readonly source: string;
  readonly event: string;
  readonly branch: number;
}

/**
 * @param before what the event met.
 * @returns the branches that XState chooses for it, without those that follow by themselves; none where a guard throws.
 */
export function branchesTaken(
  machine: AnyStateMachine,
  before: AnyMachineSnapshot,
  event: ActorEvent,
): readonly TakenBranch[] {
  if (before.status !== "active") return [];
  try {
    return machine.getTransitionData(before, event).map((transition) => {
      const { source, eventType } = transition;
      const branch = (source.transitions.get(eventType) ?? []).indexOf(transition);
      return { source: source.path.join("."), event: eventType, branch };
    });
  } catch {
    return [];
  }
}
