// Signing in to the console with a token, and out again.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { isLoopback } from "./caller.ts";
import { parsed } from "./parse-request.ts";
import { SESSION_MS, type Sessions } from "./sessions.ts";
import { SESSION_COOKIE, type StaffDoor } from "./staff-door.ts";

const LoginBody = z.strictObject({ token: z.string().min(1).max(512) });

export function registerSessions(server: FastifyInstance, door: StaffDoor, sessions: Sessions): void {
  server.post("/console/session", async (request, reply) => {
    const { token } = parsed(LoginBody, request.body);
    const known = door.tokenOf(request, token);
    return reply
      .setCookie(SESSION_COOKIE, sessions.start(known), { ...cookieFor(request), maxAge: SESSION_MS / 1_000 })
      .send({ name: known.name, role: known.role });
  });

  // Whoever has no session any more is told the same: the way out is never closed.
  server.post("/console/session/end", async (request, reply) => {
    const value = request.cookies[SESSION_COOKIE];
    if (value !== undefined) await sessions.end(value);
    return reply.clearCookie(SESSION_COOKIE, cookieFor(request)).send({ ended: true });
  });
}

/** Never over plain http, except on this machine itself, where nobody listens on the way. */
const cookieFor = (request: FastifyRequest) =>
  ({
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: request.protocol === "https" || !isLoopback(request.hostname),
  }) as const;
