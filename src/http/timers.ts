// What the service waits for: every armed timer, late ones first.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { PendingTimers } from "../queues/ports.ts";
import { Timers } from "../support/answers/operations.ts";
import { parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface TimersDeps {
  readonly pendingTimers: PendingTimers;
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
}

const TimersQuery = z.strictObject({
  cursor: z.string().min(1).max(640).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "timers in one answer" }),
});

export const TIMER_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/timers",
    twin: "/timers",
    role: "viewer",
    does: "Every armed timer of every actor by due time: those that are late come first.",
    answers:
      "`{timers: [{address, id, dueAt, lateMs}], total, late, now, cursor}`; `cursor` is null after the last page",
    answer: Timers,
    query: TimersQuery,
  },
} as const satisfies AdminRoutes;

export function registerTimers(server: FastifyInstance, door: StaffDoor, { pendingTimers, now }: TimersDeps): void {
  addRoute(server, door, TIMER_ROUTES.list, async (request) => {
    const { cursor = null, limit } = parsedQuery(TimersQuery, request);
    const at = now();
    const [page, total, late] = await Promise.all([
      pendingTimers.page(cursor, limit),
      pendingTimers.total(),
      pendingTimers.late(at),
    ]);
    const timers = page.timers.map((timer) => ({ ...timer, lateMs: Math.max(0, at - timer.dueAt) }));
    return { timers, total, late, now: at, cursor: page.cursor };
  });
}
