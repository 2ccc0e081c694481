// The part of the admin API that operating needs from the first day: look at an actor, send it an event with a reason, answer customers,
// settle what failed, export the books, move the test clock. docs/admin-api.md is printed from the tables of routes.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Forcing } from "../runtime/foresight-ports.ts";
import type { Actors } from "../runtime/ports.ts";
import { ClockNow } from "../support/answers/incidents.ts";
import { ACTOR_COMMAND_ROUTES, type ActorCommandsDeps, registerActorCommands } from "./actor-commands.ts";
import { ACTOR_PAGE_ROUTES, type ActorPageDeps, registerActorPage } from "./actor-page.ts";
import { ACTOR_TABLE_ROUTES, type ActorTableDeps, registerActorTable } from "./actor-table.ts";
import { ACTOR_ROUTES, type ActorsDeps, registerActors } from "./actors.ts";
import { AUDIT_ROUTES, type AuditDeps, registerAudit } from "./audit.ts";
import { CUSTOMER_ROUTES, type CustomersDeps, registerCustomers } from "./customers.ts";
import { DATASET_ROUTES, type DatasetsDeps, registerDatasets } from "./datasets.ts";
import { DESK_ROUTES, type DeskDeps, registerDesk } from "./desk.ts";
import { DRIFT_ROUTES, type DriftDeps, registerDrift } from "./drift.ts";
import { INCIDENT_ROUTES, type IncidentsDeps, registerIncidents } from "./incidents.ts";
import { LEDGER_ROUTES, type LedgerDeps, registerLedger } from "./ledger.ts";
import { LIVE_ROUTES, type LiveDeps, registerLive } from "./live.ts";
import { ME_ROUTES, type MeDeps, registerMe } from "./me.ts";
import { makeAdminOpenApi } from "./openapi.ts";
import { OVERVIEW_ROUTES, registerOverview } from "./overview.ts";
import { parsed } from "./parse-request.ts";
import { PLAN_ROUTES, type PlansDeps, registerPlans } from "./plans.ts";
import { type PremisesDeps, registerPremises } from "./premises.ts";
import { QUEUE_ROUTES, type QueuesDeps, registerQueues } from "./queues.ts";
import { type AdminRoute, type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";
import { registerTickets, TICKET_ROUTES, type TicketsDeps } from "./tickets.ts";
import { registerTimers, TIMER_ROUTES, type TimersDeps } from "./timers.ts";
import { registerWhy, WHY_ROUTES } from "./why.ts";

export interface AdminDeps
  extends PremisesDeps,
    MeDeps,
    ActorsDeps,
    ActorPageDeps,
    ActorTableDeps,
    ActorCommandsDeps,
    AuditDeps,
    LiveDeps,
    TimersDeps,
    QueuesDeps,
    DeskDeps,
    PlansDeps,
    CustomersDeps,
    TicketsDeps,
    IncidentsDeps,
    DriftDeps,
    DatasetsDeps,
    LedgerDeps {
  readonly actors: Actors & Forcing;
  /** Null with the real clock. @returns the time afterwards, epoch ms. */
  readonly advanceClock: ((ms: number) => Promise<number>) | null;
}

const AdvanceBody = z.strictObject({
  ms: z
    .int()
    .positive()
    .max(366 * 86_400_000)
    .meta({ description: "by how much. Unit: milliseconds" }),
});

const CLOCK_ROUTES = {
  advance: {
    method: "POST",
    path: "/api/v1/clock/advance",
    role: "owner",
    does: "Moves the test clock; what is due on the way happens in order. Answers when all of it has happened.",
    answer: ClockNow,
    answers: "`{now}`, epoch ms",
    body: AdvanceBody,
    errors: ["clock.notTest"],
  },
} as const satisfies AdminRoutes;

const OPENAPI_ROUTES = {
  document: {
    method: "GET",
    path: "/api/v1/openapi.json",
    role: "viewer",
    does: "This API as an OpenAPI 3.1 document.",
    answer: z.looseObject({ openapi: z.string() }),
    answers: "the document; docs/admin-openapi.yaml is the same",
  },
} as const satisfies AdminRoutes;

/** Every route, as docs/admin-api.md lists them. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ME_ROUTES,
  ACTOR_ROUTES,
  ACTOR_TABLE_ROUTES,
  ACTOR_PAGE_ROUTES,
  ACTOR_COMMAND_ROUTES,
  AUDIT_ROUTES,
  LIVE_ROUTES,
  TIMER_ROUTES,
  QUEUE_ROUTES,
  DESK_ROUTES,
  PLAN_ROUTES,
  OVERVIEW_ROUTES,
  CUSTOMER_ROUTES,
  WHY_ROUTES,
  TICKET_ROUTES,
  INCIDENT_ROUTES,
  DRIFT_ROUTES,
  DATASET_ROUTES,
  LEDGER_ROUTES,
  CLOCK_ROUTES,
  OPENAPI_ROUTES,
].flatMap((routes: AdminRoutes) => Object.values(routes));

export const registerAdmin = (server: FastifyInstance, deps: AdminDeps): void =>
  registerPremises(server, deps, (scope, door) => registerApi(scope, door, deps));

function registerApi(server: FastifyInstance, door: StaffDoor, deps: AdminDeps): void {
  registerMe(server, door, deps);
  registerActors(server, door, deps);
  registerActorTable(server, door, deps);
  registerActorPage(server, door, deps);
  registerActorCommands(server, door, deps);
  registerAudit(server, door, deps);
  registerLive(server, door, deps);
  registerTimers(server, door, deps);
  registerQueues(server, door, deps);
  registerDesk(server, door, deps);
  registerPlans(server, door, deps);
  registerOverview(server, door, deps);
  registerCustomers(server, door, deps);
  registerWhy(server, door, deps);
  registerTickets(server, door, deps);
  registerIncidents(server, door, deps);
  registerDrift(server, door, deps);
  registerDatasets(server, door, deps);
  registerLedger(server, door, deps);
  let document: ReturnType<typeof makeAdminOpenApi> | undefined;
  addRoute(server, door, OPENAPI_ROUTES.document, async () => {
    document ??= makeAdminOpenApi(ADMIN_ROUTES);
    return document;
  });
  addRoute(server, door, CLOCK_ROUTES.advance, async (request) => {
    if (!deps.advanceClock) throw new AppError("clock.notTest");
    return { now: await deps.advanceClock(parsed(AdvanceBody, request.body).ms) };
  });
}
