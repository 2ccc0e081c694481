// One route of the admin API as data: what is registered is what docs/admin-api.md prints.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { StaffRole } from "../../machines/definition.ts";
import type { ErrorCode } from "../errors.ts";
import type { StaffDoor } from "./staff-door.ts";

/** An answer that is no JSON. */
export interface OtherMedia {
  readonly mediaType: string;
}

export interface AdminRoute {
  readonly method: "GET" | "POST";
  /** With Fastify's `:parameters`. */
  readonly path: `/api/v1/${string}`;
  /** The least one. */
  readonly role: StaffRole;
  /** What a call does, for those who make it; Markdown. */
  readonly does: string;
  /** Shape of the answer with status 200. */
  readonly answers: string;
  /** The same as a schema (support/answers/); of what is no JSON only the type. */
  readonly answer: z.ZodType | OtherMedia;
  /** Of the answer with status 202, where a second person may have to approve it first. */
  readonly held?: z.ZodType;
  /** Path of the page of the console whose data this is, below `/console/api`: the same handler answers there too. */
  readonly twin?: `/${string}`;
  /** What the handler reads the query by. */
  readonly query?: z.ZodObject;
  /** What the handler reads the body by. */
  readonly body?: z.ZodObject;
  /** Besides those that every route may answer. */
  readonly errors?: readonly ErrorCode[];
}

/** What every route may answer. */
export const COMMON_ERRORS = [
  ...(["http.badRequest", "http.unauthorized", "http.noStaff", "http.forbidden"] as const),
  ...(["http.unknownHost", "http.otherSite", "http.tooLarge", "http.unsupportedMediaType"] as const),
  ...(["http.lockedOut", "http.tooManyRequests", "http.internal", "redis.unreachable"] as const),
] as const satisfies readonly ErrorCode[];

/** Routes of one file, by a name that only its handlers use. */
export type AdminRoutes = Readonly<Record<string, AdminRoute>>;

/** Every address at which a route answers: a program finds it under the API, a reader of a page of the console beside that page. */
export const addressesOf = ({ path, twin }: Pick<AdminRoute, "path" | "twin">): readonly string[] =>
  twin === undefined ? [path] : [path, `/console/api${twin}`];

export function addRoute(
  server: FastifyInstance,
  door: StaffDoor,
  route: AdminRoute,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  for (const url of addressesOf(route))
    server.route({ method: route.method, url, onRequest: door.atLeast(route.role), handler });
}
