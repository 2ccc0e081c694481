// What waits for a person: actors that cannot be read, effects that were given up, updates that could not be handled.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { UpdateQuarantine } from "../bot/ports.ts";
import type { FailedEffects } from "../effects/ports.ts";
import { AppError } from "../errors.ts";
import type { Actors, Cause, Quarantine } from "../runtime/ports.ts";
import {
  FailedEffectList,
  Forgotten,
  QuarantineList,
  Released,
  Retried,
  UpdatesSetAside,
} from "../support/answers/incidents.ts";
import type { LogFields } from "../telemetry/log-fields.ts";
import { addressIn, IdempotencyKey, parsed, Reason } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface IncidentsDeps {
  readonly actors: Pick<Actors, "read">;
  readonly quarantine: Pick<Quarantine, "list" | "release">;
  readonly failedEffects: Pick<FailedEffects, "list"> & {
    /** @returns false when there is no such failed effect. */
    retry(effectId: string, cause: Cause & { readonly by: string }): Promise<boolean>;
  };
  readonly updatesSetAside: Pick<UpdateQuarantine, "list" | "forget">;
  /** The only record of what has no actor to be audited with: an actor that could not be read, an update that reached none. */
  readonly logger: { info(fields: LogFields, message: string): void };
}

const EffectParams = z.object({ id: z.string().min(1).max(400) });
const UpdateParams = z.object({ id: z.string().min(1).max(64) });
const CommandBody = z.strictObject({ reason: Reason, idempotencyKey: IdempotencyKey });

export const INCIDENT_ROUTES = {
  quarantine: {
    method: "GET",
    path: "/api/v1/quarantine",
    role: "viewer",
    does: "Actors whose stored form cannot be read.",
    answer: QuarantineList,
    answers: "`{actors: [{address, problem, at}]}`, oldest first",
  },
  release: {
    method: "POST",
    path: "/api/v1/quarantine/:machine/:id/release",
    role: "owner",
    does: "Lets a mended actor go on; one that still cannot be read stays where it is.",
    answer: Released,
    answers: "`{released}`: false when it was not there",
    body: CommandBody,
    errors: ["actor.unknownMachine", "actor.invalidId", "actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  failedEffects: {
    method: "GET",
    path: "/api/v1/failed-effects",
    role: "viewer",
    does: "Effects that were given up.",
    answer: FailedEffectList,
    answers: "`{effects: [{effectId, kind, code, at}]}`",
  },
  retry: {
    method: "POST",
    path: "/api/v1/failed-effects/:id/retry",
    role: "finance",
    does: "Tries one again, and closes its ticket.",
    answer: Retried,
    answers: "`{retried: true}`",
    body: CommandBody,
    errors: ["http.notFound"],
  },
  updatesSetAside: {
    method: "GET",
    path: "/api/v1/updates-set-aside",
    role: "viewer",
    does: "Updates that could not be handled: what identifies them and their payment, not what people wrote.",
    answer: UpdatesSetAside,
    answers: "`{updates: [{id, updateId, kind, problem, fields, at, chatId, userId, money}]}`, newest first",
  },
  forget: {
    method: "POST",
    path: "/api/v1/updates-set-aside/:id/forget",
    // It may be all that is left of a payment.
    role: "finance",
    does: "Takes one off the list, once what it says was put right by hand.",
    answer: Forgotten,
    answers: "`{forgotten: true}`",
    body: CommandBody,
    errors: ["http.notFound"],
  },
} as const satisfies AdminRoutes;

export function registerIncidents(
  server: FastifyInstance,
  door: StaffDoor,
  { actors, quarantine, failedEffects, updatesSetAside, logger }: IncidentsDeps,
): void {
  /** Who decides, and why: for the log. */
  const command = (request: FastifyRequest) => {
    const { reason, idempotencyKey } = parsed(CommandBody, request.body);
    return { by: door.member(request).name, reason, commandId: idempotencyKey };
  };

  addRoute(server, door, INCIDENT_ROUTES.quarantine, async () => ({
    actors: await quarantine.list(),
  }));

  addRoute(server, door, INCIDENT_ROUTES.release, async (request) => {
    const who = command(request);
    const address = addressIn(request);
    // One that still cannot be read says so here and stays where it is.
    if (!(await actors.read(address))) throw new AppError("actor.noActor");
    const released = await quarantine.release(address);
    if (released) logger.info({ event: "actor.released", address, ...who }, "a mended actor left the quarantine");
    return { released };
  });

  addRoute(server, door, INCIDENT_ROUTES.failedEffects, async () => ({
    effects: await failedEffects.list(),
  }));

  addRoute(server, door, INCIDENT_ROUTES.retry, async (request) => {
    const { id } = parsed(EffectParams, request.params);
    const who = command(request);
    const { by, reason, commandId } = who;
    if (!(await failedEffects.retry(id, { kind: "staff", id: commandId, by, reason })))
      throw new AppError("http.notFound");
    logger.info({ event: "effect.retried", effectId: id, ...who }, "a failed effect is tried again");
    return { retried: true };
  });

  addRoute(server, door, INCIDENT_ROUTES.updatesSetAside, async () => ({
    updates: await updatesSetAside.list(),
  }));

  addRoute(server, door, INCIDENT_ROUTES.forget, async (request) => {
    const { id } = parsed(UpdateParams, request.params);
    const who = command(request);
    const forgotten = await updatesSetAside.forget(id);
    if (!forgotten) throw new AppError("http.notFound");
    logger.info({ event: "update.forgotten", ...forgotten, ...who }, "an update that was set aside is forgotten");
    return { forgotten: true };
  });
}
