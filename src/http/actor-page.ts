// One actor's page: who it belongs to, what may be done, who else is concerned; and the same as it was.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { Foresight } from "../runtime/foresight-ports.ts";
import type { Actors } from "../runtime/ports.ts";
import { relatedTo } from "../support/actor-lines.ts";
import { ActorPage, PastActor } from "../support/answers/actors.ts";
import { eventChoices, personalFields } from "../support/event-choices.ts";
import { forceChoices } from "../support/force-roles.ts";
import { ownerOf, readPerson, sinceOf } from "../support/look.ts";
import { historyEntry } from "./history-entry.ts";
import { addressIn, parsed } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ActorPageDeps {
  readonly actors: Pick<Actors, "read" | "history" | "find">;
  readonly foresight: Pick<Foresight, "choices" | "asOf">;
  readonly definitions: readonly MachineDefinition[];
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
}

/** Of a longer history the newest branch is not told: it would be played again for every look. Real actors have some hundreds of entries. */
const LONGEST_FOR_TAKEN = 500;

const Seq = z.object({ seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

export const ACTOR_PAGE_ROUTES = {
  page: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/page",
    twin: "/actors/:machine/:id",
    role: "viewer",
    does: "One actor with all that its page shows: whose it is, which events it has a use for now, which other actors are concerned.",
    answers:
      "what reading it answers, and `{customer, since, now, events: [{type, role, mayYou, possible, guard, does, means, fields}], force, related, personal, taken}`",
    answer: ActorPage,
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  past: {
    method: "GET",
    path: "/api/v1/actors/:machine/:id/events/:seq",
    twin: "/actors/:machine/:id/events/:seq",
    role: "viewer",
    does: "The actor as it was right after one of its events: its history, played again through today's machine.",
    answers:
      "`{address, seq, newest, entry, states, context, timers, invocations, difference, taken, exact}`. `exact` is false where the machine does something else today than the record says, and beyond 10,000 events; what is personal stays `(personal)`, as in the history",
    answer: PastActor,
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noEvent", "actor.quarantined", "actor.unknownVersion"],
  },
} as const satisfies AdminRoutes;

export function registerActorPage(server: FastifyInstance, door: StaffDoor, deps: ActorPageDeps): void {
  const { actors, foresight, now } = deps;
  const definitions = new Map(deps.definitions.map((definition) => [definition.name, definition]));

  addRoute(server, door, ACTOR_PAGE_ROUTES.page, async (request) => {
    const { role } = door.member(request);
    const address = addressIn(request);
    const view = await actors.read(address);
    const definition = definitions.get(parseAddress(address).machine);
    if (!view || !definition) throw new AppError("actor.noActor");
    const owner = ownerOf(view);
    const [customer, since, choices, related, newest] = await Promise.all([
      owner === null ? null : readPerson(actors, owner),
      sinceOf(actors, address),
      foresight.choices(address),
      relatedTo(actors, definition, view),
      view.rev > LONGEST_FOR_TAKEN ? null : foresight.asOf(address, view.rev),
    ]);
    return {
      ...{ ...view, customer, since, now: now(), related, taken: newest?.taken ?? [] },
      events: eventChoices(definition, choices, role),
      force: forceChoices(definition, role),
      personal: personalFields(definition, view.context),
    };
  });

  addRoute(server, door, ACTOR_PAGE_ROUTES.past, async (request) => {
    const { seq } = parsed(Seq, request.params);
    const past = await foresight.asOf(addressIn(request), seq);
    if (!past) throw new AppError("actor.noEvent");
    const { rev, entry, ...rest } = past;
    return { ...rest, seq: rev, entry: historyEntry(entry) };
  });
}
