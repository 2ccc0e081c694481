// What people do to an actor: look what an event would do, and send it with a reason.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { Forcing } from "../runtime/foresight-ports.ts";
import { Plan, Sent } from "../support/answers/actors.ts";
import { Held } from "../support/answers/desk.ts";
import type { StaffCommands } from "../support/commands.ts";
import { demandForce } from "../support/force-roles.ts";
import { noActor } from "../support/no-actor.ts";
import type { Preview } from "../support/preview.ts";
import { commandBody, readCommand } from "./command-body.ts";
import { addressIn } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ActorCommandsDeps {
  readonly commands: StaffCommands;
  readonly preview: Preview["event"];
  readonly previewForce: Preview["force"];
  readonly actors: Forcing;
  readonly definitions: readonly MachineDefinition[];
}

const planHash = z.string().min(1).max(64).optional().meta({
  description:
    "of the plan that you saw: refused with `actor.planChanged` when the event would do something else by now",
});

const SendBody = commandBody({
  event: z
    .looseObject({ type: z.string().max(64) })
    .meta({ description: "`type` and the fields that the event has, see [Events](#events)" }),
  expectedSeq: z.int().nonnegative().optional().meta({
    description: "`rev` of the actor as you looked at it: refused with `actor.staleRevision` when it moved on since",
  }),
  planHash,
});

const ForceBody = commandBody({
  targets: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(8)
    .meta({ description: "paths of the states, one or one per region; the actor's page lists those there are" }),
  run: z
    .array(z.string().min(1).max(64))
    .max(64)
    .default([])
    .meta({ description: "names of the plan's `entryEffects` that are to run all the same" }),
  expectedSeq: z.int().nonnegative().optional().meta({
    description: "`expectedSeq` of the plan; required unless `dryRun`",
  }),
  planHash,
});

export const ACTOR_COMMAND_ROUTES = {
  send: {
    method: "POST",
    path: "/api/v1/actors/:machine/:id/events",
    role: "support",
    does: "Sends an actor one of the events that staff may send; most need a higher role, see [Events](#events).",
    answers:
      "`{outcome, rev, first?, view}`. Outcome: `applied`; `ignored`, it had no use for the event in its state; `duplicate`, nothing happened because the key was seen (`first` says what came of it then). What needs a second person is answered with status 202 and `{approval}`: nothing was done yet. With `dryRun` a plan: `{planHash, expectedSeq, before, after, step, follows, told, entryEffects, final, approval}`; nothing was done either",
    answer: z.union([Sent, Plan]),
    held: Held,
    body: SendBody,
    errors: [
      ...(["actor.unknownMachine", "actor.invalidId", "actor.notForStaff", "actor.invalidEvent"] as const),
      ...(["actor.staleRevision", "actor.planChanged", "actor.quarantined", "actor.unknownVersion"] as const),
      "actor.machineFailed",
      ...(["actor.noActor", "command.keyReused"] as const),
    ],
  },
  force: {
    method: "POST",
    path: "/api/v1/actors/:machine/:id/force",
    role: "support",
    does: "Forces a state, past the guards: for what no event can put right. Orders and payments want the role owner, states of a subscription that are worth money (those that give access or paid time) the role finance, as the events do that lead there. The machine leaves, enters, arms timers and begins work as always, but of the effects of entering only those run that are named. It is an event, `staff.forced`, with your name and reason.",
    answers:
      "the same as sending an event; with `dryRun` the plan, whose `entryEffects` are those that do not run by themselves",
    answer: z.union([Sent, Plan]),
    body: ForceBody,
    errors: [
      ...(["actor.unknownMachine", "actor.invalidId", "actor.invalidForce", "actor.staleRevision"] as const),
      ...(["actor.planChanged", "actor.quarantined", "actor.unknownVersion", "actor.machineFailed"] as const),
      ...(["actor.noActor", "command.keyReused"] as const),
    ],
  },
} as const satisfies AdminRoutes;

export function registerActorCommands(
  server: FastifyInstance,
  door: StaffDoor,
  { commands, preview, previewForce, actors, definitions }: ActorCommandsDeps,
): void {
  addRoute(server, door, ACTOR_COMMAND_ROUTES.send, async (request, reply) => {
    const member = door.member(request);
    const { body, dryRun, reason, idempotencyKey } = readCommand(SendBody, request.body);
    const { event, expectedSeq, planHash } = body;
    const address = addressIn(request);
    if (dryRun) return preview(address, commands.sign({ member, address, event, reason }));
    const answered = await commands.send({
      ...{ member, address, event, reason, idempotencyKey },
      guards: {
        ...(expectedSeq === undefined ? {} : { expectedRev: expectedSeq }),
        ...(planHash === undefined ? {} : { planHash }),
      },
    });
    return answered.kind === "sent" ? answered.result : reply.code(202).send({ approval: answered.approval });
  });

  addRoute(server, door, ACTOR_COMMAND_ROUTES.force, async (request) => {
    const member = door.member(request);
    const { body, dryRun, reason, idempotencyKey } = readCommand(ForceBody, request.body);
    const { targets, run, expectedSeq, planHash } = body;
    const address = addressIn(request);
    const definition = definitions.find(({ name }) => name === parseAddress(address).machine);
    if (!definition) throw new AppError("actor.unknownMachine");
    demandForce(definition, targets, member);
    if (dryRun) return previewForce(address, { targets, run });
    if (expectedSeq === undefined)
      throw new AppError("http.badRequest", { details: { fields: ["expectedSeq: required unless dryRun"] } });
    const key = `staff ${member.name} ${idempotencyKey}`;
    const result = await actors.force(
      address,
      { targets, run, by: member.name, reason },
      {
        cause: { kind: "staff", id: idempotencyKey, by: member.name, reason },
        ...{ key, expectedRev: expectedSeq, ...(planHash === undefined ? {} : { planHash }) },
      },
    );
    if (result.outcome === "noActor") throw noActor(address);
    return result;
  });
}
