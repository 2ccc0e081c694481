import { setup } from "xstate";
import type { Stamped } from "../event.ts";
import { withAnnouncement } from "./policy.ts";
import type { InviteContext, InviteEvent } from "./types.ts";

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
  grantAsEntitled: assign({ grantReason: "entitled" }),
  grantAsAsked: assign({ grantReason: "asked" }),
  grantUnlessAsked: assign({ grantReason: ({ context }) => context.grantReason ?? "entitled" }),
  onlyLook: assign({ grantReason: null }),
  grantAsMisused: assign(({ event }) => ({
    grantReason: "misused" as const,
    strangerJoined: event.type === "link.misused" && event.joined,
  })),
  removeAsNotEntitled: assign({ removalReason: "notEntitled" }),
  removeAsIntruder: assign({ removalReason: "intruder" }),
  rememberRemovedByOther: assign({ removalReason: "removedByOther" }),
  countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  resetFailures: assign({ failures: 0 }),
  forgetReasons: assign({ grantReason: null, removalReason: null, failures: 0 }),
};
