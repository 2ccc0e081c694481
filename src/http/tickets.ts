// How support works: what customers wrote, and the answer to it. Texts stay in their store: events, audit and logs hold none.
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import type { TicketTexts } from "../bot/ports.ts";
import { AppError, isAppError } from "../errors.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { StaffMember } from "../support/staff.ts";
import { IdempotencyKey, parsed, Reason } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface TicketsDeps {
  readonly actors: Pick<Actors, "read" | "send" | "history" | "pageInState">;
  readonly messages: TicketTexts;
  /** The service's clock, epoch ms. */
  readonly now: () => number;
}

/** As the customer sees it, quoted in a message of Telegram's. Unit: UTF-16 code units. */
const ANSWER_MAX = 3_500;
/** In which the change into the current state is looked for. */
const LOOK_BACK = 20;

const TicketParams = z.object({ id: z.string().min(1).max(300) });
const ListQuery = z.strictObject({
  state: z.enum(["open", "answered", "closed", "reopened"]).optional().meta({ description: "only these" }),
  cursor: z.string().min(1).max(400).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: "tickets in one answer" }),
});
const AnswerBody = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(ANSWER_MAX)
    .refine((text) => !/(?![\n\r\t])[\p{Cc}\p{Cs}]/u.test(text), "must hold no control characters")
    .meta({ description: "as the customer will read it" }),
  idempotencyKey: IdempotencyKey,
});
const CloseBody = z.strictObject({ idempotencyKey: IdempotencyKey, reason: Reason.optional() });

export const TICKET_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/tickets",
    role: "support",
    does: "What customers asked and what the service wants looked at.",
    answers:
      "`{tickets: [{id, state, subject, detail, about, userId, since, messages, repeats}], cursor}`; `cursor` is null after the last; of one that cannot be read only `{id, problem}`",
    query: ListQuery,
  },
  read: {
    method: "GET",
    path: "/api/v1/tickets/:id",
    role: "support",
    does: "One ticket with its messages.",
    answers: "`{id, state, subject, detail, about, userId, …, messages: [{from, text, at}]}`",
    errors: ["actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  answer: {
    method: "POST",
    path: "/api/v1/tickets/:id/answer",
    role: "support",
    does: "Answers the customer, in the bot. Refused for a ticket without a customer.",
    answers: "`{outcome, state}`",
    body: AnswerBody,
    errors: ["actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
  close: {
    method: "POST",
    path: "/api/v1/tickets/:id/close",
    role: "support",
    does: "Closes one that is settled; the customer's next message opens it again.",
    answers: "`{outcome, state}`",
    body: CloseBody,
    errors: ["actor.noActor", "actor.quarantined", "actor.unknownVersion"],
  },
} as const satisfies AdminRoutes;

export function registerTickets(
  server: FastifyInstance,
  door: StaffDoor,
  { actors, messages, now }: TicketsDeps,
): void {
  const existing = async (request: FastifyRequest): Promise<ActorView> => {
    const view = await actors.read(addressOf.ticket(parsed(TicketParams, request.params).id));
    if (!view) throw new AppError("actor.noActor");
    return view;
  };

  /** When it came into its state. Epoch ms. */
  const sinceOf = async (address: ActorAddress, { openedAt }: TicketContext): Promise<number> => {
    const entries = await actors.history(address, { limit: LOOK_BACK });
    return entries.find(({ to }) => to !== undefined)?.at ?? openedAt;
  };

  const line = async (address: ActorAddress) => {
    const { id } = parseAddress(address);
    try {
      const view = await actors.read(address);
      if (!view) return [];
      const context = contextOf(view);
      const { subject, detail, about, userId, messages: count, repeats } = context;
      return [
        {
          id,
          state: stateOf(view),
          subject,
          detail,
          about,
          userId,
          since: await sinceOf(address, context),
          messages: count,
          repeats,
        },
      ];
    } catch (error) {
      // One that cannot be read must not hide the others.
      if (isAppError(error, "actor.quarantined") || isAppError(error, "actor.unknownVersion"))
        return [{ id, problem: error.code }];
      throw error;
    }
  };

  const send = (
    view: ActorView,
    event: { readonly type: string; readonly by: string; readonly messageRef?: string },
    by: StaffMember,
    key: string,
    reason?: string,
  ) =>
    actors.send(view.address, event, {
      cause: { kind: "staff", id: key, by: by.name, ...(reason === undefined ? {} : { reason }) },
      key: `staff ${by.name} ${key}`,
    });

  addRoute(server, door, TICKET_ROUTES.list, async (request) => {
    const { state, cursor, limit } = parsed(ListQuery, request.query);
    const page = await actors.pageInState("ticket", state ?? "", cursor ?? null, limit);
    return { tickets: (await Promise.all(page.addresses.map(line))).flat(), cursor: page.cursor };
  });

  addRoute(server, door, TICKET_ROUTES.read, async (request) => {
    const view = await existing(request);
    const { ticketId: _id, messages: _count, ...context } = contextOf(view);
    return { id: view.id, state: stateOf(view), ...context, messages: await messages.list(view.id) };
  });

  addRoute(server, door, TICKET_ROUTES.answer, async (request) => {
    const member = door.member(request);
    const { text, idempotencyKey } = parsed(AnswerBody, request.body);
    const view = await existing(request);
    if (contextOf(view).userId === null) {
      throw new AppError("http.badRequest", {
        details: { fields: ["text: this ticket has no customer to read it; close it when it is settled"] },
      });
    }
    const messageRef = answerRef(member, idempotencyKey);
    // The text first: an event that points to nothing would be worse than a text without an event.
    await messages.put(view.id, messageRef, { from: "staff", text, at: now() });
    if ((await messages.read(view.id, messageRef))?.text !== text) {
      throw new AppError("http.badRequest", {
        details: { fields: ["idempotencyKey: belongs to another answer; take a new one"] },
      });
    }
    const { outcome, view: after } = await send(
      view,
      { type: "staff.answered", by: member.name, messageRef },
      member,
      idempotencyKey,
    );
    return { outcome, state: stateOf(after ?? view) };
  });

  addRoute(server, door, TICKET_ROUTES.close, async (request) => {
    const member = door.member(request);
    const { idempotencyKey, reason } = parsed(CloseBody, request.body);
    const view = await existing(request);
    const { outcome, view: after } = await send(
      view,
      { type: "ticket.closed", by: member.name },
      member,
      idempotencyKey,
      reason,
    );
    return { outcome, state: stateOf(after ?? view) };
  });
}

const contextOf = (view: ActorView): TicketContext => view.context as unknown as TicketContext;
const stateOf = (view: ActorView): string => view.states[0] ?? "";

/** The same command of the same person is the same text. */
const answerRef = ({ name }: StaffMember, key: string): string =>
  `s${createHash("sha256").update(`${name} ${key}`).digest("hex").slice(0, 32)}`;
