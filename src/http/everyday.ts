// What staff ask for every day: a route for each command of the table in support/everyday.ts.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ActorAddress } from "../../machines/address.ts";
import type { ActorEvent } from "../runtime/ports.ts";
import type { Plan } from "../support/answers/actors.ts";
import { CommandAnswer, Held } from "../support/answers/desk.ts";
import { NEEDS_TWO, type StaffCommands } from "../support/commands.ts";
import { EVERYDAY, type EverydayCommand, type EverydayWorld } from "../support/everyday.ts";
import { commandBody, readCommand } from "./command-body.ts";
import { type AdminRoute, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface EverydayDeps {
  readonly commands: StaffCommands;
  readonly everyday: EverydayWorld;
  /** What a signed event would do. */
  readonly preview: (address: ActorAddress, event: ActorEvent) => Promise<Plan>;
}

const PLACES = { telegramId: "customers", chargeId: "payments", chatId: "channels" } as const;

const Guards = {
  expectedSeq: z.int().nonnegative().optional().meta({
    description: "`expectedSeq` of the plan that you saw: refused with `actor.staleRevision` when the actor moved on",
  }),
  planHash: z.string().min(1).max(64).optional().meta({
    description: "of the plan that you saw: refused with `actor.planChanged` when it would do something else by now",
  }),
} as const;

const bodyOf = ({ fields }: EverydayCommand) => commandBody({ ...fields, ...Guards });

/** For a second person. */
const mayWait = ({ event }: EverydayCommand): boolean => event === NEEDS_TWO;

const routeOf = (name: string, command: EverydayCommand) =>
  ({
    method: "POST",
    path: `/api/v1/${PLACES[command.target]}/:${command.target}/${name}`,
    role: command.role,
    does: command.does,
    answers: `what became of the event \`${command.event}\`: \`{outcome, rev, first?, view}\`; for a dry run the plan${mayWait(command) ? "; with status 202 `{approval}` where a second person has to approve it" : ""}`,
    answer: CommandAnswer,
    ...(mayWait(command) ? { held: Held } : {}),
    body: bodyOf(command),
    errors: [
      "actor.invalidId",
      "actor.staleRevision",
      "actor.planChanged",
      "actor.quarantined",
      "actor.noActor",
      "command.numberDiffers",
      "command.keyReused",
    ],
  }) as const satisfies AdminRoute;

export const EVERYDAY_ROUTES: Readonly<Record<string, AdminRoute>> = Object.fromEntries(
  Object.entries(EVERYDAY).map(([name, command]) => [name, routeOf(name, command)]),
);

export function registerEveryday(
  server: FastifyInstance,
  door: StaffDoor,
  { commands, everyday, preview }: EverydayDeps,
): void {
  for (const [name, command] of Object.entries<EverydayCommand>(EVERYDAY)) {
    const body = bodyOf(command);
    addRoute(server, door, routeOf(name, command), async (request, reply) => {
      const member = door.member(request);
      const given = readCommand(body, request.body);
      const { [command.target]: target = "" } = request.params as Readonly<Record<string, string>>;
      const { address, event, expectedRev } = await command.translate(target, given.body, everyday);
      const { reason, idempotencyKey, dryRun } = given;
      if (dryRun) return preview(address, commands.sign({ member, address, event, reason }));
      const { expectedSeq, planHash } = z.object(Guards).parse(given.body);
      const expected = expectedSeq ?? expectedRev;
      const answered = await commands.send({
        ...{ member, address, event, reason, idempotencyKey },
        guards: {
          ...(expected === undefined ? {} : { expectedRev: expected }),
          ...(planHash === undefined ? {} : { planHash }),
        },
      });
      return answered.kind === "sent" ? answered.result : reply.code(202).send({ approval: answered.approval });
    });
  }
}
