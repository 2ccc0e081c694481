import { z } from "zod";
import { UserId } from "../address.ts";
import { event, Staff } from "../event.ts";

/** What the bot may do in the channel, as Telegram says. */
export const ChannelRights = z.object({
  present: z.boolean(),
  canInvite: z.boolean(),
  canRestrict: z.boolean(),
  title: z.string().max(256).nullable(),
  members: z.int().nonnegative().nullable(),
});
export type ChannelRights = z.infer<typeof ChannelRights>;

export const ChannelEvent = z.discriminatedUnion("type", [
  /** At start and on reload: this chat belongs to the plans. */
  event("channel.registered", {
    breaker: z.object({ perHour: z.int().positive(), percent: z.number().positive().max(100) }),
  }),
  /** From `my_chat_member` or a look by `getChatMember`. */
  event("rights.seen", { rights: ChannelRights }),
  /** A call was refused for want of a right: look again. */
  event("call.refused", { reason: z.string().min(1).max(120) }),
  /** From an invite's removal, asked for before the call: the breaker answers by the state it leaves behind. */
  event("removal.asked", { userId: UserId, members: z.int().nonnegative() }),
  event("removals.released", Staff),
  /** The channel will not come back: nobody waits for it any longer, and time runs for its subscribers again. */
  event("channel.givenUp", Staff),
]);
export type ChannelEvent = z.infer<typeof ChannelEvent>;

export interface ChannelContext {
  readonly chatId: string;
  readonly title: string | null;
  readonly members: number | null;
  readonly missing: readonly ("presence" | "canInvite" | "canRestrict")[];
  /** Since when clocks stand still, epoch ms. */
  readonly unavailableSince: number | null;
  readonly breaker: { readonly perHour: number; readonly percent: number };
  /** Removals let through within the last hour: who and when, epoch ms. Asking again for the same person counts once. */
  readonly removals: readonly { readonly userId: number; readonly at: number }[];
  readonly heldCount: number;
  /** Looks in a row that found nothing better; absent in older snapshots. */
  readonly looks?: number;
}
