// Reconciliation: what differs between Telegram's books, our actors and who is in the chats.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { DriftCheck, DriftKind, DriftList } from "../support/answers/drift.ts";
import type { DriftDesk } from "../support/drift/ports.ts";
import { parsed, parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface DriftDeps {
  readonly drift: DriftDesk;
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
}

const DriftQuery = z.strictObject({
  kind: DriftKind.optional().meta({ description: "only of this kind" }),
  healed: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "`true`: the latest that are healed, instead of those that are not" }),
});
const CheckBody = z.strictObject({
  dryRun: z
    .boolean()
    .optional()
    .meta({ description: "only says what a round would find and send; nothing is sent or written" }),
  whole: z.boolean().optional().meta({
    description:
      "`true`: both books from their first row. Otherwise those from shortly before the place up to which they were compared",
  }),
});

export const DRIFT_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/drift",
    twin: "/drift",
    role: "viewer",
    does: "Differences that reconciliation found between Telegram's books, the actors and who is in the chats, oldest first.",
    answers:
      "`{drifts: [{id, kind, state, about, since, foundAt, healedAt, evidence, healing}], counts, days: [{day, at, ledger, telegram}], now}`",
    answer: DriftList,
    query: DriftQuery,
  },
  check: {
    method: "POST",
    path: "/api/v1/drift/check",
    role: "support",
    does: "Begins a round of all comparisons now; as a dry run it makes them at once, and says what it would do.",
    answers: "`{dryRun, drifts, compared: {rows, actors, looks}, isWhole}`; without a dry run `drifts` is empty",
    answer: DriftCheck,
    body: CheckBody,
    errors: ["effect.unavailable"],
  },
} as const satisfies AdminRoutes;

export function registerDrift(server: FastifyInstance, door: StaffDoor, { drift, now }: DriftDeps): void {
  addRoute(server, door, DRIFT_ROUTES.list, async (request) => {
    const { kind, healed } = parsedQuery(DriftQuery, request);
    const { book } = drift;
    const [drifts, counts, days] = await Promise.all([
      healed === "true" ? book.healed() : book.open(kind),
      book.counts(),
      book.days(),
    ]);
    return { drifts: drifts.filter((one) => kind === undefined || one.kind === kind), counts, days, now: now() };
  });

  addRoute(server, door, DRIFT_ROUTES.check, async (request) => {
    const { dryRun = false, whole = false } = parsed(CheckBody, request.body);
    if (dryRun) return drift.rehearse({ whole });
    await drift.begin({ whole });
    return { dryRun, drifts: [], compared: { rows: 0, actors: 0, looks: 0 }, isWhole: false };
  });
}
