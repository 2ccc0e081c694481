import type { ChannelContext, ChannelRights } from "./types.ts";

/** Before the second look at a channel that could not be managed at the first; doubled from look to look. Unit: milliseconds. */
export const REINSPECTION_MS = 5 * 60_000;
/**
 * The wait stops growing here. Telegram tells by an update when the bot gets its rights back, so a look only makes up for an update that
 * was missed, and each of them is on record for ever. Unit: milliseconds.
 */
export const MAX_REINSPECTION_MS = 60 * 60_000;
/** The window of the breaker. Unit: milliseconds. */
export const BREAKER_WINDOW_MS = 60 * 60_000;
/**
 * So many people may always be removed within the window, whatever their share: in a channel of forty, five per cent would be two,
 * and two subscriptions that end in one hour are an ordinary evening.
 */
export const BREAKER_SHARE_FLOOR = 5;

type Removals = ChannelContext["removals"];

/** Newest removals only. @param at Epoch ms. */
export function removalsWithinWindow(removals: Removals, at: number): Removals {
  return removals.filter((removal) => removal.at > at - BREAKER_WINDOW_MS);
}

/**
 * How many different people may be removed within an hour.
 * @param members Size of the channel; 0 when nobody knows it.
 */
export function removalsAllowed(breaker: ChannelContext["breaker"], members: number): number {
  const share = Math.ceil((members * breaker.percent) / 100);
  return Math.min(breaker.perHour, Math.max(BREAKER_SHARE_FLOOR, share));
}

/** Whether this person's removal was let through within the last hour; a repeated try of it is not a new removal. */
export function isLetThrough(context: ChannelContext, userId: number, at: number): boolean {
  return removalsWithinWindow(context.removals, at).some((removal) => removal.userId === userId);
}

/** @param members As the asker counts them. */
export function hasRoomForRemoval(context: ChannelContext, members: number, at: number): boolean {
  return removalsWithinWindow(context.removals, at).length < removalsAllowed(context.breaker, members);
}

/** How long to wait before the next look. Unit: milliseconds. */
export const reinspectionMs = ({ looks = 0 }: ChannelContext): number =>
  Math.min(MAX_REINSPECTION_MS, REINSPECTION_MS * 2 ** Math.min(looks, 10));

/** What is lacking before people can be let in and put out. */
export function missingRights(rights: ChannelRights): ChannelContext["missing"] {
  if (!rights.present) return ["presence"];
  return [...(rights.canInvite ? [] : ["canInvite" as const]), ...(rights.canRestrict ? [] : ["canRestrict" as const])];
}

/** Before anything happened. XState also calls it without input on every step and throws the result away. */
export function firstContext(input: { readonly id: string } | undefined): ChannelContext {
  return {
    chatId: input?.id ?? "",
    title: null,
    members: null,
    missing: [],
    unavailableSince: null,
    breaker: { perHour: 1, percent: 1 },
    removals: [],
    heldCount: 0,
    looks: 0,
  };
}
