// Access of one person to one chat: links, join requests, removals. Words: ./CONTEXT.md.
import { firstContext } from "./policy.ts";
import { removed, removing } from "./removal.ts";
import { found, inviteSetup, seen } from "./setup.ts";
import { granting, joinRequested, linkIssued } from "./way-in.ts";

export const inviteMachine = inviteSetup.createMachine({
  id: "invite",
  context: ({ input }) => firstContext(input),
  initial: "none",
  on: {
    "entitlement.changed": { guard: "isNews", actions: "rememberAnnouncement" },
    "invite.requested": [
      { guard: "isEntitledWithLinksLeft", target: ".granting", actions: "grantAsAsked" },
      { guard: "isEntitled", actions: "tellInviteLimit" },
    ],
    // The person decides, never the link: an entitled one comes in by anybody's.
    "join.requested": [
      { guard: "isEntitled", target: ".joinRequested", actions: "rememberKnock" },
      { actions: ["rememberKnock", "declineJoinRequest", "tellOwnerLinkMisused"] },
    ],
    "member.joined": [
      { guard: "isEntitled", target: ".member", actions: ["clearRank", "tellMemberJoined"] },
      { target: ".removing", actions: ["removeAsIntruder", "tellOwnerLinkMisused"] },
    ],
    "member.removed": {
      guard: "isEntitled",
      target: ".removed",
      actions: ["rememberRemovedByOther", "openTicketRemovedByOther"],
    },
    "link.misused": { actions: "raiseRiskWhenStrangerJoined" },
    "membership.seen": [
      { guard: { type: "isKickedThoughEntitled", params: seen }, target: ".unknown", actions: "grantAsEntitled" },
      {
        guard: { type: "isEntitledMember", params: seen },
        target: ".member",
        actions: [{ type: "rememberRank", params: seen }, "tellMemberJoined"],
      },
      {
        guard: { type: "isStaffMember", params: seen },
        target: ".member",
        actions: { type: "rememberRank", params: seen },
      },
      { guard: { type: "isMember", params: seen }, target: ".removing", actions: "removeAsNotEntitled" },
    ],
  },
  states: {
    // Outside. No link outlives the states in which somebody may use it: see the entries of none, member, removing and removed.
    none: {
      entry: ["clearRank", "revokeInviteLink", "forgetLink", "closeInviteTicket", "forgetTicket"],
      on: {
        "entitlement.changed": [
          {
            guard: "isNowEntitled",
            target: "granting",
            actions: ["rememberAnnouncement", "grantAsEntitled"],
          },
          // They had a way in, and the update of who took it may be lost.
          { guard: "isEntitlementLost", target: "unknown", actions: ["rememberAnnouncement", "onlyLook"] },
        ],
      },
    },

    granting,

    linkIssued,

    joinRequested,

    member: {
      entry: ["forgetReasons", "revokeInviteLink", "forgetLink", "closeInviteTicket", "forgetTicket"],
      on: {
        "entitlement.changed": {
          guard: "isNowRemovable",
          target: "removing",
          actions: ["rememberAnnouncement", "removeAsNotEntitled"],
        },
        // Somebody who is inside has no reason to ask: look before believing our own record.
        "invite.requested": [
          { guard: "isEntitledWithLinksLeft", target: "unknown", actions: "grantAsAsked" },
          { guard: "isEntitled", actions: "tellInviteLimit" },
        ],
        "member.joined": {},
        "member.left": { target: "none", actions: "tellMemberLeftWhenEntitled" },
        "member.removed": { guard: "isNotEntitled", target: "removed" },
        "membership.seen": [
          { guard: { type: "isKickedThoughEntitled", params: seen }, target: "unknown", actions: "grantAsEntitled" },
          { guard: { type: "isOutside", params: seen }, target: "none", actions: "tellMemberLeftWhenEntitled" },
          {
            guard: { type: "isDemotedWithoutRight", params: seen },
            target: "removing",
            actions: ["clearRank", "removeAsNotEntitled"],
          },
          { guard: { type: "isRankChanged", params: seen }, actions: { type: "rememberRank", params: seen } },
          { guard: { type: "isMember", params: seen } },
        ],
      },
    },

    removing,

    removed,

    unknown: {
      entry: "resetFailures",
      initial: "checking",
      after: { ticketDue: { guard: "isGrantWanted", actions: ["openLateTicket", "noteTicket"] } },
      on: {
        // A look becomes a search for a way in as soon as somebody wants one.
        "entitlement.changed": { guard: "isNowEntitled", actions: ["rememberAnnouncement", "grantUnlessAsked"] },
        "invite.requested": [
          { guard: "isEntitledWithLinksLeft", actions: "grantAsAsked" },
          { guard: "isEntitled", actions: "tellInviteLimit" },
        ],
      },
      states: {
        checking: {
          on: { "membership.seen": {} },
          invoke: {
            src: "checkMembership",
            id: "checkMembership",
            input: ({ context }) => ({ chatId: context.chatId, userId: context.userId }),
            onDone: [
              {
                guard: { type: "isStaffMember", params: found },
                target: "#invite.member",
                actions: ["markUntouchable", "tellAlreadyInsideWhenAsked"],
              },
              {
                guard: { type: "isEntitledMember", params: found },
                target: "#invite.member",
                actions: ["clearRank", "tellAlreadyInsideWhenAsked"],
              },
              {
                guard: { type: "isMember", params: found },
                target: "#invite.removing",
                actions: ["clearRank", "removeAsNotEntitled"],
              },
              { guard: "isGrantWanted", target: "#invite.granting" },
              { target: "#invite.none" },
            ],
            onError: [
              // Nobody waits for the outcome, and the sweep comes by.
              { guard: "isLookGivenUp", target: "#invite.none" },
              { guard: "isOnlyLook", target: "waiting", actions: "countFailure" },
              {
                target: "waiting",
                actions: ["countFailure", "openTicketOnSecondFailure", "noteTicketOnSecondFailure"],
              },
            ],
          },
        },
        waiting: {
          after: { retryDelayOfLook: "checking" },
          on: {
            "channel.recovered": "checking",
            "invite.requested": [
              { guard: "isEntitledWithLinksLeft", target: "checking", actions: "grantAsAsked" },
              { guard: "isEntitled", actions: "tellInviteLimit" },
            ],
            "membership.seen": "checking",
          },
        },
      },
    },
  },
});
