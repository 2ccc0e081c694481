import { parsePairId } from "../address.ts";
import { InvocationFailure } from "../invocations.ts";
import type { InviteContext, InviteEvent, Membership } from "./types.ts";

/** Between two tries of the same work at Telegram. Unit: milliseconds. */
export const RETRY_MS = 10 * 60_000;
/** Tries of a look that nobody waits for: after them the sweep is soon enough. */
export const MAX_LOOKS = 2;
/** Between two looks at a breaker that staff did not release yet. Unit: milliseconds. */
export const HELD_RETRY_MS = 60 * 60_000;
/** The window of the invite limit. Unit: milliseconds. */
export const LIMIT_WINDOW_MS = 24 * 60 * 60_000;

type Announcement = Extract<InviteEvent, { type: "entitlement.changed" }>;
type Sources = InviteContext["sources"];

/** Any one source is enough: two subscriptions may open the same chat. */
export function isAnyEntitled(sources: Sources): boolean {
  return Object.values(sources).some((source) => source.entitled);
}

/** Announcements of one source are numbered; deliveries may overtake each other. */
export function isNewer(sources: Sources, announcement: Announcement): boolean {
  const known = sources[announcement.source];
  return known === undefined || announcement.version > known.version;
}

export function withAnnouncement(sources: Sources, announcement: Announcement): Sources {
  return { ...sources, [announcement.source]: { entitled: announcement.entitled, version: announcement.version } };
}

/** @param at Epoch ms. */
export function linksWithinWindow(recentLinks: readonly number[], at: number): readonly number[] {
  return recentLinks.filter((issuedAt) => issuedAt > at - LIMIT_WINDOW_MS);
}

/** Links that are made without being asked for are never refused, but they count. @param at Epoch ms. */
export function hasLinksLeft(context: InviteContext, at: number): boolean {
  return linksWithinWindow(context.recentLinks, at).length < context.invitesPerDay;
}

/** When the next link may be asked for. Epoch ms. */
export function nextLinkAt(context: InviteContext, at: number): number {
  const recent = linksWithinWindow(context.recentLinks, at);
  const freed = recent[recent.length - context.invitesPerDay];
  return freed === undefined ? at : freed + LIMIT_WINDOW_MS;
}

export function isInside(membership: Membership): boolean {
  return membership === "member" || isStaffOfChat(membership);
}

/** The owner and administrators can never be put out; trying would only fail loudly. */
export function isStaffOfChat(membership: Membership): boolean {
  return membership === "owner" || membership === "administrator";
}

/**
 * Which product a message is about. A source is the announcing subscription's id, `<user>:<product>`; an entitled one speaks first,
 * because the others have nothing to offer.
 */
export function productOf(sources: Sources): string | null {
  const ids = Object.keys(sources);
  const id = ids.find((name) => sources[name]?.entitled) ?? ids[0];
  return id === undefined ? null : id.slice(id.indexOf(":") + 1).slice(0, 32);
}

/** What went wrong, as a code for tickets. */
export function failureOf(event: unknown): InvocationFailure {
  const parsed = InvocationFailure.safeParse((event as { error?: unknown }).error);
  return parsed.success ? parsed.data : { code: "unknown", final: false };
}

/** Before anything happened. XState also calls it without input on every step and throws the result away. */
export function firstContext(input: { readonly id: string } | undefined): InviteContext {
  const { userId, rest } = input === undefined ? { userId: 0, rest: "" } : parsePairId(input.id);
  return {
    userId,
    chatId: rest,
    sources: {},
    access: "joinRequest",
    inviteTtlMs: LIMIT_WINDOW_MS,
    invitesPerDay: 1,
    link: null,
    recentLinks: [],
    grantReason: null,
    userChatId: null,
    untouchable: false,
    removalReason: null,
    failures: 0,
  };
}
