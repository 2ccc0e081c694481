// Which events a person may send to an actor, and whose name stands in them.
import { z } from "zod";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { ActorEvent } from "../runtime/ports.ts";
import { mayDo, type StaffMember } from "./staff-door.ts";

/**
 * The event as it is sent: `by` and `reason` are the authenticated person and the reason given with the command wherever its schema has
 * them, whatever the caller wrote there.
 * @throws AppError actor.notForStaff, http.forbidden
 */
export function signedEvent(
  definition: MachineDefinition,
  event: ActorEvent,
  member: StaffMember,
  reason: string | undefined,
): ActorEvent {
  const { name, staffEvents } = definition;
  const least = Object.hasOwn(staffEvents, event.type) ? staffEvents[event.type] : undefined;
  if (least === undefined) {
    const allowed = Object.entries(staffEvents).map(([type, role]) => `${type} (${role})`);
    throw new AppError("actor.notForStaff", {
      details: { fields: [`event.type: to a ${name} staff may send ${allowed.join(", ") || "nothing"}`] },
    });
  }
  if (!mayDo(member.role, least))
    throw new AppError("http.forbidden", { details: { fields: [`event.type: needs the role ${least}`] } });
  const fields = fieldsOf(definition, event.type);
  return {
    ...event,
    ...(fields.has("by") ? { by: member.name } : {}),
    ...(fields.has("reason") && reason !== undefined ? { reason } : {}),
  };
}

/** Names of the fields of one public event; none for an event that the machine does not have. */
export function fieldsOf({ event }: MachineDefinition, type: string): ReadonlySet<string> {
  const options: readonly unknown[] = event instanceof z.ZodDiscriminatedUnion ? event.options : [event];
  for (const option of options) {
    if (!(option instanceof z.ZodObject)) continue;
    const { type: literal, ...fields } = option.shape;
    if (literal instanceof z.ZodLiteral && literal.value === type) return new Set(Object.keys(fields));
  }
  return new Set();
}
