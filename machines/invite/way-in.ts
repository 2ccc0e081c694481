// From the right to come in to the person inside: a link that is made, a link that waits, a request that is answered.
import { closeWayIn, inviteSetup, made, resultOf, seen } from "./setup.ts";

/** However the work goes: whoever has no way in by then is known to people. */
const ticketInTime = {
  ticketDue: {
    guard: "isEntitled",
    actions: ["tellInviteDelayedUnlessTold", "openLateTicket", "noteTicket"],
  },
} as const;

export const granting = inviteSetup.createStateConfig({
  entry: "resetFailures",
  initial: "creating",
  after: ticketInTime,
  on: { "invite.requested": {}, "membership.seen": { guard: { type: "isKicked", params: seen } } },
  states: {
    creating: {
      invoke: {
        src: "createInvite",
        id: "createInvite",
        input: ({ context, event }) => ({
          chatId: context.chatId,
          userId: context.userId,
          access: context.access,
          expiresAt: event.at + context.inviteTtlMs,
        }),
        onDone: [
          {
            guard: { type: "isInsideWithoutRight", params: made },
            target: "#invite.removing",
            actions: "removeAsNotEntitled",
          },
          {
            guard: { type: "isAlreadyInside", params: made },
            target: "#invite.member",
            actions: [{ type: "rememberRankFound", params: made }, "tellMemberJoined"],
          },
          {
            // Access ended while the link was being made: nobody may ever use it.
            guard: "isNotEntitled",
            target: "#invite.none",
            actions: ["revokeInviteLink", { type: "rememberLink", params: made }],
          },
          // The right was over when it was read; the announcement of that is on its way, or was lost.
          { guard: { type: "isLinkRefused", params: made }, target: "#invite.none" },
          {
            guard: { type: "isBannedByOther", params: made },
            target: "#invite.removed",
            actions: ["rememberRemovedByOther", "tellBanned", "openTicketRemovedByOther"],
          },
          {
            // The former link is given up only now, so that the person is never without a way in.
            target: "#invite.linkIssued",
            actions: ["revokeInviteLink", { type: "rememberLink", params: made }, "tellLinkReady"],
          },
        ],
        onError: [
          { guard: "isNotEntitled", target: "#invite.unknown", actions: closeWayIn },
          {
            target: "waiting",
            actions: [
              "countFailure",
              "tellInviteDelayedOnce",
              "openTicketOnSecondFailure",
              "noteTicketOnSecondFailure",
            ],
          },
        ],
      },
    },
    waiting: {
      after: { retryDelay: "creating" },
      on: {
        "channel.recovered": "creating",
        "invite.requested": "creating",
        "entitlement.changed": {
          guard: "isNowNotEntitled",
          target: "#invite.unknown",
          actions: ["rememberAnnouncement", ...closeWayIn],
        },
      },
    },
  },
});

/** Whoever came in by the link without our hearing of it would stay for ever, or be outside in our books: look when it ends. */
export const linkIssued = inviteSetup.createStateConfig({
  entry: ["closeInviteTicket", "forgetTicket"],
  after: { inviteTtl: { target: "unknown", actions: closeWayIn } },
  on: {
    "entitlement.changed": {
      guard: "isNowNotEntitled",
      target: "unknown",
      actions: ["rememberAnnouncement", ...closeWayIn],
    },
    "link.misused": [
      {
        guard: "hasLinksLeft",
        target: "granting",
        actions: ["raiseRiskWhenStrangerJoined", "revokeInviteLink", "forgetLink", "grantAsMisused"],
      },
      { guard: "isOneUseLink", target: "none", actions: ["raiseRiskWhenStrangerJoined", "tellLinkMisused"] },
      // A join request link lets nobody else in, so the owner keeps it: better than no way in until tomorrow.
    ],
  },
});

export const joinRequested = inviteSetup.createStateConfig({
  entry: "resetFailures",
  initial: "approving",
  after: ticketInTime,
  on: { "invite.requested": {} },
  states: {
    approving: {
      on: { "join.requested": { actions: "rememberKnock" } },
      invoke: {
        src: "approveJoinRequest",
        id: "approveJoinRequest",
        input: ({ context }) => ({ chatId: context.chatId, userId: context.userId }),
        onDone: [
          {
            guard: { type: "isAdmittedWithoutRight", params: resultOf },
            target: "#invite.removing",
            actions: "removeAsNotEntitled",
          },
          {
            guard: { type: "isAdmitted", params: resultOf },
            target: "#invite.member",
            actions: "tellMemberJoined",
          },
          {
            guard: { type: "isRefused", params: resultOf },
            target: "#invite.none",
            actions: "declineJoinRequest",
          },
          {
            guard: { type: "isTooManyChatsWithLink", params: resultOf },
            target: "#invite.linkIssued",
            actions: "tellTooManyChats",
          },
          {
            guard: { type: "isTooManyChats", params: resultOf },
            target: "#invite.none",
            actions: "tellTooManyChats",
          },
          { guard: "hasLiveLink", target: "#invite.linkIssued" },
          { target: "#invite.none" },
        ],
        onError: [
          {
            guard: "isNotEntitled",
            target: "#invite.none",
            actions: "declineJoinRequest",
          },
          {
            target: "waiting",
            actions: [
              "countFailure",
              "tellInviteDelayedOnce",
              "openTicketOnSecondFailure",
              "noteTicketOnSecondFailure",
            ],
          },
        ],
      },
    },
    // The request stays open at Telegram, and the person sees nothing to press: we must come back by ourselves.
    waiting: {
      after: { retryDelay: "approving" },
      on: {
        "channel.recovered": "approving",
        "invite.requested": "approving",
        "join.requested": { target: "approving", actions: "rememberKnock" },
        "entitlement.changed": {
          guard: "isNowNotEntitled",
          target: "#invite.none",
          actions: ["rememberAnnouncement", "declineJoinRequest"],
        },
      },
    },
  },
});
