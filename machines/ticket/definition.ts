import { OpaqueId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { ticketEffects } from "./effects.ts";
import { ticketMachine } from "./machine.ts";
import { type TicketContext, TicketEvent } from "./types.ts";

export const ticketDefinition = defineMachine<TicketContext, Stamped<TicketEvent>>({
  name: "ticket",
  version: 1,
  machine: ticketMachine,
  // `<subject>:<what it is about>` when the service opens it, so that one cause is one conversation.
  id: OpaqueId,
  event: TicketEvent,
  creators: ["ticket.opened"],
  // `staff.answered` is sent only by the route that keeps the answer's text.
  staffEvents: { "ticket.closed": "support" },
  effects: ticketEffects,
  lookups: ({ userId }) => (userId === null ? [] : [`telegramId=${userId}`]),
});
