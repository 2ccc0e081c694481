import { setup } from "xstate";
import type { Stamped } from "../event.ts";
import { isForPeople, withAnnouncement } from "./policy.ts";
import type { InviteContext, InviteEvent } from "./types.ts";

/** An announcement says whether its right was paid for; what is made anew for other reasons is the same way in. */
const paidAtOf = (context: InviteContext, event: Stamped<InviteEvent>): number | null =>
  (event.type === "entitlement.changed" ? event.paidAt : context.paidAt) ?? null;
const endOf = (event: Stamped<InviteEvent>): number =>
  (event.type === "entitlement.changed" ? event.endedAt : undefined) ?? event.at;

const { assign } = setup({ types: {} as { context: InviteContext; events: Stamped<InviteEvent> } });

/** What is taken note of without looking at the outcome of work. */
export const inviteAssigns = {
  rememberAnnouncement: assign(({ context, event }) =>
    event.type === "entitlement.changed"
      ? {
          sources: withAnnouncement(context.sources, event),
          access: event.access,
          inviteTtlMs: event.inviteTtlMs,
          invitesPerDay: event.invitesPerDay,
        }
      : {},
  ),
  rememberKnock: assign(({ event }) => (event.type === "join.requested" ? { userChatId: event.userChatId } : {})),
  forgetLink: assign({ link: null }),
  markUntouchable: assign({ untouchable: true }),
  clearRank: assign({ untouchable: false }),
  grantAsEntitled: assign(({ context, event }) => ({
    grantReason: "entitled" as const,
    paidAt: paidAtOf(context, event),
  })),
  grantAsAsked: assign({ grantReason: "asked" }),
  grantUnlessAsked: assign(({ context, event }) => ({
    grantReason: context.grantReason ?? ("entitled" as const),
    paidAt: paidAtOf(context, event),
  })),
  onlyLook: assign({ grantReason: null }),
  grantAsMisused: assign(({ event }) => ({
    grantReason: "misused" as const,
    strangerJoined: event.type === "link.misused" && event.joined,
  })),
  removeAsNotEntitled: assign(({ event }) => ({
    removalReason: "notEntitled" as const,
    withoutRightSince: endOf(event),
  })),
  removeAsIntruder: assign(({ event }) => ({ removalReason: "intruder" as const, withoutRightSince: event.at })),
  rememberRemovedByOther: assign({ removalReason: "removedByOther" }),
  countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  noteTicket: assign({ isTicketOpen: true }),
  noteTicketOnSecondFailure: assign(({ context, event }) =>
    isForPeople(context, event) ? { isTicketOpen: true } : {},
  ),
  forgetTicket: assign(({ context }) => (context.isTicketOpen ? { isTicketOpen: false } : {})),
  resetFailures: assign({ failures: 0 }),
  forgetReasons: assign({ grantReason: null, removalReason: null, failures: 0, paidAt: null }),
};
