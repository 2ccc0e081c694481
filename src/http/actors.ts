// Any actor as people see it: found, looked at, explained. What people do to it: actor-commands.ts.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Lookup } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import { ActorDetail, HistoryEntry } from "../support/answers/actors.ts";
import { Addresses, AddressPage, StateCounts, Verification } from "../support/answers/incidents.ts";
import { historyEntry } from "./history-entry.ts";
import { addressIn, machineIn, parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ActorsDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "verify" | "pageInState" | "countByState">;
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
const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: "entries in one answer" }),
  before: z
    .string()
    .regex(/^\d{1,20}-\d{1,20}$/, "expected the `previous` of an entry")
    .optional()
    .meta({ description: "`previous` of the last entry that you have, for those before it" }),
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
    answer: StateCounts,
    answers: "`{states: {path: count}}`; an actor with several regions counts once in each",
    errors: ["actor.unknownMachine"],
  },
  inState: {
    method: "GET",
    path: "/api/v1/machines/:machine/actors",
    role: "viewer",
    does: "The actors of a machine that are in a state, a page at a time.",
    answer: AddressPage,
    answers: "`{actors: [address], cursor}`; `cursor` is null after the last page",
    query: StateQuery,
    errors: ["actor.unknownMachine"],
  },
  find: {
    method: "GET",
    path: "/api/v1/actors",
    role: "viewer",
    does: "Finds the actors of a person or a payment, by exactly one of the fields below.",
    answer: Addresses,
    answers: "`{actors: [address]}`, sorted; empty when there are none",
    query: FindQuery,
  },
  read: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id",
    role: "viewer",
    does: "How things stand with one actor.",
    answers:
      "`{address, machine, id, rev, status, states, context, timers, invocations}`; `rev` is the `seq` of its newest event",
    answer: ActorDetail,
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  history: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/history",
    role: "viewer",
    does: "How things came to be so: who caused what, newest first.",
    answers:
      "`{entries: [{entryId, address, seq, at, event, cause, outcome, note?, from?, to?, effects?, timers?, hash, previous}]}`",
    query: HistoryQuery,
    answer: z.object({ entries: z.array(HistoryEntry) }),
    errors: ["actor.unknownMachine", "actor.invalidId"],
  },
  verify: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/verify",
    role: "viewer",
    does: "Recomputes the hash chain of the history: was an entry changed or taken away?",
    answer: Verification,
    answers: "`{ok, entries, brokenAt, problem}`",
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor"],
  },
} as const satisfies AdminRoutes;

export function registerActors(server: FastifyInstance, door: StaffDoor, deps: ActorsDeps): void {
  const { actors } = deps;

  addRoute(server, door, ACTOR_ROUTES.find, async (request) => {
    const found = await Promise.all(
      Object.entries(parsedQuery(FindQuery, request)).map(([attribute, value = ""]) =>
        actors.find(lookupOf(attribute, value)),
      ),
    );
    return { actors: found.flat().sort() };
  });

  addRoute(server, door, ACTOR_ROUTES.states, async (request) => ({
    states: await actors.countByState(machineIn(request)),
  }));

  addRoute(server, door, ACTOR_ROUTES.inState, async (request) => {
    const { state, cursor, limit } = parsedQuery(StateQuery, request);
    const page = await actors.pageInState(machineIn(request), state ?? "", cursor ?? null, limit);
    return { actors: page.addresses, cursor: page.cursor };
  });

  addRoute(server, door, ACTOR_ROUTES.read, async (request) => {
    const view = await actors.read(addressIn(request));
    if (!view) throw new AppError("actor.noActor");
    return view;
  });

  addRoute(server, door, ACTOR_ROUTES.history, async (request) => {
    const { limit, before } = parsedQuery(HistoryQuery, request);
    const address = addressIn(request);
    const entries = await actors.history(address, { limit, ...(before === undefined ? {} : { before }) });
    // Entries of several actors lie in one stream: an id of another's would show its history as this one's.
    if (before !== undefined && entries[0]?.address !== address) throw foreignEntry();
    return { entries: entries.map(historyEntry) };
  });

  addRoute(server, door, ACTOR_ROUTES.verify, async (request) => {
    const verification = await actors.verify(addressIn(request));
    // Nothing was found wrong because nothing was found: a misspelt id must not look like a clean history.
    if (verification.ok && verification.entries === 0) throw new AppError("actor.noActor");
    return verification;
  });
}

const foreignEntry = (): AppError =>
  new AppError("http.badRequest", {
    details: { fields: ["query: before: no entry of this history; leave it out to begin with the newest"] },
  });

/** Usernames are kept in lower case and without their sign. */
const lookupOf = (attribute: string, value: string): Lookup =>
  `${attribute}=${attribute === "username" ? value.replace(/^@/, "").toLowerCase() : value}` as Lookup;
