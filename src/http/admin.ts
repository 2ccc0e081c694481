// The part of the admin API that operating needs from the first day: look at an actor, send it an event with a reason, answer customers,
// settle what failed, export the books, move the test clock.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import { type IncidentsDeps, registerIncidents } from "./incidents.ts";
import { type LedgerDeps, registerLedger } from "./ledger.ts";
import { addressIn, IdempotencyKey, parsed, Reason } from "./parse-request.ts";
import { makeStaffDoor, type StaffDoorDeps } from "./staff-door.ts";
import { signedEvent } from "./staff-events.ts";
import { registerTickets, type TicketsDeps } from "./tickets.ts";

export interface AdminDeps extends StaffDoorDeps, TicketsDeps, IncidentsDeps, LedgerDeps {
  readonly actors: Actors;
  readonly definitions: readonly MachineDefinition[];
  /** Null with the real clock. @returns the time afterwards, epoch ms. */
  readonly advanceClock: ((ms: number) => Promise<number>) | null;
}

const SendBody = z.strictObject({
  event: z.looseObject({ type: z.string().max(64) }),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
  /** Refused when the actor moved on since it was looked at. */
  expectedRev: z.int().nonnegative().optional(),
});
const AdvanceBody = z.strictObject({
  ms: z
    .int()
    .positive()
    .max(366 * 86_400_000),
});
const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** Id of a stream's entry. */
  before: z
    .string()
    .regex(/^\d{1,20}-\d{1,20}$/, "expected the entryId of an entry")
    .optional(),
});

export function registerAdmin(server: FastifyInstance, deps: AdminDeps): void {
  const { actors, advanceClock } = deps;
  const door = makeStaffDoor(deps);
  const definitions = new Map(deps.definitions.map((definition) => [definition.name, definition]));
  registerTickets(server, door, deps);
  registerIncidents(server, door, deps);
  registerLedger(server, door, deps);

  server.get("/api/v1/actors/:machine/:id", { onRequest: door.atLeast("viewer") }, async (request) => {
    const view = await actors.read(addressIn(request));
    if (!view) throw new AppError("actor.noActor");
    return view;
  });

  server.get("/api/v1/actors/:machine/:id/history", { onRequest: door.atLeast("viewer") }, async (request) => {
    const { limit, before } = parsed(HistoryQuery, request.query);
    return {
      entries: await actors.history(addressIn(request), { limit, ...(before === undefined ? {} : { before }) }),
    };
  });

  server.get("/api/v1/actors/:machine/:id/verify", { onRequest: door.atLeast("viewer") }, async (request) => {
    const verification = await actors.verify(addressIn(request));
    // Nothing was found wrong because nothing was found: a misspelt id must not look like a clean history.
    if (verification.ok && verification.entries === 0) throw new AppError("actor.noActor");
    return verification;
  });

  server.post("/api/v1/actors/:machine/:id/events", { onRequest: door.atLeast("support") }, async (request) => {
    const member = door.member(request);
    const { event, reason, idempotencyKey, expectedRev } = parsed(SendBody, request.body);
    const address = addressIn(request);
    const definition = definitions.get(parseAddress(address).machine);
    if (!definition) throw new AppError("actor.unknownMachine");
    return actors.send(address, signedEvent(definition, event, member, reason), {
      cause: { kind: "staff", id: idempotencyKey, by: member.name, reason },
      key: `staff ${member.name} ${idempotencyKey}`,
      ...(expectedRev === undefined ? {} : { expectedRev }),
    });
  });

  server.post("/api/v1/clock/advance", { onRequest: door.atLeast("owner") }, async (request) => {
    if (!advanceClock) throw new AppError("clock.notTest");
    return { now: await advanceClock(parsed(AdvanceBody, request.body).ms) };
  });
}
