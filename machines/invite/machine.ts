// Access of one person to one chat: links, join requests, removals. Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation, type InvocationOutput } from "../invocations.ts";
import { inviteAssigns } from "./assigns.ts";
import { inviteEffects } from "./effects.ts";
import { inviteGuards } from "./guards.ts";
import { firstContext, HELD_RETRY_MS, isStaffOfChat, linksWithinWindow, RETRY_MS } from "./policy.ts";
import type { InviteContext, InviteEvent, Membership } from "./types.ts";

type Made = InvocationOutput<"createInvite">;

const seen = ({ event }: { event: { membership: Membership } }) => event.membership;
const found = ({ event }: { event: { output: { membership: Membership } } }) => event.output.membership;
const made = ({ event }: { event: { output: Made } }) => event.output;
function resultOf<R>({ event }: { event: { output: { result: R } } }): R {
  return event.output.result;
}

/** The link is over, and nobody asked for another: what is left is a look at whether it was used. */
const closeWayIn = ["onlyLook", "revokeInviteLink", "forgetLink"] as const;

export const inviteMachine = setup({
  types: {} as { context: InviteContext; events: Stamped<InviteEvent>; input: ActorInput },
  actors: {
    createInvite: declareInvocation("createInvite"),
    approveJoinRequest: declareInvocation("approveJoinRequest"),
    removeMember: declareInvocation("removeMember"),
    checkMembership: declareInvocation("checkMembership"),
  },
  delays: {
    inviteTtl: ({ context, event }) => Math.max(0, (context.link?.expiresAt ?? 0) - event.at),
    retryDelay: RETRY_MS,
    heldRetryDelay: HELD_RETRY_MS,
  },
  guards: inviteGuards,
  actions: {
    ...declareActions(inviteEffects),
    ...inviteAssigns,
    rememberLink: assign(({ context, event }, invite: Made) =>
      invite.result === "link"
        ? {
            link: { url: invite.url, expiresAt: invite.expiresAt },
            recentLinks: [...linksWithinWindow(context.recentLinks, event.at), event.at],
          }
        : {},
    ),
    rememberRank: assign((_, membership: Membership) => ({ untouchable: isStaffOfChat(membership) })),
    rememberRankFound: assign((_, invite: Made) => ({
      untouchable: invite.result === "alreadyMember" && invite.untouchable,
    })),
  },
}).createMachine({
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
      entry: ["clearRank", "revokeInviteLink", "forgetLink"],
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

    granting: {
      entry: "resetFailures",
      initial: "creating",
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
              { target: "waiting", actions: ["countFailure", "tellInviteDelayedOnce", "openTicketOnSecondFailure"] },
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
    },

    // Whoever came in by the link without our hearing of it would stay for ever, or be outside in our books: look when it ends.
    linkIssued: {
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
    },

    joinRequested: {
      entry: "resetFailures",
      initial: "approving",
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
              { target: "waiting", actions: ["countFailure", "tellInviteDelayedOnce", "openTicketOnSecondFailure"] },
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
    },

    member: {
      entry: ["forgetReasons", "revokeInviteLink", "forgetLink"],
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

    removing: {
      entry: ["resetFailures", "revokeInviteLink", "forgetLink"],
      initial: "attempting",
      on: {
        // Renewed before the removal was tried: where the person is now decides what is missing.
        "entitlement.changed": {
          guard: "isNowEntitled",
          target: "unknown",
          actions: ["rememberAnnouncement", "grantAsEntitled"],
        },
        "invite.requested": {},
        "join.requested": { guard: "isEntitled", actions: "rememberKnock" },
        "member.joined": {},
        "member.left": "removed",
        "member.removed": "removed",
        "membership.seen": [
          { guard: { type: "isOutside", params: seen }, target: "removed" },
          { guard: { type: "isStaffMember", params: seen }, target: "member", actions: "markUntouchable" },
          {},
        ],
      },
      states: {
        attempting: {
          on: {
            // The call may be on its way, so a renewal only takes note: the outcome says where the person is.
            "entitlement.changed": { guard: "isNews", actions: "rememberAnnouncement" },
            "member.left": {},
            "member.removed": {},
            "membership.seen": {},
          },
          invoke: {
            src: "removeMember",
            id: "removeMember",
            input: ({ context }) => ({
              chatId: context.chatId,
              userId: context.userId,
              link: context.link?.url ?? null,
            }),
            onDone: [
              {
                guard: { type: "isOutThoughEntitled", params: resultOf },
                target: "#invite.granting",
                actions: "grantAsEntitled",
              },
              { guard: { type: "isOut", params: resultOf }, target: "#invite.removed" },
              {
                guard: { type: "isUntouchable", params: resultOf },
                target: "#invite.member",
                actions: "markUntouchable",
              },
              { guard: { type: "isSpared", params: resultOf }, target: "#invite.member" },
              { guard: "isEntitled", target: "#invite.unknown", actions: "grantAsEntitled" },
              { guard: { type: "isHeld", params: resultOf }, target: "held" },
              { target: "waiting" },
            ],
            onError: [
              { guard: "isEntitled", target: "#invite.unknown", actions: "grantAsEntitled" },
              { target: "waiting", actions: ["countFailure", "openTicketOnFirstRemovalFailure"] },
            ],
          },
        },
        held: {
          after: { heldRetryDelay: "attempting" },
          on: { "removals.released": "attempting" },
        },
        waiting: {
          after: { retryDelay: "attempting" },
          on: { "channel.recovered": "attempting" },
        },
      },
    },

    removed: {
      entry: ["clearRank", "revokeInviteLink", "forgetLink"],
      on: {
        "entitlement.changed": {
          guard: "isNowEntitled",
          target: "granting",
          actions: ["rememberAnnouncement", "grantAsEntitled"],
        },
        "member.removed": {},
        // Being banned is what this state is about.
        "membership.seen": { guard: { type: "isKicked", params: seen } },
      },
    },

    unknown: {
      entry: "resetFailures",
      initial: "checking",
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
              { target: "waiting", actions: ["countFailure", "openTicketOnSecondFailure"] },
            ],
          },
        },
        waiting: {
          after: { retryDelay: "checking" },
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
