import { addressOf } from "../address.ts";
import type { Effect, EffectsOf, StaffNotice } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { tell } from "../tell.ts";
import { removalsAllowed, removalsWithinWindow } from "./policy.ts";
import type { ChannelContext, ChannelEvent } from "./types.ts";

type Step = { readonly context: ChannelContext; readonly event: Stamped<ChannelEvent> };
type Params = Extract<Effect, { kind: "notifyStaff" }>["params"];

function staff(context: ChannelContext, notice: StaffNotice, params: Params = {}): Effect {
  return { kind: "notifyStaff", notice, params: { chatId: context.chatId, title: context.title, ...params } };
}

/** One conversation per channel: it is opened again when the trouble comes back. */
const ticketIdOf = (context: ChannelContext) => `channel:${context.chatId}`;

export const channelEffects = {
  tellStaffDegraded: ({ context }: Step) => [
    staff(context, "channel.degraded", { missing: context.missing.join(",") }),
  ],
  tellStaffLost: ({ context }: Step) => [staff(context, "channel.lost")],
  tellStaffRecovered: ({ context }: Step) => [staff(context, "channel.recovered", { since: context.unavailableSince })],
  openTicket: ({ context }: Step) => [
    tell.ticket(ticketIdOf(context), {
      type: "ticket.opened",
      userId: null,
      subject: "channel",
      about: addressOf.channel(context.chatId),
      detail: context.missing.join(","),
      messageRef: null,
    }),
  ],
  closeTicket: ({ context }: Step) => [tell.ticket(ticketIdOf(context), { type: "ticket.closed", by: "channel" })],
  /** Clocks of the members' subscriptions stand still from here on. */
  announceUnavailable: ({ context, event }: Step) => [
    {
      kind: "broadcast",
      chatId: context.chatId,
      machines: ["subscription"],
      event: { type: "channel.unavailable", chatId: context.chatId, since: context.unavailableSince ?? event.at },
    },
  ],
  /** Clocks run again, with the lost time given back; waiting invitations and removals start at once. */
  announceRecovered: ({ context, event }: Step) => [
    {
      kind: "broadcast",
      chatId: context.chatId,
      machines: ["subscription", "invite"],
      event: { type: "channel.recovered", chatId: context.chatId, since: context.unavailableSince ?? event.at },
    },
  ],
  /** The same, for a channel that people gave up: in it nobody can be let in or put out, so there is nothing to start. */
  announceGivenUp: ({ context, event }: Step) => [
    {
      kind: "broadcast",
      chatId: context.chatId,
      machines: ["subscription"],
      event: { type: "channel.recovered", chatId: context.chatId, since: context.unavailableSince ?? event.at },
    },
  ],
  tellStaffRemovalsHeld: ({ context, event }: Step) => [
    staff(context, "removals.held", {
      removed: removalsWithinWindow(context.removals, event.at).length,
      allowed: removalsAllowed(context.breaker, event.type === "removal.asked" ? event.members : 0),
    }),
  ],
  announceRemovalsReleased: ({ context }: Step) => [
    { kind: "broadcast", chatId: context.chatId, machines: ["invite"], event: { type: "removals.released" } },
  ],
} satisfies Record<string, EffectsOf<ChannelContext, Stamped<ChannelEvent>>>;
