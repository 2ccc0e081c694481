// What waits for a person: actors that cannot be read, and effects that were given up.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { FailedEffects } from "../effects/ports.ts";
import { AppError } from "../errors.ts";
import type { Actors, Cause, Quarantine } from "../runtime/ports.ts";
import { addressIn, IdempotencyKey, parsed, Reason } from "./parse-request.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface IncidentsDeps {
  readonly actors: Pick<Actors, "read">;
  readonly quarantine: Pick<Quarantine, "list" | "release">;
  readonly failedEffects: Pick<FailedEffects, "list"> & {
    /** @returns false when there is no such failed effect. */
    retry(effectId: string, cause: Cause & { readonly by: string }): Promise<boolean>;
  };
  readonly logger: { info(fields: Readonly<Record<string, unknown>>, message: string): void };
}

const EffectParams = z.object({ id: z.string().min(1).max(400) });
const CommandBody = z.strictObject({ reason: Reason, idempotencyKey: IdempotencyKey });

export function registerIncidents(
  server: FastifyInstance,
  door: StaffDoor,
  { actors, quarantine, failedEffects, logger }: IncidentsDeps,
): void {
  server.get("/api/v1/quarantine", { onRequest: door.atLeast("viewer") }, async () => ({
    actors: await quarantine.list(),
  }));

  server.post("/api/v1/quarantine/:machine/:id/release", { onRequest: door.atLeast("owner") }, async (request) => {
    parsed(CommandBody, request.body);
    const address = addressIn(request);
    // One that still cannot be read says so here and stays where it is.
    if (!(await actors.read(address))) throw new AppError("actor.noActor");
    const released = await quarantine.release(address);
    logger.info(
      { event: "actor.released", address, by: door.member(request).name, released },
      "a mended actor left the quarantine",
    );
    return { released };
  });

  server.get("/api/v1/failed-effects", { onRequest: door.atLeast("viewer") }, async () => ({
    effects: await failedEffects.list(),
  }));

  server.post("/api/v1/failed-effects/:id/retry", { onRequest: door.atLeast("finance") }, async (request) => {
    const { id } = parsed(EffectParams, request.params);
    const { reason, idempotencyKey } = parsed(CommandBody, request.body);
    const by = door.member(request).name;
    if (!(await failedEffects.retry(id, { kind: "staff", id: idempotencyKey, by, reason })))
      throw new AppError("http.notFound");
    logger.info({ event: "effect.retried", effectId: id, by }, "a failed effect is tried again");
    return { retried: true };
  });
}
