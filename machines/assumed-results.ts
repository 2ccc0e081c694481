// What work brings back when it goes well: for plans, which follow an event past the work that it begins. Never used for what happens.
import type { InvocationInput, InvocationName, InvocationOutput } from "./invocations.ts";

type Assumed = { readonly [K in InvocationName]?: (input: InvocationInput<K>) => InvocationOutput<K> };

/** Stands where a link will be that Telegram has not made yet. */
export const LINK_TO_COME = "https://t.me/+…";

/**
 * Only of work that does something: what looks (`checkMembership`, `inspectChannel`) finds what is there, and what the product backend
 * answers is its own affair; nobody can assume either.
 */
export const assumedResults: Assumed = {
  createInvite: ({ expiresAt }) => ({ result: "link", url: LINK_TO_COME, expiresAt }),
  approveJoinRequest: () => ({ result: "approved" }),
  removeMember: () => ({ result: "removed" }),
  refundCharge: () => ({ result: "refunded" }),
  editStarSubscription: () => ({ result: "done" }),
};
