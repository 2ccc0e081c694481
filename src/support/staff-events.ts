// Which events a person may send to an actor, and whose name stands in them.
import { z } from "zod";
import type { MachineName } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { ActorEvent } from "../runtime/ports.ts";
import { mayDo, roleMissing, type StaffMember } from "./staff.ts";

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
  if (!mayDo(member.role, least)) throw roleMissing(least, "event.type");
  const fields = fieldsOf(definition, event.type);
  return {
    ...event,
    ...(fields.has("by") ? { by: member.name } : {}),
    ...(fields.has("reason") && reason !== undefined ? { reason } : {}),
  };
}

/** Names of the fields of one public event; none for an event that the machine does not have. */
export const fieldsOf = (definition: MachineDefinition, type: string): ReadonlySet<string> =>
  new Set(Object.keys(shapeOf(definition, type)));

/** Fields of one public event besides its type; none for an event that the machine does not have. */
export function shapeOf({ event }: MachineDefinition, type: string): Readonly<Record<string, z.ZodType>> {
  const options: readonly unknown[] = event instanceof z.ZodDiscriminatedUnion ? event.options : [event];
  for (const option of options) {
    if (!(option instanceof z.ZodObject)) continue;
    const { type: literal, ...fields } = option.shape as Record<string, z.ZodType>;
    if (literal instanceof z.ZodLiteral && literal.value === type) return fields;
  }
  return {};
}

/** What each event does when staff send it, by machine and type; docs/admin-api.md is printed from these. */
export const STAFF_EVENT_MEANINGS: Readonly<Partial<Record<MachineName, Readonly<Record<string, string>>>>> = {
  customer: {
    "risk.blocked": "nothing is sold to this person any more, and access ends while it lasts",
    "risk.cleared": "takes that back, and ends watching",
    "erasure.requested":
      "forgets the person: name, texts of tickets, chat state; switches renewals off, tells them; payments, under a pseudonym in the exported books, and the used trial stay",
  },
  subscription: {
    "access.revoked": "ends it at once, whatever was paid; only `access.reinstated` leads out. Refunds nothing",
    "access.reinstated": "takes a revocation back",
    "term.granted":
      "paid time without a payment: a gift, a compensation; `ms` null is for life. Creates the subscription if need be",
    "term.extended": "adds to the time that runs",
    "override.set": "access until then (epoch ms), whatever billing says; null ends it",
  },
  order: { "order.withdrawn": "takes an offer back that was not paid yet; a payment for it is then quarantined" },
  payment: {
    "refund.requested":
      "gives the money back. `access`: `revoke` ends it, `keep` leaves it, `policy` revokes for the current period and keeps for older ones",
    "payment.released": "accepts a quarantined payment after all, for this person and these terms",
    "chargeback.seen": "the payer's bank or shop took the money back: Telegram says so to people only",
  },
  invite: {
    "invite.requested": "makes a new link for a person who is entitled and has links left today, and sends it",
  },
  channel: {
    "removals.released": "lets the removals go on that the breaker holds",
    "channel.givenUp":
      "nobody will get this chat back: the clocks of its subscribers, which stood still meanwhile, run again",
  },
  onboarding: { "onboarding.retried": "tries again at once what waits for its next round, or for people" },
  ticket: { "ticket.closed": "the same as `POST /api/v1/tickets/:id/close`" },
};
