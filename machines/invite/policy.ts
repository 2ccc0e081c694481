import { parsePairId } from "../address.ts";
import { InvocationFailure } from "../invocations.ts";
import type { InviteContext, InviteEvent, Membership } from "./types.ts";

/** The longest time between two rounds of the same work at Telegram. Unit: milliseconds. */
export const RETRY_MS = 10 * 60_000;
/** After the first round that failed; each further wait is twice as long, so nobody waits longer than the trouble lasted. Unit: milliseconds. */
export const FIRST_RETRY_MS = 15_000;
/**
 * Somebody who should be inside and has no way in by then is a matter for people, whatever Telegram says or does not say: a payment
 * ends in access, a refund or a ticket within 60 s. Unit: milliseconds.
 */
export const TICKET_AFTER_MS = 50_000;
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

/** Wait before the next round. @param failures rounds that failed in a row; none: something else than a failure is waited for. Unit: milliseconds. */
export function retryAfterMs(failures: number): number {
  return failures === 0 ? RETRY_MS : Math.min(RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30));
}

/** What went wrong, as a code for tickets. */
export function failureOf(event: unknown): InvocationFailure {
  const parsed = InvocationFailure.safeParse((event as { error?: unknown }).error);
  return parsed.success ? parsed.data : { code: "unknown", final: false };
}

/** A single failure is a blip; the second, or one that cannot heal by itself, is work for people. @param context with this failure counted */
export const isForPeople = ({ failures }: InviteContext, event: unknown): boolean =>
  failures >= 2 || failureOf(event).final;

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
