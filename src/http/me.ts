// Whom the service takes the caller for, and what kind of service this is: what a page needs before it shows anything.
import type { FastifyInstance } from "fastify";
import { Me } from "../support/answers/operations.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface MeDeps {
  /** What holds from start to stop. */
  readonly about: Pick<Me, "mode" | "clock" | "loopbackOnly" | "timeZone">;
  /** The service's clock, epoch ms. */
  readonly now: () => number;
}

export const ME_ROUTES = {
  me: {
    method: "GET",
    path: "/api/v1/me",
    role: "viewer",
    does: "Whom your token or session names, and what kind of service this is.",
    answers: "`{name, role, mode, clock, loopbackOnly, timeZone, now}`",
    answer: Me,
    twin: "/me",
  },
} as const satisfies AdminRoutes;

export function registerMe(server: FastifyInstance, door: StaffDoor, { about, now }: MeDeps): void {
  addRoute(
    server,
    door,
    ME_ROUTES.me,
    async (request): Promise<Me> => ({
      ...door.member(request),
      ...about,
      now: now(),
    }),
  );
}
