// All that people of the staff and their programs call, behind the same guards: the API, the console's pages, signing in and out.
import cookie from "@fastify/cookie";
import type { FastifyInstance } from "fastify";
import { AppError } from "../errors.ts";
import { type GuardDeps, makeGuards } from "./guards.ts";
import { type PageFolders, registerPages, type SendPage } from "./pages.ts";
import { registerSessions } from "./session-routes.ts";
import { makeSessions, type SessionsDeps } from "./sessions.ts";
import { makeStaffDoor, type StaffDoor, type StaffDoorDeps } from "./staff-door.ts";

/** For a part of the service that has pages and an API of its own behind the same door. */
export interface Premises {
  readonly door: StaffDoor;
  readonly sendPage: SendPage;
}

export interface PremisesDeps extends StaffDoorDeps, SessionsDeps, GuardDeps {
  readonly pageFolders: PageFolders;
  /** Where `/` leads; by default to the console. */
  readonly home?: "/console" | "/sandbox";
  /** Registers what else is served behind the same guards: the sandbox's page. */
  readonly alsoServe?: (scope: FastifyInstance, premises: Premises) => void | Promise<void>;
}

/** Ready when the server is. */
export function registerPremises(
  server: FastifyInstance,
  deps: PremisesDeps,
  registerApi: (scope: FastifyInstance, door: StaffDoor) => void,
): void {
  // A context of its own: Telegram's webhook and the probes are called by other names.
  server.register(async (scope) => {
    await registerGuards(scope, deps);
    const sessions = makeSessions(deps);
    const door = makeStaffDoor(deps, sessions);
    registerSessions(scope, door, sessions);
    registerApi(scope, door);
    const sendPage = await registerPages(scope, door, deps.pageFolders);
    scope.get("/", (_request, reply) => reply.redirect(deps.home ?? "/console"));
    await deps.alsoServe?.(scope, { door, sendPage });
  });
}

async function registerGuards(scope: FastifyInstance, deps: GuardDeps): Promise<void> {
  const guards = makeGuards(deps);
  await scope.register(cookie);
  scope.addHook("onRequest", async (request) => {
    const code = guards.refusal(request);
    if (code) throw new AppError(code);
    await guards.count(request);
  });
}
