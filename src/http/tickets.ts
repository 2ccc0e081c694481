// How support works: what customers wrote, and the answer to it. Texts stay in their store: events, audit and logs hold none.
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import type { TicketTexts } from "../bot/ports.ts";
import { AppError, isAppError } from "../errors.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import { IdempotencyKey, parsed, Reason } from "./parse-request.ts";
import type { StaffDoor, StaffMember } from "./staff-door.ts";

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
  state: z.enum(["open", "answered", "closed", "reopened"]).optional(),
  cursor: z.string().min(1).max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const AnswerBody = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(ANSWER_MAX)
    .refine((text) => !/(?![\n\r\t])[\p{Cc}\p{Cs}]/u.test(text), "must hold no control characters"),
  idempotencyKey: IdempotencyKey,
});
const CloseBody = z.strictObject({ idempotencyKey: IdempotencyKey, reason: Reason.optional() });

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

  server.get("/api/v1/tickets", { onRequest: door.atLeast("support") }, async (request) => {
    const { state, cursor, limit } = parsed(ListQuery, request.query);
    const page = await actors.pageInState("ticket", state ?? "", cursor ?? null, limit);
    return { tickets: (await Promise.all(page.addresses.map(line))).flat(), cursor: page.cursor };
  });

  server.get("/api/v1/tickets/:id", { onRequest: door.atLeast("support") }, async (request) => {
    const view = await existing(request);
    const { ticketId: _id, messages: _count, ...context } = contextOf(view);
    return { id: view.id, state: stateOf(view), ...context, messages: await messages.list(view.id) };
  });

  server.post("/api/v1/tickets/:id/answer", { onRequest: door.atLeast("support") }, async (request) => {
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

  server.post("/api/v1/tickets/:id/close", { onRequest: door.atLeast("support") }, async (request) => {
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
