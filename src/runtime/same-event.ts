// Whether an event that comes under a known key is the one that had this key, as far as the record can say.
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import { withoutPersonal } from "./audit-body.ts";
import type { ActorEvent } from "./ports.ts";

/** @param recorded as the history has it: whose it was and why is no part of what it does, and what is personal is not there. */
export const isSameEvent = (definition: MachineDefinition, recorded: ActorEvent, event: ActorEvent): boolean =>
  meaningOf(recorded) === meaningOf(withoutPersonal(definition, event));

/** An event without whose it is and why, as text. */
export function meaningOf({ by: _by, reason: _reason, at: _at, ...meant }: ActorEvent): string {
  return JSON.stringify(Object.entries(meant).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const keyReused = (): AppError =>
  new AppError("command.keyReused", {
    details: { fields: ["idempotencyKey: belongs to another command; take a new one"] },
  });
