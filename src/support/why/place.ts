// Where somebody is and why they are there: one verdict per chat, with what could be done about it. Pure.
import { type ActorAddress, parseAddress } from "../../../machines/address.ts";
import type { ChannelContext } from "../../../machines/channel/types.ts";
import { hasLinksLeft, isAnyEntitled, nextLinkAt } from "../../../machines/invite/policy.ts";
import type { InviteContext } from "../../../machines/invite/types.ts";
import type { ActorEvent } from "../../runtime/ports.ts";
import type { ChatAnswer } from "../answers/people.ts";
import { isIn, regionOf, stateOf } from "../look.ts";
import type { Call, ChatCase, SubscriptionTrail } from "./case.ts";
import { isInside, lastSighting } from "./membership.ts";
import { isEntitledBy, type Right } from "./right.ts";
import { moment, type Sentence, sentence } from "./sentence.ts";
import type { TextId } from "./texts.ts";

export interface Proposal {
  readonly text: Sentence;
  readonly address: ActorAddress;
  /** null: look there. */
  readonly event: ActorEvent | null;
}

export interface Place {
  readonly said: Sentence;
  readonly problem: ChatAnswer["problem"];
  readonly proposals: readonly Proposal[];
}

const inviteOf = ({ invite }: ChatCase) => (invite.view?.context ?? null) as unknown as InviteContext | null;
const channelAddress = ({ chatId }: ChatCase): ActorAddress => `channel/${chatId}`;
/** The next round of its work: other timers of an invite only watch it. */
const nextAt = ({ invite }: ChatCase) =>
  moment(Object.entries(invite.view?.timers ?? {}).find(([id]) => id.startsWith("retryDelay"))?.[1].dueAt);
const callOf = ({ invite }: ChatCase, name: string): Call | undefined =>
  invite.calls.find((call) => call.name === `invoke ${name}`);

const propose = (id: TextId, address: ActorAddress, event: ActorEvent | null = null, at?: number): Proposal => ({
  text: sentence(id, at === undefined ? {} : { at: moment(at) }),
  address,
  event,
});

/** A new link, where there is one left today; otherwise when the next one can be made. */
function proposeLink(chat: ChatCase, id: TextId = "advice.sendLink"): Proposal {
  const context = inviteOf(chat);
  const { address } = chat.invite;
  if (context !== null && !hasLinksLeft(context, chat.now))
    return propose("advice.linkLimit", address, null, nextLinkAt(context, chat.now));
  return propose(id, address, { type: "invite.requested" });
}

/** Nobody can be let in or put out where the bot may not. */
function outage(chat: ChatCase): Sentence | null {
  const health = regionOf(chat.channel, "health");
  if (chat.channel === null || health === null) return null;
  const { missing, unavailableSince } = chat.channel.context as unknown as ChannelContext;
  const vars = { at: moment(unavailableSince), missing: missing.join(", ") };
  if (isIn(health, "lost")) return sentence("place.channelLost", vars);
  if (isIn(health, "degraded")) return sentence("place.channelDegraded", vars);
  return isIn(health, "givenUp") ? sentence("place.channelGivenUp") : null;
}

/** What a failed round of work ended with: the newest error that the history knows. */
function lastError({ invite }: ChatCase): string {
  for (const { event } of invite.entries) {
    if (!event.type.startsWith("xstate.error.actor.")) continue;
    const { code } = (event.error ?? {}) as { readonly code?: unknown };
    return typeof code === "string" ? code : "?";
  }
  return "?";
}

/** How the news of access is on its way from the subscription to the invite. */
function announcement(chat: ChatCase, subscription: SubscriptionTrail | null): Call | undefined {
  return subscription?.calls.find((call) => call.name === `tell ${chat.invite.address} entitlement.changed`);
}

const ANNOUNCE = { type: "access.announced" } as const;

/** Told once more how access stands, by the subscription that the invite should have heard it from. */
const announceBy = (address: ActorAddress): Proposal => propose("advice.announce", address, ANNOUNCE);

