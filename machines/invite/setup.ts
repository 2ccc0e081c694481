import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation, type InvocationOutput } from "../invocations.ts";
import { inviteAssigns } from "./assigns.ts";
import { inviteEffects } from "./effects.ts";
import { inviteGuards } from "./guards.ts";
import { HELD_RETRY_MS, isStaffOfChat, linksWithinWindow, RETRY_MS, retryAfterMs, TICKET_AFTER_MS } from "./policy.ts";
import type { InviteContext, InviteEvent, Membership } from "./types.ts";

type Made = InvocationOutput<"createInvite">;

/** What an update or a sweep saw. */
export const seen = ({ event }: { event: { membership: Membership } }) => event.membership;
/** What a look of ours found. */
export const found = ({ event }: { event: { output: { membership: Membership } } }) => event.output.membership;
export const made = ({ event }: { event: { output: Made } }) => event.output;
export function resultOf<R>({ event }: { event: { output: { result: R } } }): R {
  return event.output.result;
}

/** The link is over, and nobody asked for another: what is left is a look at whether it was used. */
export const closeWayIn = ["onlyLook", "revokeInviteLink", "forgetLink"] as const;

/** Words of the invite: work, delays, guards, assigns and effects. The policy itself is in machine.ts, way-in.ts and removal.ts. */
export const inviteSetup = setup({
  types: {} as { context: InviteContext; events: Stamped<InviteEvent>; input: ActorInput },
  actors: {
    createInvite: declareInvocation("createInvite"),
    approveJoinRequest: declareInvocation("approveJoinRequest"),
    removeMember: declareInvocation("removeMember"),
    checkMembership: declareInvocation("checkMembership"),
  },
  delays: {
    inviteTtl: ({ context, event }) => Math.max(0, (context.link?.expiresAt ?? 0) - event.at),
    retryDelay: ({ context }) => retryAfterMs(context.failures),
    // Nobody waits for a look that is only a look.
    retryDelayOfLook: ({ context }) => (context.grantReason === null ? RETRY_MS : retryAfterMs(context.failures)),
    ticketDue: TICKET_AFTER_MS,
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
});
