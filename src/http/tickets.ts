// How support works: what customers wrote, and the answer to it. Texts stay in their store: events, audit and logs hold none.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { Ticket, TicketDone, TicketPage } from "../support/answers/incidents.ts";
import { LEAST_ROLES } from "../support/staff.ts";
import { ANSWER_MAX, isSendable, type Tickets } from "../support/tickets.ts";
import { IdempotencyKey, parsed, parsedQuery, Reason } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface TicketsDeps {
  readonly tickets: Tickets;
}

const TicketParams = z.object({ id: z.string().min(1).max(300) });
const ListQuery = z.strictObject({
  state: z.enum(["open", "answered", "closed", "reopened"]).optional().meta({ description: "only these" }),
  cursor: z.string().min(1).max(400).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: "tickets in one answer" }),
});
const AnswerBody = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(ANSWER_MAX)
    .refine(isSendable, "must hold no control characters")
    .meta({ description: "as the customer will read it" }),
  idempotencyKey: IdempotencyKey,
});
const CloseBody = z.strictObject({ idempotencyKey: IdempotencyKey, reason: Reason.optional() });

export const TICKET_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/tickets",
    role: LEAST_ROLES.tickets,
    does: "What customers asked and what the service wants looked at.",
    answer: TicketPage,
    answers:
      "`{tickets: [{id, state, subject, detail, about, userId, customer, since, messages, repeats}], cursor}`; `cursor` is null after the last; of one that cannot be read only `{id, problem}`",
    twin: "/tickets",
    query: ListQuery,
  },
  read: {
    method: "GET",
    path: "/api/v1/tickets/:id",
    role: LEAST_ROLES.tickets,
    does: "One ticket with its messages.",
    answer: Ticket,
    answers: "`{id, state, subject, detail, about, userId, customer, …, messages: [{from, text, at}]}`",
    twin: "/tickets/:id",
    errors: ["actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  answer: {
    method: "POST",
    path: "/api/v1/tickets/:id/answer",
    role: LEAST_ROLES.tickets,
    does: "Answers the customer, in the bot. Refused for a ticket without a customer.",
    answer: TicketDone,
    answers: "`{outcome, state}`",
    body: AnswerBody,
    errors: ["actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion", "command.keyReused"],
  },
  close: {
    method: "POST",
    path: "/api/v1/tickets/:id/close",
    role: LEAST_ROLES.tickets,
    does: "Closes one that is settled; the customer's next message opens it again.",
    answer: TicketDone,
    answers: "`{outcome, state}`",
    body: CloseBody,
    errors: ["actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion", "command.keyReused"],
  },
} as const satisfies AdminRoutes;

export function registerTickets(server: FastifyInstance, door: StaffDoor, { tickets }: TicketsDeps): void {
  const idIn = (request: FastifyRequest): string => parsed(TicketParams, request.params).id;

  addRoute(server, door, TICKET_ROUTES.list, async (request) => {
    const { state, cursor, limit } = parsedQuery(ListQuery, request);
    return tickets.list(door.member(request), { state: state ?? "", cursor: cursor ?? null, limit });
  });

  addRoute(server, door, TICKET_ROUTES.read, async (request) => tickets.read(idIn(request), door.member(request)));

  addRoute(server, door, TICKET_ROUTES.answer, async (request) => {
    const body = parsed(AnswerBody, request.body);
    return tickets.answer({ id: idIn(request), member: door.member(request), ...body });
  });

  addRoute(server, door, TICKET_ROUTES.close, async (request) => {
    const body = parsed(CloseBody, request.body);
    return tickets.close({ id: idIn(request), member: door.member(request), ...body });
  });
}