/** The subscription of whose right the invite still believes, though it is over; null where none of this chat is. */
function stillBelieved(chat: ChatCase): SubscriptionTrail | null {
  const sources = inviteOf(chat)?.sources ?? {};
  return (
    chat.subscriptions.find(
      (one) => sources[parseAddress(one.address).id]?.entitled === true && !isEntitledBy(one, chat.now),
    ) ?? null
  );
}

/** What to do about an invite that has not heard of the present right: wait for the news that is on its way, or tell it again. */
function tellInvite(chat: ChatCase, subscription: SubscriptionTrail | null): Proposal {
  if (subscription === null) return propose("advice.lookInvite", chat.invite.address);
  return announcement(chat, subscription)?.state === "waiting"
    ? propose("advice.wait", subscription.address)
    : announceBy(subscription.address);
}

export function placeOf(chat: ChatCase, right: Right): Place {
  const inside = isInside(chat.invite);
  if (right.entitled) return inside ? insideByRight(chat, right) : outsideThoughEntitled(chat, right);
  return inside ? insideWithoutRight(chat, right) : outsideByRight(chat, right);
}

const fine = (id: TextId): Place => ({ said: sentence(id), problem: null, proposals: [] });

function insideByRight(chat: ChatCase, right: Right): Place {
  const context = inviteOf(chat);
  if (!isIn(inviteStateOf(chat), "removing")) {
    if (context === null || isAnyEntitled(context.sources)) return fine("place.inside");
    return { ...fine("place.insideByLuck"), proposals: [tellInvite(chat, right.subscription)] };
  }
  return { said: sentence("place.beingRemoved"), problem: null, proposals: [] };
}

/** Of the invite; "" without one. */
const inviteStateOf = ({ invite }: ChatCase): string => (invite.view === null ? "" : stateOf(invite.view));

function outsideByRight(chat: ChatCase, { held, applying }: Right): Place {
  const context = inviteOf(chat);
  if (context !== null && isAnyEntitled(context.sources)) {
    const { link } = context;
    const said =
      link !== null && link.expiresAt > chat.now
        ? sentence("place.outsideWithLink", { until: moment(link.expiresAt) })
        : sentence("place.outsideUnheard");
    return { said, problem: "accessNoRight", proposals: [tellInvite(chat, stillBelieved(chat))] };
  }
  const problem = held !== null ? "paymentHeld" : applying !== null ? "paidNoAccess" : null;
  if (problem === null) return { said: sentence("place.outside"), problem, proposals: [] };
  // After a restore somebody who paid may have come in since the backup.
  const isKnown = context !== null || lastSighting(chat.invite.entries) !== null;
  return { said: sentence(isKnown ? "place.outsideWithMoney" : "place.notOnRecord"), problem, proposals: [] };
}

