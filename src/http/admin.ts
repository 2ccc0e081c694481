// The part of the admin API that operating needs from the first day: look at an actor, send it an event with a reason, export the books,
// move the test clock.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ActorAddress } from "../../machines/address.ts";
import type { LedgerRow } from "../effects/ports.ts";
import { AppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import { isToken } from "./secrets.ts";

const ROLES = ["viewer", "support", "finance", "owner"] as const;
type Role = (typeof ROLES)[number];
/** Events that move money need more than support. */
const FINANCE_EVENTS = new Set(["refund.requested", "payment.released"]);

interface AdminUser {
  readonly name: string;
  readonly role: Role;
}

export interface AdminDeps {
  readonly actors: Actors;
  readonly ledger: { rows(): AsyncIterable<LedgerRow>; sums(): Promise<readonly unknown[]> };
  readonly tokens: readonly { readonly name: string; readonly role: Role; readonly sha256: string }[];
  /** Only in the sandbox: callers on this machine need no token. */
  readonly openToLoopback: boolean;
  /** Null with the real clock. @returns the time afterwards, epoch ms. */
  readonly advanceClock: ((ms: number) => Promise<number>) | null;
}

const Address = z.object({ machine: z.string().max(32), id: z.string().max(300) });
const SendBody = z.strictObject({
  event: z.looseObject({ type: z.string().max(64) }),
  reason: z.string().min(5).max(500),
  /** The same key gives the first answer again. */
  idempotencyKey: z.string().min(8).max(128),
  /** Refused when the actor moved on since it was looked at. */
  expectedRev: z.int().nonnegative().optional(),
});
const AdvanceBody = z.strictObject({ ms: z.int().positive().max(366 * 86_400_000) });
const HistoryQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50), before: z.string().max(64).optional() });

export function registerAdmin(server: FastifyInstance, { actors, ledger, tokens, openToLoopback, advanceClock }: AdminDeps): void {
  const userOf = (request: FastifyRequest): AdminUser | null => {
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    if (scheme === "Bearer" && token) {
      const known = tokens.find(({ sha256 }) => isToken(token, sha256));
      return known ? { name: known.name, role: known.role } : null;
    }
    return openToLoopback && isLoopback(request) ? { name: "sandbox", role: "owner" } : null;
  };
  const authorise = (request: FastifyRequest, atLeast: Role): AdminUser => {
    const user = userOf(request);
    if (!user) throw new AppError("http.unauthorized");
    if (ROLES.indexOf(user.role) < ROLES.indexOf(atLeast)) throw new AppError("http.forbidden");
    return user;
  };

  server.get("/api/v1/actors/:machine/:id", async (request) => {
    authorise(request, "viewer");
    const view = await actors.read(addressIn(request));
    if (!view) throw new AppError("actor.noActor");
    return view;
  });

  server.get("/api/v1/actors/:machine/:id/history", async (request) => {
    authorise(request, "viewer");
    const { limit, before } = parsed(HistoryQuery, request.query);
    return { entries: await actors.history(addressIn(request), { limit, ...(before === undefined ? {} : { before }) }) };
  });

  server.get("/api/v1/actors/:machine/:id/verify", async (request) => {
    authorise(request, "viewer");
    return actors.verify(addressIn(request));
  });

  server.post("/api/v1/actors/:machine/:id/events", async (request) => {
    const user = authorise(request, "support");
    const { event, reason, idempotencyKey, expectedRev } = parsed(SendBody, request.body);
    if (FINANCE_EVENTS.has(event.type)) authorise(request, "finance");
    const cause = { kind: "staff", id: idempotencyKey, by: user.name, reason } as const;
    // Who asks is not the caller's to say: events that carry an author get the authenticated one.
    const signed = "reason" in event ? { ...event, by: user.name, reason } : event;
    const options = { cause, key: `staff ${user.name} ${idempotencyKey}`, ...(expectedRev === undefined ? {} : { expectedRev }) };
    return actors.send(addressIn(request), signed, options);
  });

  server.get("/api/v1/ledger", async (request) => {
    authorise(request, "finance");
    return { sums: await ledger.sums() };
  });

  server.get("/api/v1/ledger.csv", async (request, reply) => {
    authorise(request, "finance");
    reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="ledger.csv"');
    const lines = ["at,entry,currency,amount_minor,charge_id,user_id,order_id"];
    for await (const row of ledger.rows()) lines.push(csvLine(row));
    return `${lines.join("\r\n")}\r\n`;
  });

  server.post("/api/v1/clock/advance", async (request) => {
    authorise(request, "owner");
    if (!advanceClock) throw new AppError("clock.notTest");
    return { now: await advanceClock(parsed(AdvanceBody, request.body).ms) };
  });
}

function addressIn(request: FastifyRequest): ActorAddress {
  const { machine, id } = parsed(Address, request.params);
  const address = ActorAddress.safeParse(`${machine}/${id}`);
  if (!address.success) throw new AppError("actor.unknownMachine");
  return address.data;
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new AppError("http.badRequest", { details: { fields } });
}

const isLoopback = (request: FastifyRequest): boolean => /^(?:::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? "");

/** A cell that a spreadsheet would take for a formula is quoted with an apostrophe. */
const cell = (value: string | number | null): string => {
  const text = value === null ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const csvLine = (row: LedgerRow): string =>
  [new Date(row.at).toISOString(), row.entry, row.currency, row.amountMinor, row.chargeId, row.userId, row.orderId].map(cell).join(",");
