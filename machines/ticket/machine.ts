// A conversation between a customer, or the service itself, and staff. Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { ticketEffects } from "./effects.ts";
import { AUTO_CLOSE_MS, firstContext } from "./policy.ts";
import type { TicketContext, TicketEvent } from "./types.ts";

export const ticketMachine = setup({
  types: {} as { context: TicketContext; events: Stamped<TicketEvent>; input: ActorInput },
  delays: { autoCloseDelay: AUTO_CLOSE_MS },
  actions: {
    ...declareActions(ticketEffects),
    rememberCause: assign(({ context, event }) =>
      event.type === "ticket.opened"
        ? {
            // The person of a conversation never changes; what it is about may.
            userId: context.userId ?? event.userId,
            subject: event.subject,
            about: event.about,
            detail: event.detail,
            openedAt: event.at,
          }
        : {},
    ),
    countFirstMessage: assign(({ context, event }) =>
      event.type === "ticket.opened" && event.messageRef !== null ? { messages: context.messages + 1 } : {},
    ),
    countRepeat: assign({ repeats: ({ context }) => context.repeats + 1 }),
    forgetRepeats: assign({ repeats: 0 }),
    countMessage: assign({ messages: ({ context }) => context.messages + 1 }),
    noteAnswered: assign({ answeredAt: ({ event }) => event.at, closedAt: null }),
    noteClosed: assign({ closedAt: ({ event }) => event.at }),
    noteReopened: assign({ closedAt: null }),
  },
}).createMachine({
  id: "ticket",
  context: ({ input }) => firstContext(input),
  initial: "unopened",
  states: {
    unopened: {
      on: {
        "ticket.opened": { target: "open", actions: ["rememberCause", "countFirstMessage", "tellStaffOpened"] },
      },
    },
    // Waits for staff.
    open: {
      on: {
        "ticket.opened": { actions: ["countRepeat", "countFirstMessage"] },
        "customer.wrote": { actions: ["countMessage", "tellStaffCustomerWrote"] },
        "staff.answered": { target: "answered", actions: ["countMessage", "noteAnswered", "tellCustomerAnswered"] },
        "ticket.closed": "closed",
      },
    },
    // Waits for the customer, but not for ever.
    answered: {
      after: { autoCloseDelay: "closed" },
      on: {
        // The answer did not end the cause, so staff must hear of it again.
        "ticket.opened": { target: "open", actions: ["countRepeat", "countFirstMessage", "tellStaffOpenedAgain"] },
        "customer.wrote": { target: "open", actions: ["countMessage", "tellStaffCustomerWrote"] },
        "staff.answered": {
          target: "answered",
          reenter: true,
          actions: ["countMessage", "noteAnswered", "tellCustomerAnswered"],
        },
        "ticket.closed": "closed",
      },
    },
    closed: {
      entry: "noteClosed",
      on: {
        "ticket.opened": {
          target: "reopened",
          actions: ["forgetRepeats", "rememberCause", "countFirstMessage", "tellStaffOpenedAgain"],
        },
        "customer.wrote": { target: "reopened", actions: ["countMessage", "tellStaffCustomerWrote"] },
        "staff.answered": { target: "answered", actions: ["countMessage", "noteAnswered", "tellCustomerAnswered"] },
      },
    },
    // Waits for staff, who believed it was over.
    reopened: {
      entry: "noteReopened",
      on: {
        "ticket.opened": { actions: ["countRepeat", "countFirstMessage"] },
        "customer.wrote": { actions: ["countMessage", "tellStaffCustomerWrote"] },
        "staff.answered": { target: "answered", actions: ["countMessage", "noteAnswered", "tellCustomerAnswered"] },
        "ticket.closed": "closed",
      },
    },
  },
});
