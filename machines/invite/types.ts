import { z } from "zod";
import { ChatId, UserId } from "../address.ts";
import { event } from "../event.ts";

/** Membership as Telegram's getChatMember tells it, reduced to what decides. */
export const Membership = z.enum(["owner", "administrator", "member", "left", "kicked", "unknownUser"]);
export type Membership = z.infer<typeof Membership>;

export const InviteEvent = z.discriminatedUnion("type", [
  /** From a subscription. An announcement older than the one known from the same source changes nothing. */
  event("entitlement.changed", {
    source: z.string().min(1).max(128),
    entitled: z.boolean(),
    version: z.int().nonnegative(),
    access: z.enum(["joinRequest", "oneUseLink"]),
    inviteTtlMs: z.int().positive(),
    invitesPerDay: z.int().positive(),
    /** Of a right that a payment began or went on with: when the payer paid. Epoch ms. */
    paidAt: z.int().optional(),
    /** When the right ended. Epoch ms. */
    endedAt: z.int().optional(),
  }),
  /** The customer asks for a (new) link. */
  event("invite.requested", {}),
  /** This person knocks. `linkOwner` is whom the link was made for, when it is ours. */
  event("join.requested", { linkOwner: UserId.nullable(), userChatId: UserId }),
  /** A stranger used this person's link: for a request it is only replaced, for a join the owner is watched as well. */
  event("link.misused", { by: UserId, joined: z.boolean() }),
  event("member.joined", { linkOwner: UserId.nullable() }),
  event("member.left", {}),
  /** Somebody else than this service removed the person. */
  event("member.removed", { by: UserId }),
  /** A sweep looked. */
  event("membership.seen", { membership: Membership }),
  event("channel.recovered", { chatId: ChatId, since: z.int() }),
  /** From the channel: the breaker was released by staff. */
  event("removals.released", {}),
]);
export type InviteEvent = z.infer<typeof InviteEvent>;

export interface InviteContext {
  readonly userId: number;
  readonly chatId: string;
  /** Per announcing subscription: what it said last. */
  readonly sources: Readonly<Record<string, { readonly entitled: boolean; readonly version: number }>>;
  readonly access: "joinRequest" | "oneUseLink";
  readonly inviteTtlMs: number;
  readonly invitesPerDay: number;
  readonly link: { readonly url: string; readonly expiresAt: number } | null;
  /** When links were issued within the last day, epoch ms, oldest first. */
  readonly recentLinks: readonly number[];
  /** Why the way in is being made now: access began, the customer asked, or a stranger used the last link. */
  readonly grantReason: "entitled" | "asked" | "misused" | null;
  /** By the link that is replaced a stranger came in, instead of only trying to. Absent in older snapshots. */
  readonly strangerJoined?: boolean;
  /** When the payer paid for the way in that is being made, epoch ms; null for one that was not paid for. Absent in older snapshots. */
  readonly paidAt?: number | null;
  /** Since when the person who is put out has had no right to be inside, epoch ms. Absent in older snapshots and before the first time. */
  readonly withoutRightSince?: number;
  readonly userChatId: number | null;
  /** Administrator or owner: never removed. */
  readonly untouchable: boolean;
  readonly removalReason: "notEntitled" | "intruder" | "removedByOther" | null;
  /** Failed tries in a row of the work that runs now. */
  readonly failures: number;
  /** Staff have a ticket because there is no way in; it ends with the trouble. Absent in older snapshots. */
  readonly isTicketOpen?: boolean;
}