function outsideThoughEntitled(chat: ChatCase, right: Right): Place {
  const { address } = chat.invite;
  const context = inviteOf(chat);
  const state = inviteStateOf(chat);
  const paid = (said: Sentence, ...proposals: readonly Proposal[]): Place => ({
    said,
    problem: "paidNoAccess",
    proposals,
  });

  if (isIn(state, "removed") && context?.removalReason === "removedByOther")
    return {
      said: sentence("place.banned"),
      problem: "banned",
      proposals: [proposeLink(chat, "advice.liftBan")],
    };
  const out = outage(chat);
  if (out !== null)
    return { said: out, problem: "channelLost", proposals: [propose("advice.giveRights", channelAddress(chat))] };

  if (context === null || !isAnyEntitled(context.sources)) {
    const subscription = right.subscription;
    const told = announcement(chat, subscription);
    const said =
      told?.state === "failed"
        ? sentence("place.notHeardFailed", { error: told.error ?? "?" })
        : sentence(told?.state === "waiting" ? "place.notHeard" : "place.notTold");
    return paid(said, tellInvite(chat, subscription));
  }

  const wait = propose("advice.wait", address);
  const underWay = propose("advice.underWay", address);
  const retry = proposeLink(chat, "advice.retryNow");
  const failed = { error: lastError(chat), next: nextAt(chat) };
  switch (true) {
    case isIn(state, "linkIssued"): {
      if (isTooManyChats(chat)) return paid(sentence("place.tooManyChats"), proposeLink(chat, "advice.leaveChats"));
      const since = moment(context.recentLinks.at(-1));
      return paid(sentence("place.linkUnused", { since, until: moment(context.link?.expiresAt) }), proposeLink(chat));
    }
    case isIn(state, "granting.waiting"):
      return paid(sentence("place.linkFailing", failed), retry);
    case isIn(state, "granting"): {
      const call = callOf(chat, "createInvite");
      const error = call?.error ?? null;
      return error === null
        ? paid(sentence("place.linkMaking"), underWay)
        : paid(sentence("place.linkRetrying", { error, attempts: call?.attempts ?? 0 }), wait);
    }
    case isIn(state, "joinRequested.waiting"):
      return paid(sentence("place.requestFailing", failed), retry);
    case isIn(state, "joinRequested"):
      return paid(sentence("place.requestAnswering"), underWay);
    case isIn(state, "unknown.waiting"):
      return paid(sentence("place.lookFailing", failed), retry);
    case isIn(state, "unknown"):
      return paid(sentence("place.looking"), underWay);
    default:
      return paid(howTheyCameOut(chat), proposeLink(chat, isTooManyChats(chat) ? "advice.leaveChats" : undefined));
  }
}

/** They are out and no work is under way. */
function howTheyCameOut(chat: ChatCase): Sentence {
  if (isTooManyChats(chat)) return sentence("place.tooManyChats");
  const seen = lastSighting(chat.invite.entries);
  if (seen?.entry.event.type === "member.left") return sentence("place.left", { at: moment(seen.entry.at) });
  const context = inviteOf(chat);
  return sentence(context !== null && context.recentLinks.length > 0 ? "place.linkExpired" : "place.noWay");
}

/** The last answer to a join request said so. */
function isTooManyChats({ invite }: ChatCase): boolean {
  const answer = invite.entries.find(({ event }) => event.type === "xstate.done.actor.approveJoinRequest");
  const { result } = (answer?.event.output ?? {}) as { readonly result?: unknown };
  return result === "tooManyChats";
}

function insideWithoutRight(chat: ChatCase, right: Right): Place {
  const { address } = chat.invite;
  const context = inviteOf(chat);
  const state = inviteStateOf(chat);
  const stays = (said: Sentence, ...proposals: readonly Proposal[]): Place => ({
    said,
    problem: "accessNoRight",
    proposals,
  });
  if (context?.untouchable) return stays(sentence("place.staffOfChat"), propose("advice.demote", address));
  if (isIn(state, "removing.held")) {
    const { heldCount } = (chat.channel?.context ?? {}) as { readonly heldCount?: number };
    return {
      said: sentence("place.held", { count: heldCount ?? 1 }),
      problem: "breakerHolds",
      proposals: [propose("advice.releaseRemovals", channelAddress(chat), { type: "removals.released" })],
    };
  }
  const out = outage(chat);
  if (out !== null)
    return { said: out, problem: "channelLost", proposals: [propose("advice.giveRights", channelAddress(chat))] };
  if (isIn(state, "removing.waiting"))
    return stays(
      sentence("place.removalFailing", { error: lastError(chat), next: nextAt(chat) }),
      propose("advice.wait", address),
    );
  if (isIn(state, "removing")) return stays(sentence("place.removing"), propose("advice.underWay", address));
  if (context !== null && isAnyEntitled(context.sources))
    return stays(sentence("place.insideUnheard"), tellInvite(chat, stillBelieved(chat)));
  if (isIn(state, "unknown")) return stays(sentence("place.insideNoRight"), propose("advice.underWay", address));
  return stays(sentence("place.insideNoRight"), tellInvite(chat, right.subscription));
}
