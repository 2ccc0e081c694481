// Any actor as people see it: found, looked at, explained, and sent an event with a reason.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Lookup, MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import type { StaffCommands } from "../support/commands.ts";
import { addressIn, IdempotencyKey, machineIn, parsed, Reason } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ActorsDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "verify" | "send" | "pageInState" | "countByState">;
  readonly definitions: readonly MachineDefinition[];
  readonly commands: StaffCommands;
}

const sought = z.string().min(1).max(256).optional();
/** One person's or one payment's worth of actors: what finds more (a chat, a product) is no question for one answer. */
const FindQuery = z
  .strictObject({
    telegramId: sought.meta({ description: "a person's Telegram user id" }),
    username: sought.meta({ description: "a person's username, with or without @" }),
    chargeId: sought.meta({ description: "Telegram's id of a payment" }),
    orderId: sought.meta({ description: "an order, which is the payload of its invoice" }),
  })
  .refine(
    (query) => Object.keys(query).length === 1,
    "must name exactly one of telegramId, username, chargeId, orderId",
  );
const SendBody = z.strictObject({
  event: z
    .looseObject({ type: z.string().max(64) })
    .meta({ description: "`type` and the fields that the event has, see [Events](#events)" }),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
  expectedRev: z.int().nonnegative().optional().meta({
    description: "`rev` of the actor as you looked at it: refused with `actor.staleRevision` when it moved on since",
  }),
});
const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: "entries in one answer" }),
  before: z
    .string()
    .regex(/^\d{1,20}-\d{1,20}$/, "expected the entryId of an entry")
    .optional()
    .meta({ description: "`entryId` of the last entry that you have, for those before it" }),
});

const StateQuery = z.strictObject({
  state: z
    .string()
    .regex(/^[A-Za-z][A-Za-z.]{0,127}$/, "expected a state's path, or the beginning of one, such as promise.late")
    .optional()
    .meta({ description: "a state's path, or its beginning: `promise.late`, `step.needsAttention`; absent: all" }),
  cursor: z.string().min(1).max(400).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: "actors in one answer" }),
});

export const ACTOR_ROUTES = {
  states: {
    method: "GET",
    path: "/api/v1/machines/:machine/states",
    role: "viewer",
    does: "How many actors of a machine are in which state.",
    answers: "`{states: {path: count}}`; an actor with several regions counts once in each",
    errors: ["actor.unknownMachine"],
  },
  inState: {
    method: "GET",
    path: "/api/v1/machines/:machine/actors",
    role: "viewer",
    does: "The actors of a machine that are in a state, a page at a time.",
    answers: "`{actors: [address], cursor}`; `cursor` is null after the last page",
    query: StateQuery,
    errors: ["actor.unknownMachine"],
  },
  find: {
    method: "GET",
    path: "/api/v1/actors",
    role: "viewer",
    does: "Finds the actors of a person or a payment, by exactly one of the fields below.",
    answers: "`{actors: [address]}`, sorted; empty when there are none",
    query: FindQuery,
  },
  read: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id",
    role: "viewer",
    does: "How things stand with one actor.",
    answers: "`{address, machine, id, rev, status, states, context, timers, invocations}`",
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  history: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/history",
    role: "viewer",
    does: "How things came to be so: who caused what, newest first.",
    answers:
      "`{entries: [{entryId, rev, at, event, cause, outcome, note?, from?, to?, effects?, timers?, hash, previous}]}`",
    query: HistoryQuery,
    errors: ["actor.unknownMachine", "actor.invalidId"],
  },
  verify: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/verify",
    role: "viewer",
    does: "Recomputes the hash chain of the history: was an entry changed or taken away?",
    answers: "`{ok, entries, brokenAt, problem}`",
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor"],
  },
  send: {
    method: "POST",
    path: "/api/v1/actors/:machine/:id/events",
    role: "support",
    does: "Sends an actor one of the events that staff may send; most need a higher role, see [Events](#events).",
    answers:
      "`{outcome, rev, first?, view}`. Outcome: `applied`; `ignored`, it had no use for the event in its state; `duplicate`, nothing happened because the key was seen (`first` says what came of it then); `noActor`. What needs a second person is answered with status 202 and `{approval}`: nothing was done yet",
    body: SendBody,
    errors: [
      ...(["actor.unknownMachine", "actor.invalidId", "actor.notForStaff", "actor.invalidEvent"] as const),
      ...(["actor.staleRevision", "actor.quarantined", "actor.unknownVersion", "actor.machineFailed"] as const),
    ],
  },
} as const satisfies AdminRoutes;

export function registerActors(server: FastifyInstance, door: StaffDoor, deps: ActorsDeps): void {
  const { actors } = deps;

  addRoute(server, door, ACTOR_ROUTES.find, async (request) => {
    const found = await Promise.all(
      Object.entries(parsed(FindQuery, request.query)).map(([attribute, value = ""]) =>
        actors.find(lookupOf(attribute, value)),
      ),
    );
    return { actors: found.flat().sort() };
  });

  addRoute(server, door, ACTOR_ROUTES.states, async (request) => ({
    states: await actors.countByState(machineIn(request)),
  }));

  addRoute(server, door, ACTOR_ROUTES.inState, async (request) => {
    const { state, cursor, limit } = parsed(StateQuery, request.query);
    const page = await actors.pageInState(machineIn(request), state ?? "", cursor ?? null, limit);
    return { actors: page.addresses, cursor: page.cursor };
  });

  addRoute(server, door, ACTOR_ROUTES.read, async (request) => {
    const view = await actors.read(addressIn(request));
    if (!view) throw new AppError("actor.noActor");
    return view;
  });

  addRoute(server, door, ACTOR_ROUTES.history, async (request) => {
    const { limit, before } = parsed(HistoryQuery, request.query);
    return {
      entries: await actors.history(addressIn(request), { limit, ...(before === undefined ? {} : { before }) }),
    };
  });

  addRoute(server, door, ACTOR_ROUTES.verify, async (request) => {
    const verification = await actors.verify(addressIn(request));
    // Nothing was found wrong because nothing was found: a misspelt id must not look like a clean history.
    if (verification.ok && verification.entries === 0) throw new AppError("actor.noActor");
    return verification;
  });

  addRoute(server, door, ACTOR_ROUTES.send, async (request, reply) => {
    const member = door.member(request);
    const { event, reason, idempotencyKey, expectedRev } = parsed(SendBody, request.body);
    const answered = await deps.commands.send({
      ...{ member, address: addressIn(request), event, reason, idempotencyKey },
      guards: expectedRev === undefined ? {} : { expectedRev },
    });
    return answered.kind === "sent" ? answered.result : reply.code(202).send({ approval: answered.approval });
  });
}

/** Usernames are kept in lower case and without their sign. */
const lookupOf = (attribute: string, value: string): Lookup =>
  `${attribute}=${attribute === "username" ? value.replace(/^@/, "").toLowerCase() : value}` as Lookup;
