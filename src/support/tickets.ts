// How support works: what customers wrote, and the answer to it. Texts stay in their store: events, audit and logs hold none.
import { createHash } from "node:crypto";
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import type { TicketMessage, TicketTexts } from "../bot/ports.ts";
import { AppError } from "../errors.ts";
import type { Actors, ActorView, Outcome } from "../runtime/ports.ts";
import type { Person } from "./answers/actors.ts";
import type { TicketLine } from "./answers/people.ts";
import { inParallel } from "./in-parallel.ts";
import { sinceOf as changedAt, look, readPerson } from "./look.ts";
import { demand, type StaffMember } from "./staff.ts";

/** As the customer sees it, quoted in a message of Telegram's. Unit: UTF-16 code units. */
export const ANSWER_MAX = 3_500;
/** In which the change into the current state is looked for. */
const LOOK_BACK = 20;
const WAITING_STATES = ["open", "reopened"] as const;
/** Nobody works through more before the list is asked for again. Each is one read. */
const MOST_ORDERED = 500;
const PAGE = 100;
const READS_AT_ONCE = 16;

/** Whether a text may be sent to a customer, but for its length. */
export const isSendable = (text: string): boolean => !/(?![\n\r\t])[\p{Cc}\p{Cs}]/u.test(text);

export interface TicketCommand {
  readonly id: string;
  readonly member: StaffMember;
  readonly idempotencyKey: string;
}

export interface TicketMoved {
  readonly outcome: Outcome;
  readonly state: string;
}

/** Of one that cannot be read only the id and the problem. */
export type Ticket = Omit<TicketContext, "ticketId" | "messages"> & {
  readonly id: string;
  readonly state: string;
  /** Whose it is; null for what the service itself wants looked at. */
  readonly customer: Person | null;
  readonly messages: readonly TicketMessage[];
};

export interface Waiting {
  readonly tickets: readonly TicketLine[];
  /** How many wait. */
  readonly count: number;
  /** How many of them were put in order: fewer only where very many wait. */
  readonly ordered: number;
}

/** Each function throws AppError http.forbidden for whose role is too low. */
export interface Tickets {
  list(
    member: StaffMember,
    page: { readonly state: string; readonly cursor: string | null; readonly limit: number },
  ): Promise<{ tickets: TicketLine[]; cursor: string | null }>;
  /** Those that wait for an answer, the longest first. */
  waiting(member: StaffMember, page: { readonly skip: number; readonly limit: number }): Promise<Waiting>;
  /** @throws AppError actor.noActor, actor.quarantined, actor.unknownVersion */
  read(id: string, member: StaffMember): Promise<Ticket>;
  /** In the bot. @throws the same; http.badRequest for a ticket without a customer, or a key of another answer */
  answer(command: TicketCommand & { readonly text: string }): Promise<TicketMoved>;
  /** @throws the same */
  close(command: TicketCommand & { readonly reason?: string | undefined }): Promise<TicketMoved>;
}

export interface TicketsDeps {
  readonly actors: Pick<Actors, "read" | "send" | "history" | "pageInState" | "countByState">;
  readonly messages: TicketTexts;
  /** The service's clock, epoch ms. */
  readonly now: () => number;
}

/** When it came into its state. Epoch ms. */
async function sinceOf(
  actors: Pick<Actors, "history">,
  address: ActorAddress,
  { openedAt }: TicketContext,
): Promise<number> {
  const entries = await actors.history(address, { limit: LOOK_BACK });
  return entries.find(({ to }) => to !== undefined)?.at ?? openedAt;
}

