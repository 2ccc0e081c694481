import { addressOf } from "../address.ts";
import type { CustomerNotice, Effect, EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { tell } from "../tell.ts";
import { failureOf, isAnyEntitled, isForPeople, nextLinkAt, productOf } from "./policy.ts";
import type { InviteContext, InviteEvent } from "./types.ts";

type Step = { readonly context: InviteContext; readonly event: Stamped<InviteEvent> };
type Params = Extract<Effect, { kind: "notifyCustomer" }>["params"];

function notice(context: InviteContext, name: CustomerNotice, params: Params = {}): Effect {
  return {
    kind: "notifyCustomer",
    userId: context.userId,
    notice: name,
    product: productOf(context.sources),
    params: { chatId: context.chatId, ...params },
  };
}

type TicketSubject = "inviteFailed" | "removalFailed" | "removedByOther";

/** The id is made of the cause, so that the same trouble of the same person is one conversation. */
function ticket(context: InviteContext, subject: TicketSubject, detail: string): Effect {
  return tell.ticket(`${subject}:${context.userId}:${context.chatId}`, {
    type: "ticket.opened",
    userId: context.userId,
    subject,
    about: addressOf.invite(context.userId, context.chatId),
    detail: detail.slice(0, 120),
    messageRef: null,
  });
}

const inviteTicketId = ({ userId, chatId }: InviteContext): string => `inviteFailed:${userId}:${chatId}`;

function misusedBy(context: InviteContext, owner: number | null, joined: boolean): readonly Effect[] {
  if (owner === null || owner === context.userId) return [];
  return [tell.invite(owner, context.chatId, { type: "link.misused", by: context.userId, joined })];
}

export const inviteEffects = {
  /** The way in, with the words that fit why it was made. */
  tellLinkReady: ({ context }: Step) => {
    if (context.link === null) return [];
    const { url, expiresAt } = context.link;
    return [
      context.grantReason === "misused"
        ? notice(context, "link.misused", { url, expiresAt, replaced: true, joined: context.strangerJoined ?? false })
        : notice(context, "invite.ready", { url, expiresAt }),
    ];
  },
  tellInviteDelayedOnce: ({ context }: Step) =>
    context.failures === 1 && !context.isTicketOpen ? [notice(context, "invite.delayed")] : [],
  /** Nothing has failed yet, and nothing has come: the first thing that they hear. */
  tellInviteDelayedUnlessTold: ({ context }: Step) =>
    context.failures === 0 && !context.isTicketOpen ? [notice(context, "invite.delayed")] : [],
  tellTooManyChats: ({ context }: Step) => [notice(context, "invite.delayed", { code: "tooManyChats" })],
  tellBanned: ({ context }: Step) => [notice(context, "invite.delayed", { code: "bannedByOther" })],
  tellInviteLimit: ({ context, event }: Step) => [
    notice(context, "invite.limit", { until: nextLinkAt(context, event.at), url: context.link?.url ?? null }),
  ],
  tellLinkMisused: ({ context, event }: Step) => [
    notice(context, "link.misused", { replaced: false, joined: event.type === "link.misused" && event.joined }),
  ],
  tellMemberJoined: ({ context }: Step) => [notice(context, "member.joined")],
  /** Somebody who asks for a link and is inside already hears that; a sweep's check stays silent. */
  tellAlreadyInsideWhenAsked: ({ context }: Step) =>
    context.grantReason === "asked" ? [notice(context, "member.joined")] : [],
  tellMemberLeftWhenEntitled: ({ context }: Step) =>
    isAnyEntitled(context.sources) ? [notice(context, "member.left")] : [],

  declineJoinRequest: ({ context }: Step) => [
    { kind: "declineJoinRequest", chatId: context.chatId, userId: context.userId, userChatId: context.userChatId },
  ],
  revokeInviteLink: ({ context }: Step) =>
    context.link === null ? [] : [{ kind: "revokeInviteLink", chatId: context.chatId, link: context.link.url }],

  tellOwnerLinkMisused: ({ context, event }: Step) => {
    if (event.type === "join.requested") return misusedBy(context, event.linkOwner, false);
    if (event.type === "member.joined") return misusedBy(context, event.linkOwner, true);
    return [];
  },
  raiseRiskWhenStrangerJoined: ({ context, event }: Step) =>
    event.type === "link.misused" && event.joined
      ? [tell.customer(context.userId, { type: "risk.raised", reason: "strangerJoinedByLink" })]
      : [],

  openTicketOnSecondFailure: ({ context, event }: Step) =>
    isForPeople(context, event) && !context.isTicketOpen
      ? [ticket(context, "inviteFailed", failureOf(event).code)]
      : [],
  /** Refused for good it would have been open already: Telegram is silent, says "later", or is tried again. */
  openLateTicket: ({ context }: Step) =>
    context.isTicketOpen ? [] : [ticket(context, "inviteFailed", "effect.unavailable")],
  /** There is a way in, or no right to one any more. */
  closeInviteTicket: ({ context }: Step) =>
    context.isTicketOpen ? [tell.ticket(inviteTicketId(context), { type: "ticket.closed", by: "invite" })] : [],
  openTicketOnFirstRemovalFailure: ({ context, event }: Step) =>
    context.failures === 1 ? [ticket(context, "removalFailed", failureOf(event).code)] : [],
  openTicketRemovedByOther: ({ context, event }: Step) => [
    ticket(context, "removedByOther", event.type === "member.removed" ? `by:${event.by}` : "banned"),
  ],
} satisfies Record<string, EffectsOf<InviteContext, Stamped<InviteEvent>>>;
