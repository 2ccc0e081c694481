// What happens, as it happens: entries of the record for pages that are looked at.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ActorAddress, MachineName, UserId } from "../../machines/address.ts";
import type { AuditTail } from "../runtime/audit-ports.ts";
import type { Actors, AuditEntry } from "../runtime/ports.ts";
import { LiveEntry } from "../support/answers/operations.ts";
import { makeIsOfPerson } from "../support/audit.ts";
import { type EventStream, type EventStreamOptions, makeEventStreams } from "./event-stream.ts";
import { historyEntry } from "./history-entry.ts";
import { parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface LiveDeps {
  readonly actors: Pick<Actors, "find" | "history">;
  readonly auditTail: AuditTail;
  readonly streams?: EventStreamOptions;
}

/** Of one actor: what a page that was away for longer has missed is read from the history. */
const MOST_MISSED = 1_000;
const Seq = z.coerce.number().int().nonnegative();
const EntryId = z.string().regex(/^\d{1,16}-\d{1,10}$/);

const LiveQuery = z.strictObject({
  address: ActorAddress.optional().meta({ description: "only this actor, `<machine>/<id>`" }),
  person: z.coerce.number().pipe(UserId).optional().meta({ description: "Telegram id: only this person's actors" }),
  machine: MachineName.optional().meta({ description: "only this machine's actors" }),
  since: z.string().min(1).max(32).optional().meta({
    description:
      "what you have: of one actor the `seq`, otherwise the `entryId` of your newest entry. `Last-Event-ID` wins",
  }),
});

export const LIVE_ROUTES = {
  live: {
    method: "GET",
    path: "/api/v1/live",
    role: "viewer",
    does: "What happens, as it happens, for as long as you listen.",
    answer: { mediaType: "text/event-stream" },
    answers:
      "server-sent events: `event: entry`, `data` an entry of the history (`{entryId, address, seq, at, event, cause, outcome, from?, to?, effects?}`), `id` its `seq` when one actor is asked for, otherwise its `entryId`. With `Last-Event-ID` it goes on from there without a gap; then, unless one actor is asked for, an entry of the last seconds may come again (same `entryId`). `event: reset` says that too much has happened since then: read anew what you show. A comment every 15 seconds",
    query: LiveQuery,
    errors: ["live.tooMany"],
  },
} as const satisfies AdminRoutes;

export function registerLive(server: FastifyInstance, door: StaffDoor, deps: LiveDeps): void {
  const { actors, auditTail } = deps;
  const openStream = makeEventStreams(server, deps.streams);

  addRoute(server, door, LIVE_ROUTES.live, async (request, reply) => {
    const { address, person, machine, since } = parsedQuery(LiveQuery, request);
    const last = request.headers["last-event-id"] ?? since;
    const isOfPerson = person === undefined ? () => true : await makeIsOfPerson(actors, person);
    const isMeant = (entry: AuditEntry) =>
      (address === undefined || entry.address === address) &&
      (machine === undefined || entry.address.startsWith(`${machine}/`)) &&
      isOfPerson(entry);
    if (address === undefined) await followAll(() => openStream(reply), auditTail, isMeant, textOf(EntryId, last));
    else await followOne(() => openStream(reply), deps, address, isMeant, textOf(Seq, last));
    return reply;
  });
}

/** A cursor of another kind, such as a browser keeps from the page before, is none. */
const textOf = <T>(schema: z.ZodType<T>, value: unknown): T | undefined => schema.safeParse(value).data;

const live = (entry: AuditEntry) => LiveEntry.parse(historyEntry(entry));

async function followAll(
  open: () => EventStream,
  tail: AuditTail,
  isMeant: (entry: AuditEntry) => boolean,
  since: string | undefined,
): Promise<void> {
  const early: AuditEntry[] = [];
  let hear = (entries: readonly AuditEntry[]): void => void early.push(...entries);
  const { stop, isWhole } = await tail.watch((entries) => hear(entries.filter(isMeant)), since);
  const stream = openOr(open, stop);
  if (!isWhole) stream.send("reset", null, {});
  hear = (entries) => {
    for (const entry of entries) stream.send("entry", entry.entryId, live(entry));
  };
  hear(early);
}

/** Watches first and reads the history then: what comes between is in both, and is sent once. */
async function followOne(
  open: () => EventStream,
  { actors, auditTail }: LiveDeps,
  address: ActorAddress,
  isMeant: (entry: AuditEntry) => boolean,
  since: number | undefined,
): Promise<void> {
  const early: AuditEntry[] = [];
  let hear = (entries: readonly AuditEntry[]): void => void early.push(...entries);
  const { stop } = await auditTail.watch((entries) => hear(entries.filter(isMeant)));
  const missed = await missedOf(actors, address, since ?? Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
    stop();
    throw error;
  });
  const stream = openOr(open, stop);
  if (missed.length > MOST_MISSED) stream.send("reset", null, {});
  let last = since ?? 0;
  hear = (entries) => {
    for (const entry of entries) {
      if (entry.rev <= last) continue;
      last = entry.rev;
      stream.send("entry", String(entry.rev), live(entry));
    }
  };
  hear([...missed.slice(-MOST_MISSED), ...early]);
}

/** Oldest first; more than the most where there is more. */
async function missedOf(actors: LiveDeps["actors"], address: ActorAddress, since: number): Promise<AuditEntry[]> {
  const missed: AuditEntry[] = [];
  for (let before: string | undefined; missed.length <= MOST_MISSED; ) {
    const page = await actors.history(address, { limit: 50, ...(before === undefined ? {} : { before }) });
    const later = page.filter(({ rev }) => rev > since);
    missed.push(...later);
    before = page.at(-1)?.previous;
    if (later.length < page.length || !before) break;
  }
  return missed.reverse();
}

function openOr(open: () => EventStream, stop: () => void): EventStream {
  try {
    const stream = open();
    stream.onEnd(stop);
    return stream;
  } catch (error) {
    stop();
    throw error;
  }
}
