// Customers as support knows them: found by whatever they send, and shown on one page.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CustomerPage, Customers, Hits } from "../support/answers/people.ts";
import { PersonExport } from "../support/answers/person-export.ts";
import { makePersonExport, type PersonExportDeps } from "../support/person-export.ts";
import type { Support } from "../support/support.ts";
import type { LogFields } from "../telemetry/log-fields.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import type { LedgerDeps } from "./ledger.ts";
import { parsed, parsedQuery, UserIdParam } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";
import type { TicketsDeps } from "./tickets.ts";

export interface CustomersDeps
  extends Omit<PersonExportDeps, "ledger" | "tickets" | "pseudonyms">,
    LedgerDeps,
    TicketsDeps {
  readonly support: Support;
  readonly logger: { info(fields: LogFields, message: string): void };
}

const Text = z.string().min(1).max(256);
const SearchQuery = z.strictObject({
  q: Text.meta({
    description:
      "a Telegram id, a username (`anna`, `@anna`, `t.me/anna`), a charge id, an order id, or an actor (`invite/7012345678:-1001` or its id alone)",
  }),
});
const CustomersQuery = z.strictObject({
  q: Text.optional().meta({ description: "as in `GET /api/v1/search`; absent: all" }),
  cursor: z.string().min(1).max(400).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: "customers in one answer" }),
});

export const CUSTOMER_ROUTES = {
  search: {
    method: "GET",
    path: "/api/v1/search",
    role: "viewer",
    does: "The search box: what a text identifies exactly. All indexes are asked; the customers come first.",
    answers: "`{hits: [{kind, address, by, customer, states}]}`; empty when nothing was found",
    answer: Hits,
    twin: "/search",
    query: SearchQuery,
  },
  list: {
    method: "GET",
    path: "/api/v1/customers",
    role: "viewer",
    does: "All customers, a page at a time, or those whom a text identifies.",
    answers: "`{customers: [{address, machine, id, states, since, nextTimer, customer}], cursor}`",
    answer: Customers,
    twin: "/customers",
    query: CustomersQuery,
  },
  page: {
    method: "GET",
    path: "/api/v1/customers/:telegramId",
    role: "viewer",
    does: "One customer on one page: who they are and were, consent, risk, all their actors, payments, tickets without their texts, what the bot shows them now. Of what lies sealed only that it does, and since when.",
    answers:
      "`{customer, formerUsernames, language, reachable, consent, risk, firstSeenAt, actors, payments, tickets, screen, secrets, now}`",
    answer: CustomerPage,
    twin: "/customers/:telegramId",
    errors: ["actor.noActor"],
  },
  export: {
    method: "GET",
    path: "/api/v1/customers/:telegramId/export",
    role: "finance",
    does: "All that is kept of one person, in clear names, to hand over to them: who they are, consents, payments, conversations with their texts, every actor with what it remembers. Of what lies sealed only that it does. Reads the books as a whole. The log keeps who took it.",
    answers:
      "`{madeAt, telegramId, person, consents, payments, pseudonym, conversations, secrets, records: [{address, states, holds, events, isWhole}]}`",
    answer: PersonExport,
    errors: ["actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
} as const satisfies AdminRoutes;

export function registerCustomers(server: FastifyInstance, door: StaffDoor, deps: CustomersDeps): void {
  const { support, logger } = deps;
  const exportPerson = makePersonExport(deps);

  addRoute(server, door, CUSTOMER_ROUTES.search, async (request) => ({
    hits: await support.find(parsedQuery(SearchQuery, request).q),
  }));

  addRoute(server, door, CUSTOMER_ROUTES.list, async (request) => {
    const query = parsedQuery(CustomersQuery, request);
    // Whoever a text identifies comes on one page.
    if (query.q !== undefined && query.cursor !== undefined) throw wrongCursor();
    return support.customers(query);
  });

  addRoute(server, door, CUSTOMER_ROUTES.page, async (request) =>
    support.page(parsed(UserIdParam, request.params).telegramId),
  );

  addRoute(server, door, CUSTOMER_ROUTES.export, async (request, reply) => {
    const userId = parsed(UserIdParam, request.params).telegramId;
    const member = door.member(request);
    const all = await exportPerson(userId, member);
    logger.info({ event: "person.exported", userId, by: member.name }, "all that is kept of a person was handed out");
    reply.header("content-disposition", `attachment; filename="person-${userId}.json"`);
    return all;
  });
}
