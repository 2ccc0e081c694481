// Is somebody where their right says they should be? From facts to a difference, if there is one. Pure.
import type { ActorAddress } from "../../../machines/address.ts";
import { addressOf, parseAddress } from "../../../machines/address.ts";
import type { Membership } from "../../../machines/invite/types.ts";
import type { ActorEvent } from "../../runtime/ports.ts";
import type { Drift, DriftHealing, DriftKind, Finding } from "../answers/drift.ts";
import { isIn } from "../look.ts";

/** Letting in and putting out take moments; longer than this and somebody feels it. Unit: milliseconds. */
export const PLACE_GRACE_MS = 60_000;

export interface PlaceFacts {
  readonly userId: number;
  readonly chatId: string;
  /** Epoch ms. */
  readonly now: number;
  readonly right: {
    readonly entitled: boolean;
    /** Money was given back or taken back, and access ended by that. */
    readonly refunded: boolean;
    /** Since when it stands so, epoch ms; null: not known. */
    readonly since: number | null;
    /** The one that should tell the invite how access stands; null: none of this chat. */
    readonly subscription: ActorAddress | null;
  };
  /** null: there is none. */
  readonly invite: {
    readonly state: string;
    readonly seq: number;
    readonly since: number | null;
    /** It believes of the right what is so. */
    readonly isHeard: boolean;
    readonly untouchable: boolean;
    readonly removalReason: "notEntitled" | "intruder" | "removedByOther" | null;
  } | null;
  /** What Telegram said just now; null: it was not asked. */
  readonly seen: Membership | null;
}

const STAFF_OF_CHAT: ReadonlySet<Membership> = new Set<Membership>(["owner", "administrator"]);

/** The service tells it once more; harmless where the news was only on its way. */
const announce = (address: ActorAddress): DriftHealing =>
  healing(address, { type: "access.announced", by: "reconciliation", reason: "drift" }, "service");

export const healing = (address: ActorAddress, event: ActorEvent, by: DriftHealing["by"]): DriftHealing => ({
  ...parseAddress(address),
  event,
  by,
});

/** @param graceMs How long it may be so before it counts. Unit: milliseconds. */
export function judgePlace(facts: PlaceFacts, graceMs: number = PLACE_GRACE_MS): Finding | null {
  return facts.right.entitled ? judgeEntitled(facts, graceMs) : judgeWithoutRight(facts, graceMs);
}

function judgeEntitled(facts: PlaceFacts, graceMs: number): Finding | null {
  const { invite, right, seen, now, userId, chatId } = facts;
  if (seen !== null && isInside(seen)) return null;
  const isOver = (since: number | null) => since === null || now - since > graceMs;
  const address = addressOf.invite(userId, chatId);
  if (invite === null || !invite.isHeard) {
    // Somebody who is inside all the same has what they paid for.
    if (invite !== null && isIn(invite.state, "member") && seen === null) return null;
    if (!isOver(right.since)) return null;
    return finding(
      facts,
      "paidNoAccess",
      right.since,
      right.subscription === null ? null : announce(right.subscription),
    );
  }
  if (isIn(invite.state, "member"))
    return seen === null ? null : finding(facts, "paidNoAccess", now, correct(facts, seen));
  if (!isOver(invite.since)) return null;
  if (isIn(invite.state, "removed"))
    return finding(facts, "paidNoAccess", invite.since, healing(address, { type: "invite.requested" }, "staff"));
  // It is tried again by itself; staff read the ticket that the second failure opened.
  const isWaiting = ["granting", "joinRequested", "unknown", "removing"].some((state) => isIn(invite.state, state));
  if (isWaiting)
    return finding(facts, "paidNoAccess", invite.since, healing(address, { type: "invite.requested" }, "machine"));
  // A link that works, or none because nobody used the last one: asking for another always works.
  return null;
}

function judgeWithoutRight(facts: PlaceFacts, graceMs: number): Finding | null {
  const { invite, right, seen, now, userId, chatId } = facts;
  if (seen !== null && (STAFF_OF_CHAT.has(seen) || !isInside(seen))) return null;
  if (seen === null && (invite === null || !isInsideByRecord(invite.state))) return null;
  if (seen === null && invite?.untouchable) return null;
  const kind: DriftKind = right.refunded
    ? "refundedStillIn"
    : invite === null || invite.removalReason === "intruder" || right.subscription === null
      ? "unknownMember"
      : "accessNoRight";
  const since = kind === "unknownMember" ? (invite?.since ?? now) : (right.since ?? invite?.since ?? now);
  const isAtWork = invite !== null && isIn(invite.state, "removing");
  if (isAtWork || seen === null) {
    if (now - since <= graceMs) return null;
  }
  if (isAtWork) return finding(facts, kind, since, healing(addressOf.invite(userId, chatId), MEMBER_SEEN, "machine"));
  if (invite !== null && !invite.isHeard && right.subscription !== null)
    return finding(facts, kind, since, announce(right.subscription));
  return finding(facts, kind, since, correct(facts, "member"));
}

/** Somebody came in who has no right: the invite puts them out by itself. @param at Epoch ms. */
export function strangerIn(userId: number, chatId: string, seq: number, at: number): Finding {
  const address = addressOf.invite(userId, chatId);
  return {
    id: `unknownMember:${userId}:${chatId}`,
    kind: "unknownMember",
    about: { chargeId: null, userId, chatId },
    since: at,
    evidence: { from: "actor", address, state: "removing", seq },
    healing: healing(address, { type: "member.joined", linkOwner: null }, "machine"),
  };
}

const MEMBER_SEEN = { type: "membership.seen", membership: "member" } as const;

const correct = ({ userId, chatId }: PlaceFacts, membership: Membership): DriftHealing =>
  healing(addressOf.invite(userId, chatId), { type: "membership.seen", membership }, "service");

function finding(facts: PlaceFacts, kind: DriftKind, since: number | null, cure: DriftHealing | null): Finding {
  const { userId, chatId, now, seen, invite } = facts;
  return {
    id: `${kind}:${userId}:${chatId}`,
    kind,
    about: { chargeId: null, userId, chatId },
    since: since ?? now,
    evidence: evidence(facts, seen, invite),
    healing: cure,
  };
}

function evidence(facts: PlaceFacts, seen: Membership | null, invite: PlaceFacts["invite"]): Drift["evidence"] {
  if (seen !== null) return { from: "membership", membership: seen, at: facts.now };
  const address = addressOf.invite(facts.userId, facts.chatId);
  return { from: "actor", address, state: invite?.state ?? "", seq: invite?.seq ?? 0 };
}

const isInside = (membership: Membership): boolean => membership === "member" || STAFF_OF_CHAT.has(membership);
const isInsideByRecord = (state: string): boolean => isIn(state, "member") || isIn(state, "removing");
