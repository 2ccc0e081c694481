import { describe, expect, it } from "vitest";
import { ticketDefinition } from "../../machines/ticket/definition.ts";
import { AUTO_CLOSE_MS } from "../../machines/ticket/policy.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { walk } from "./support/paths.ts";

const T0 = 1_795_000_000_000;
const ANN = 7_012_345_678;
const ID = `question:${ANN}`;

const opened = (overrides: Record<string, unknown> = {}) => ({
  type: "ticket.opened",
  userId: ANN,
  subject: "question",
  about: `subscription/${ANN}:wb-analytics`,
  detail: null,
  messageRef: "m1",
  ...overrides,
});
const wrote = (messageRef = "m2") => ({ type: "customer.wrote", messageRef });
const answered = (messageRef = "a1") => ({ type: "staff.answered", by: "olga", messageRef });
const closed = { type: "ticket.closed", by: "olga" };

const open = (overrides = {}) => new ActedActor(ticketDefinition, ID, T0).send(opened(overrides));
const context = (ticket: ActedActor) => ticket.context<TicketContext>();

describe("a new ticket", () => {
  it("is announced to staff with codes only", () => {
    const ticket = open({ subject: "refund", detail: "effect.rejected" });
    expect(ticket.state).toBe("open");
    expect(ticket.effects).toEqual([
      {
        kind: "notifyStaff",
        notice: "ticket.opened",
        params: {
          ticketId: ID,
          userId: ANN,
          subject: "refund",
          about: `subscription/${ANN}:wb-analytics`,
          detail: "effect.rejected",
          again: false,
        },
      },
    ]);
    expect(context(ticket)).toMatchObject({ openedAt: T0, messages: 1, repeats: 0 });
  });

  it("counts the same cause without announcing it again", () => {
    const ticket = open()
      .send(opened({ messageRef: null }))
      .send(opened({ messageRef: null }));
    expect(ticket.effects).toEqual([]);
    expect(context(ticket)).toMatchObject({ repeats: 2, messages: 1 });
  });
});

describe("a conversation", () => {
  it("brings the customer's words to staff and the answer to the customer", () => {
    const ticket = open().send(wrote("m2"));
    expect(ticket.effectsOf("notifyStaff")).toMatchObject([
      { notice: "ticket.message", params: { ticketId: ID, messageRef: "m2" } },
    ]);
    ticket.send(answered("a1"));
    expect(ticket.state).toBe("answered");
    expect(ticket.effects).toEqual([
      {
        kind: "notifyCustomer",
        userId: ANN,
        notice: "ticket.answered",
        product: null,
        params: { ticketId: ID, messageRef: "a1" },
      },
    ]);
    expect(context(ticket)).toMatchObject({ messages: 3, answeredAt: T0 });
  });

  it("is open again when the customer writes", () => {
    expect(open().send(answered()).send(wrote()).state).toBe("open");
  });

  it("closes seven days after the last answer", () => {
    const ticket = open()
      .send(answered())
      .elapse(AUTO_CLOSE_MS - 1);
    ticket.send(answered("a2"));
    expect(ticket.notices).toEqual(["ticket.answered"]);
    expect(ticket.elapse(AUTO_CLOSE_MS - 1).state).toBe("answered");
    expect(ticket.elapse(1).state).toBe("closed");
    expect(context(ticket).closedAt).toBe(T0 + 2 * AUTO_CLOSE_MS - 1);
  });

  it("announces a cause that comes back after the answer", () => {
    const ticket = open().send(answered()).send(opened());
    expect(ticket.state).toBe("open");
    expect(ticket.effectsOf("notifyStaff")).toMatchObject([{ notice: "ticket.opened", params: { again: true } }]);
  });

  it("about a channel has no customer to answer", () => {
    expect(open({ userId: null, subject: "channel" }).send(answered()).effects).toEqual([]);
  });
});

describe("a closed ticket", () => {
  it("is reopened by the customer's words and by the same cause", () => {
    for (const event of [wrote(), opened()]) {
      const ticket = open().send(closed).send(event);
      expect(ticket.state).toBe("reopened");
      expect(ticket.effectsOf("notifyStaff")).toHaveLength(1);
      expect(context(ticket).closedAt).toBeNull();
    }
  });

  it("starts counting repeats anew", () => {
    const ticket = open().send(opened()).send(closed).send(opened());
    expect(context(ticket).repeats).toBe(0);
  });

  it("does not close twice", () => {
    expect(open().send(closed).send(closed).outcome).toBe("ignored");
  });
});

describe("everything that can happen to a ticket", () => {
  it("takes every transition, and no state is without a way out (rule 12)", () => {
    const walked = walk<TicketContext>({
      definition: ticketDefinition,
      id: ID,
      startAt: T0,
      samples: [opened(), opened({ messageRef: null }), wrote(), answered(), closed],
      facets: ({ userId }) => userId,
      check: ({ after }) => expect(after.context.closedAt !== null).toBe(after.states[0] === "closed"),
    });
    expect(walked.untaken).toEqual([]);
    expect(walked.states).toEqual(new Set(["open", "answered", "closed", "reopened"]));
    const ways = waysOut(ticketDefinition.machine);
    expect(ways.answered?.timed).toEqual(["autoCloseDelay"]);
    for (const [state, { explicit }] of Object.entries(ways))
      expect({ state, explicit }).not.toEqual({ state, explicit: [] });
  });
});
