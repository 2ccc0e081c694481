// The record of everything: who did what, when and why, over all actors.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ActorAddress, MachineName, UserId } from "../../machines/address.ts";
import type { AuditFilter, AuditList, AuditLog } from "../runtime/audit-ports.ts";
import type { Actors, AuditEntry } from "../runtime/ports.ts";
import { AuditPage } from "../support/answers/operations.ts";
import { actorsOfPerson } from "../support/audit.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import { csvRow, isoTime } from "./csv.ts";
import { historyEntry } from "./history-entry.ts";
import { parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface AuditDeps {
  readonly actors: Pick<Actors, "find">;
  readonly auditLog: AuditLog;
}

/** Rows of one file. */
const MOST_CSV_ROWS = 10_000;
const CSV_PAGE = 200;
/** Pages in which nothing was found, before a file ends. */
const MOST_CSV_PAGES = 500;

/** Which filters a cursor belongs to: six characters are enough against a mistake, and nobody gains by a forgery. */
const markOf = (filters: Readonly<Record<string, unknown>>): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(filters).sort()))
    .digest("base64url")
    .slice(0, 6);

/** @throws AppError http.badRequest */
function placeIn(cursor: string, mark: string): string {
  if (!cursor.startsWith(`${mark}~`)) throw wrongCursor();
  return cursor.slice(mark.length + 1);
}

const Moment = z.coerce.number().int().nonnegative().optional();
const AuditQuery = z.strictObject({
  machine: MachineName.optional().meta({ description: "only this machine's actors" }),
  address: ActorAddress.optional().meta({ description: "only this actor, `<machine>/<id>`" }),
  person: z.coerce.number().pipe(UserId).optional().meta({ description: "Telegram id: only this person's actors" }),
  type: z.string().min(1).max(128).optional().meta({ description: "an event's type" }),
  by: z.string().min(1).max(64).optional().meta({ description: "name of the person of the staff" }),
  kind: z
    .enum(["update", "timer", "effect", "staff", "customer", "system"])
    .optional()
    .meta({ description: "kind of cause" }),
  outcome: z.enum(["applied", "ignored", "failed"]).optional().meta({ description: "what came of it" }),
  from: Moment.meta({ description: "not before, epoch ms" }),
  to: Moment.meta({ description: "not after, epoch ms" }),
  cursor: z.string().min(1).max(400).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "entries in one answer" }),
  format: z.enum(["json", "csv"]).default("json").meta({ description: "csv: one file, at most 10,000 rows" }),
});

export const AUDIT_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/audit",
    twin: "/audit",
    role: "viewer",
    does: "Every event of every actor: who caused it, when, why, and from where to where it led. Newest first.",
    answers:
      "`{entries, cursor}`, entries as in an actor's history, or CSV. One answer reads 10,000 entries at most: with few matches it may be short, or empty, and `cursor` goes on; null is the end",
    answer: AuditPage,
    query: AuditQuery,
  },
} as const satisfies AdminRoutes;

export function registerAudit(server: FastifyInstance, door: StaffDoor, { actors, auditLog }: AuditDeps): void {
  addRoute(server, door, AUDIT_ROUTES.list, async (request, reply) => {
    const query = parsedQuery(AuditQuery, request);
    const { person, cursor: given, limit, format, ...fields } = query;
    const mark = markOf({ person, ...fields });
    const cursor = given === undefined ? undefined : placeIn(given, mark);
    const filter = {
      ...fields,
      ...(person === undefined ? {} : { among: await actorsOfPerson(actors, person) }),
    } as AuditFilter;
    const options = (at: string | undefined, most: number) => ({
      limit: most,
      ...(at === undefined ? {} : { cursor: at }),
    });
    if (format === "json") {
      const page = await auditLog.list(filter, options(cursor, limit));
      return { entries: page.entries.map(historyEntry), cursor: page.cursor && `${mark}~${page.cursor}` };
    }
    const read = (at: string | undefined) => auditLog.list(filter, options(at, CSV_PAGE));
    // Read before anything is sent: where it cannot be read the answer is an error, not half a file.
    const first = await read(cursor);
    reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="audit.csv"');
    return reply.send(Readable.from(csv(first, read)));
  });
}

const HEAD = "at,address,seq,event,cause,cause_id,by,reason,outcome,from,to,effects\r\n";

async function* csv(first: AuditList, read: (cursor: string) => Promise<AuditList>): AsyncGenerator<string> {
  yield HEAD;
  let rows = 0;
  let page = first;
  for (let pages = 0; pages < MOST_CSV_PAGES; pages += 1) {
    rows += page.entries.length;
    if (page.entries.length > 0) yield page.entries.map(csvLine).join("");
    if (page.cursor === null || rows >= MOST_CSV_ROWS) return;
    page = await read(page.cursor);
  }
}

const csvLine = ({ at, address, rev, event, cause, outcome, from = [], to = [], effects = [] }: AuditEntry): string =>
  csvRow([
    ...[isoTime(at), address, rev, event.type, cause.kind, cause.id, cause.by ?? null, cause.reason ?? null, outcome],
    ...[from.join(" "), to.join(" "), effects.join("; ")],
  ]);
