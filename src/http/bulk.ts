// One event to many actors: previewed, confirmed by typing how many, resumed by repeating it.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ActorAddress, MachineName } from "../../machines/address.ts";
import { AppError } from "../errors.ts";
import { BulkAnswer, Held } from "../support/answers/desk.ts";
import { BULK_MOST, type Bulk, type BulkScope } from "../support/bulk.ts";
import { commandBody, readCommand } from "./command-body.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface BulkDeps {
  readonly bulk: Bulk;
}

const Body = commandBody({
  event: z
    .looseObject({ type: z.string().max(64) })
    .meta({ description: "`type` and the fields that the event has, see [Events](#events)" }),
  machine: MachineName.optional().meta({ description: "together with `state`: all its actors in that state" }),
  state: z
    .string()
    .regex(/^[A-Za-z][A-Za-z.]{0,127}$/, "expected a state's path, or the beginning of one, such as billing.pastDue")
    .optional()
    .meta({ description: "a state's path, or its beginning" }),
  addresses: z
    .array(ActorAddress)
    .min(1)
    .max(BULK_MOST)
    .optional()
    .meta({ description: `instead of a state: \`<machine>/<id>\`, at most ${BULK_MOST}, of one machine` }),
  planHash: z.string().max(64).optional().meta({ description: "of the dry run. Required unless `dryRun`" }),
  count: z.int().nonnegative().optional().meta({
    description: "how many actors are meant, typed by the person who confirms. Required unless `dryRun`",
  }),
});

export const BULK_ROUTES = {
  bulk: {
    method: "POST",
    path: "/api/v1/bulk",
    role: "support",
    does: `Sends one event to many actors, at most ${BULK_MOST}: to those in a state, or to those listed. First with \`dryRun\`, then with the \`planHash\` and the number of that answer. Repeated with the same key, it goes on where it stopped and does nothing twice.`,
    answers:
      "for a dry run `{planHash, count, would: {applied, ignored, unreadable, final}, groups: [{count, example, told}], others, sample, final, approval}`: those for whom the same would happen are counted together, each group with the whole plan of one of them, as [sending an event](#post-apiv1actorsmachineidevents) has it; each actor is foreseen by itself. It takes some milliseconds for each; else `{applied, ignored, duplicate, failed: [{address, code}]}`; with status 202 `{approval}` where a second person has to approve it (more than `policies.approval.bulkAbove`)",
    answer: BulkAnswer,
    held: Held,
    body: Body,
    errors: [
      "actor.notForStaff",
      "actor.invalidEvent",
      "bulk.tooMany",
      "bulk.changed",
      "command.numberDiffers",
      "command.keyReused",
    ],
  },
} as const satisfies AdminRoutes;

export function registerBulk(server: FastifyInstance, door: StaffDoor, { bulk }: BulkDeps): void {
  addRoute(server, door, BULK_ROUTES.bulk, async (request, reply) => {
    const { body, dryRun, reason, idempotencyKey } = readCommand(Body, request.body);
    const { event, planHash, count } = body;
    const command = { member: door.member(request), scope: scopeOf(body), event, reason };
    if (dryRun) return bulk.plan(command);
    if (planHash === undefined || count === undefined) throw wrong("planHash, count: required unless dryRun");
    const answered = await bulk.run({ ...command, idempotencyKey, planHash, count });
    return answered.kind === "done" ? answered.done : reply.code(202).send({ approval: answered.approval });
  });
}

function scopeOf({ machine, state, addresses }: z.output<typeof Body>): BulkScope {
  if (addresses !== undefined && machine === undefined && state === undefined) return { addresses };
  if (addresses === undefined && machine !== undefined && state !== undefined) return { machine, state };
  throw wrong("addresses: either these, or machine and state");
}

const wrong = (field: string): AppError => new AppError("http.badRequest", { details: { fields: [field] } });
