// What needs a person first: the first page of the console.
import type { FastifyInstance } from "fastify";
import { Overview } from "../support/answers/operations.ts";
import type { Support } from "../support/support.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface OverviewDeps {
  readonly support: Support;
}

export const OVERVIEW_ROUTES = {
  overview: {
    method: "GET",
    path: "/api/v1/overview",
    role: "viewer",
    does: "What needs a person, the most urgent first: channels lost or without rights, a tripped breaker of removals, people who paid and whose link could not be made yet, failed effects, actors that cannot be read, updates set aside, late timers, set-ups that need attention, open tickets, waiting approvals. Then how many actors are in which state, and what reconciliation found.",
    answers:
      "`{needs: [{kind, count, text, href, address, customer, held, since}], machines: [{machine, total, states}], drift, now}`",
    answer: Overview,
    twin: "/overview",
  },
} as const satisfies AdminRoutes;

export function registerOverview(server: FastifyInstance, door: StaffDoor, { support }: OverviewDeps): void {
  addRoute(server, door, OVERVIEW_ROUTES.overview, async () => support.overview());
}