/** One row of a list of tickets; empty for one that is not there. One that cannot be read must not hide the others. */
export async function ticketLine(
  actors: Pick<Actors, "read" | "history">,
  address: ActorAddress,
): Promise<readonly TicketLine[]> {
  const { id } = parseAddress(address);
  const seen = await look(actors, address);
  if (seen === null) return [];
  if (seen.view === null) return [{ id, problem: seen.problem }];
  const context = contextOf(seen.view);
  const { subject, detail, about, userId, messages: count, repeats } = context;
  return [
    {
      ...{ id, state: stateOf(seen.view), ...(subject === null ? {} : { subject }), detail, about, userId },
      customer: userId === null ? null : await readPerson(actors, userId),
      since: await sinceOf(actors, address, context),
      ...{ messages: count, repeats },
    },
  ];
}

export function makeTickets({ actors, messages, now }: TicketsDeps): Tickets {
  const existing = async (id: string): Promise<ActorView> => {
    const view = await actors.read(addressOf.ticket(id));
    if (!view) throw new AppError("actor.noActor");
    return view;
  };

  const inState = async (state: string): Promise<readonly ActorAddress[]> => {
    const found: ActorAddress[] = [];
    let cursor: string | null = null;
    do {
      const page = await actors.pageInState("ticket", state, cursor, PAGE);
      found.push(...page.addresses);
      ({ cursor } = page);
    } while (cursor !== null && found.length < MOST_ORDERED);
    return found.slice(0, MOST_ORDERED);
  };

  const send = async (
    view: ActorView,
    event: { readonly type: string; readonly by: string; readonly messageRef?: string },
    { name }: StaffMember,
    key: string,
    reason?: string,
  ): Promise<TicketMoved> => {
    const { outcome, view: after } = await actors.send(view.address, event, {
      cause: { kind: "staff", id: key, by: name, ...(reason === undefined ? {} : { reason }) },
      key: `staff ${name} ${key}`,
    });
    return { outcome, state: stateOf(after ?? view) };
  };

  return {
    async list(member, { state, cursor, limit }) {
      demand(member, "tickets");
      const page = await actors.pageInState("ticket", state, cursor, limit);
      return {
        tickets: (await Promise.all(page.addresses.map((address) => ticketLine(actors, address)))).flat(),
        cursor: page.cursor,
      };
    },

    async waiting(member, { skip, limit }) {
      demand(member, "tickets");
      const counts = await actors.countByState("ticket");
      const addresses = new Set<ActorAddress>();
      for (const state of WAITING_STATES) for (const address of await inState(state)) addresses.add(address);
      const ages = await inParallel(READS_AT_ONCE, [...addresses], async (address) => ({
        address,
        since: (await changedAt(actors, address)) ?? 0,
      }));
      const page = ages.sort((a, b) => a.since - b.since).slice(skip, skip + limit);
      const count = WAITING_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
      return {
        tickets: (await Promise.all(page.map(({ address }) => ticketLine(actors, address)))).flat(),
        count: Math.max(count, ages.length),
        ordered: ages.length,
      };
    },

    async read(id, member) {
      demand(member, "tickets");
      const view = await existing(id);
      const { ticketId: _id, messages: _count, ...context } = contextOf(view);
      const customer = context.userId === null ? null : await readPerson(actors, context.userId);
      return { id: view.id, state: stateOf(view), ...context, customer, messages: await messages.list(view.id) };
    },

    async answer({ id, member, text, idempotencyKey }) {
      demand(member, "tickets");
      const view = await existing(id);
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
      return send(view, { type: "staff.answered", by: member.name, messageRef }, member, idempotencyKey);
    },

    async close({ id, member, idempotencyKey, reason }) {
      demand(member, "tickets");
      return send(await existing(id), { type: "ticket.closed", by: member.name }, member, idempotencyKey, reason);
    },
  };
}

const contextOf = (view: ActorView): TicketContext => view.context as unknown as TicketContext;
const stateOf = (view: ActorView): string => view.states[0] ?? "";

/** The same command of the same person is the same text. */
const answerRef = ({ name }: StaffMember, key: string): string =>
  `s${createHash("sha256").update(`${name} ${key}`).digest("hex").slice(0, 32)}`;
