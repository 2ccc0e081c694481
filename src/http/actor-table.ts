// The table of actors: by machine, by state, or by whatever a person has in hand.
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type ActorAddress, MachineName, parseAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Actors } from "../runtime/ports.ts";
import { linesOf } from "../support/actor-lines.ts";
import { ActorLine } from "../support/answers/actors.ts";
import type { Hit } from "../support/answers/people.ts";
import { makeFind } from "../support/find.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import { csvRow, isoTime } from "./csv.ts";
import { parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ActorTableDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "pageInState">;
  readonly definitions: readonly MachineDefinition[];
}

/** Rows of one file: a table for a spreadsheet, not a backup. */
const MOST_CSV_ROWS = 10_000;
const CSV_PAGE = 200;

const TableQuery = z.strictObject({
  machine: MachineName.optional().meta({ description: "only this machine's actors" }),
  state: z
    .string()
    .regex(/^[A-Za-z][A-Za-z.]{0,127}$/, "expected a state's path, or the beginning of one, such as promise.late")
    .optional()
    .meta({ description: "a state's path, or its beginning" }),
  q: z.string().min(1).max(320).optional().meta({
    description:
      "a Telegram id, a username, a charge id, an order id, an actor's id or address: its actors, in one page",
  }),
  cursor: z.string().min(1).max(420).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "actors in one answer" }),
  format: z
    .enum(["json", "csv"])
    .default("json")
    .meta({ description: "csv: all pages as one file, at most 10,000 rows" }),
});
type TableQuery = z.output<typeof TableQuery>;

export const ACTOR_TABLE_ROUTES = {
  table: {
    method: "GET",
    path: "/api/v1/actors-table",
    twin: "/actors",
    role: "viewer",
    does: "Actors as a table: their states, since when, what they wait for, whose they are.",
    answers: "`{actors: [{address, machine, id, states, since, nextTimer, customer, problem?}], cursor}`, or CSV",
    answer: z.object({ actors: z.array(ActorLine), cursor: z.string().nullable() }),
    query: TableQuery,
  },
} as const satisfies AdminRoutes;

export function registerActorTable(server: FastifyInstance, door: StaffDoor, deps: ActorTableDeps): void {
  addRoute(server, door, ACTOR_TABLE_ROUTES.table, async (request, reply) => {
    const query = parsedQuery(TableQuery, request);
    if (query.format === "json") return pageOf(deps, query);
    // Read before anything is sent: where it cannot be read the answer is an error, not half a file.
    const first = await pageOf(deps, { ...query, limit: CSV_PAGE });
    reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="actors.csv"');
    return reply.send(Readable.from(csv(deps, query, first)));
  });
}

interface Page {
  readonly actors: readonly ActorLine[];
  readonly cursor: string | null;
}

async function pageOf(deps: ActorTableDeps, query: TableQuery): Promise<Page> {
  const { machine, state, q, limit } = query;
  if (q !== undefined) {
    if (query.cursor !== undefined) throw wrongCursor();
    const hits = await makeFind(deps)(q);
    const found = await linesOf(deps.actors, await withAllOf(deps, hits));
    const wanted = found.filter((line) => {
      if (machine !== undefined && line.machine !== machine) return false;
      return state === undefined || line.states.some((path) => path === state || path.startsWith(`${state}.`));
    });
    return { actors: wanted, cursor: null };
  }
  const machines = deps.definitions.filter(({ name }) => machine === undefined || name === machine);
  const start = readCursor(query.cursor, machines);
  const addresses: ActorAddress[] = [];
  let { cursor } = start;
  for (const definition of machines.slice(start.machine)) {
    const prefix = state ?? firstRegion(definition);
    const page = await deps.actors.pageInState(definition.name, prefix, cursor, limit - addresses.length);
    addresses.push(...page.addresses);
    cursor = page.cursor;
    if (cursor !== null)
      return { actors: await linesOf(deps.actors, addresses), cursor: `${definition.name}~${cursor}` };
    if (addresses.length < limit) continue;
    const next = machines[machines.indexOf(definition) + 1];
    return { actors: await linesOf(deps.actors, addresses), cursor: next ? `${next.name}~` : null };
  }
  return { actors: await linesOf(deps.actors, addresses), cursor: null };
}

/** An actor with several regions lies in the index once for each: those of one region are all of them, once. */
const firstRegion = ({ machine }: MachineDefinition): string =>
  machine.root.type === "parallel" ? (Object.keys(machine.root.states)[0] ?? "") : "";

/** `<machine>~<where in its index>`; nothing after the sign: from its beginning. @throws AppError http.badRequest */
function readCursor(
  text: string | undefined,
  machines: readonly MachineDefinition[],
): { readonly machine: number; readonly cursor: string | null } {
  if (text === undefined) return { machine: 0, cursor: null };
  const [name = "", ...rest] = text.split("~");
  const machine = machines.findIndex((one) => one.name === name);
  if (machine < 0 || rest.length === 0) throw wrongCursor();
  return { machine, cursor: rest.join("~") || null };
}

/** The search names a person by the customer's actor; in a table all of theirs are meant. */
async function withAllOf({ actors }: ActorTableDeps, hits: readonly Hit[]): Promise<readonly ActorAddress[]> {
  const people = hits.filter(({ kind, by }) => kind === "customer" && (by === "telegramId" || by === "username"));
  const found = await Promise.all(
    people.map(({ address }) => actors.find(`telegramId=${parseAddress(address as ActorAddress).id}`)),
  );
  return [...new Set([...hits.map(({ address }) => address as ActorAddress), ...found.flat()])];
}

const HEAD = "address,machine,states,since,next_timer,next_timer_at,telegram_id,username,problem\r\n";

async function* csv(deps: ActorTableDeps, query: TableQuery, first: Page): AsyncGenerator<string> {
  yield HEAD;
  let rows = 0;
  let page = first;
  for (;;) {
    rows += page.actors.length;
    if (page.actors.length > 0) yield page.actors.map(csvLine).join("");
    if (page.cursor === null || rows >= MOST_CSV_ROWS) return;
    page = await pageOf(deps, { ...query, limit: CSV_PAGE, cursor: page.cursor });
  }
}

const csvLine = ({ address, machine, states, since, nextTimer, customer, problem }: ActorLine): string =>
  csvRow([
    ...[address, machine, states.join(" ")],
    ...[since === null ? null : isoTime(since), nextTimer?.id ?? null, nextTimer ? isoTime(nextTimer.dueAt) : null],
    ...[customer?.userId ?? null, customer?.username ?? null, problem ?? null],
  ]);
