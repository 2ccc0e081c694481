import type { Stamped } from "../event.ts";
import type { InvocationOutput } from "../invocations.ts";
import {
  hasLinksLeft,
  isAnyEntitled,
  isInside,
  isNewer,
  isStaffOfChat,
  MAX_LOOKS,
  withAnnouncement,
} from "./policy.ts";
import type { InviteContext, InviteEvent, Membership } from "./types.ts";

type Step = { readonly context: InviteContext; readonly event: Stamped<InviteEvent> };
type Removal = InvocationOutput<"removeMember">["result"];
type Approval = InvocationOutput<"approveJoinRequest">["result"];
type Made = InvocationOutput<"createInvite">;

const isEntitled = ({ context }: Step) => isAnyEntitled(context.sources);
const hasLiveLink = ({ context, event }: Step) => context.link !== null && context.link.expiresAt > event.at;
const isAdmitted = (_: Step, result: Approval) => result === "approved" || result === "alreadyMember";
const isOut = (_: Step, result: Removal) => result === "removed" || result === "notMember";

/** What the announcement at hand makes of the entitlement; null for one that was overtaken by a later one. */
function entitledNow({ context, event }: Step): boolean | null {
  if (event.type !== "entitlement.changed" || !isNewer(context.sources, event)) return null;
  return isAnyEntitled(withAnnouncement(context.sources, event));
}

export const inviteGuards = {
  isEntitled,
  isNotEntitled: (step: Step) => !isEntitled(step),
  isNews: (step: Step) => entitledNow(step) !== null,
  isNowEntitled: (step: Step) => entitledNow(step) === true,
  isNowNotEntitled: (step: Step) => entitledNow(step) === false,
  /** The announcement that takes the last right away, as opposed to one that says once more that there is none. */
  isEntitlementLost: (step: Step) => isEntitled(step) && entitledNow(step) === false,
  isNowRemovable: (step: Step) => entitledNow(step) === false && !step.context.untouchable,

  hasLinksLeft: ({ context, event }: Step) => hasLinksLeft(context, event.at),
  isEntitledWithLinksLeft: (step: Step) => isEntitled(step) && hasLinksLeft(step.context, step.event.at),
  hasLiveLink,
  isOneUseLink: ({ context }: Step) => context.access === "oneUseLink",

  // checkMembership: to make a way in, or only to know
  isGrantWanted: (step: Step) => isEntitled(step) && step.context.grantReason !== null,
  isOnlyLook: ({ context }: Step) => context.grantReason === null,
  isLookGivenUp: ({ context }: Step) => context.grantReason === null && context.failures + 1 >= MAX_LOOKS,

  // createInvite
  isAlreadyInside: (_: Step, made: Made) => made.result === "alreadyMember",
  isInsideWithoutRight: (step: Step, made: Made) =>
    made.result === "alreadyMember" && !made.untouchable && !isEntitled(step),
  isLinkRefused: (_: Step, made: Made) => made.result === "notEntitled",
  isBannedByOther: (_: Step, made: Made) => made.result === "bannedByOther",

  // approveJoinRequest
  isAdmitted,
  isAdmittedWithoutRight: (step: Step, result: Approval) => isAdmitted(step, result) && !isEntitled(step),
  isRefused: (step: Step, result: Approval) => result === "notEntitled" || !isEntitled(step),
  isTooManyChats: (_: Step, result: Approval) => result === "tooManyChats",
  isTooManyChatsWithLink: (step: Step, result: Approval) => result === "tooManyChats" && hasLiveLink(step),

  // removeMember
  isOut,
  isOutThoughEntitled: (step: Step, result: Removal) => isOut(step, result) && isEntitled(step),
  isUntouchable: (_: Step, result: Removal) => result === "untouchable",
  isSpared: (_: Step, result: Removal) => result === "entitled",
  isHeld: (_: Step, result: Removal) => result === "held",

  // membership, as a check or a sweep saw it
  isStaffMember: (_: Step, membership: Membership) => isStaffOfChat(membership),
  isMember: (_: Step, membership: Membership) => isInside(membership),
  isOutside: (_: Step, membership: Membership) => !isInside(membership),
  isKicked: (_: Step, membership: Membership) => membership === "kicked",
  isPardoned: (step: Step, membership: Membership) =>
    !isInside(membership) && isEntitled(step) && step.context.removalReason === "removedByOther",
  isEntitledMember: (step: Step, membership: Membership) => isInside(membership) && isEntitled(step),
  isKickedThoughEntitled: (step: Step, membership: Membership) => membership === "kicked" && isEntitled(step),
  isDemotedWithoutRight: (step: Step, membership: Membership) => membership === "member" && !isEntitled(step),
  isRankChanged: ({ context }: Step, membership: Membership) =>
    isInside(membership) && isStaffOfChat(membership) !== context.untouchable,
};
