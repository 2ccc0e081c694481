// From the right that ended to the person outside.
import { inviteSetup, resultOf, seen } from "./setup.ts";

export const removing = inviteSetup.createStateConfig({
  entry: ["resetFailures", "revokeInviteLink", "forgetLink", "closeInviteTicket", "forgetTicket"],
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
});

export const removed = inviteSetup.createStateConfig({
  entry: ["clearRank", "revokeInviteLink", "forgetLink", "closeInviteTicket", "forgetTicket"],
  on: {
    "entitlement.changed": {
      guard: "isNowEntitled",
      target: "granting",
      actions: ["rememberAnnouncement", "grantAsEntitled"],
    },
    "member.removed": {},
    "membership.seen": [
      // Being banned is what this state is about.
      { guard: { type: "isKicked", params: seen } },
      // Whoever banned the person has thought better of it.
      { guard: { type: "isPardoned", params: seen }, target: "granting", actions: "grantAsEntitled" },
    ],
  },
});
