// The whole world as plain JSON, for pages, other processes and failed tests.
import type { ChatInviteLink, StarTransaction } from "@grammyjs/types";
import type { Deliveries } from "./delivery/deliveries.ts";
import { type BubbleView, bubbleView } from "./people/screen.ts";
import type { ChannelRights } from "./world/channel-types.ts";
import type { Charge } from "./world/ledger.ts";
import type { StarSubscription } from "./world/star-subscriptions.ts";
import type { UserRecord } from "./world/users.ts";
import type { World } from "./world/world.ts";

export interface WorldSnapshot {
  /** Unit: epoch ms. */
  readonly now: number;
  readonly nextDue: { readonly at: number; readonly what: string } | null;
  readonly bot: { readonly id: number; readonly username: string; readonly stars: number };
  readonly users: readonly (Omit<UserRecord, "requestWindows" | "replyKeyboard"> & {
    readonly replyKeys: readonly (readonly string[])[];
    readonly messages: readonly BubbleView[];
  })[];
  readonly channels: readonly {
    readonly id: number;
    readonly title: string;
    readonly ownerId: number;
    readonly memberIds: readonly number[];
    readonly pendingRequestIds: readonly number[];
    readonly bot: { readonly status: string; readonly rights: ChannelRights | null };
    readonly links: readonly ChatInviteLink[];
  }[];
  readonly charges: readonly Charge[];
  readonly subscriptions: readonly StarSubscription[];
  readonly transactions: readonly StarTransaction[];
  readonly webhookUrl: string;
  readonly pendingUpdates: ReturnType<Deliveries["pending"]>;
}

export function worldSnapshot(world: World, deliveries: Deliveries): WorldSnapshot {
  const { bot, clock } = world.context;
  const { ledger, subscriptions } = world.payments;
  return structuredClone({
    now: clock.now(),
    nextDue: world.nextDue(),
    bot: { id: bot.id, username: bot.username, stars: ledger.balance },
    users: world.users.all().map(({ requestWindows: _windows, replyKeyboard, ...user }) => ({
      ...user,
      replyKeys: (replyKeyboard?.keyboard ?? []).map((row) => row.map((k) => (typeof k === "string" ? k : k.text))),
      messages: world.messages.all(user.id).map(bubbleView),
    })),
    channels: world.channels.all().map((channel) => ({
      id: channel.id,
      title: channel.title,
      ownerId: channel.ownerId,
      memberIds: channel.memberIds(),
      pendingRequestIds: [...channel.requests.keys()],
      bot: { status: channel.botStatus, rights: channel.botRights },
      links: [...channel.links.values()].map((link) => ({
        ...world.channels.linkView(channel, link),
        invite_link: link.url,
      })),
    })),
    charges: ledger.charges(),
    subscriptions: subscriptions.all(),
    transactions: ledger.transactions(0, Number.MAX_SAFE_INTEGER),
    webhookUrl: deliveries.webhookUrl,
    pendingUpdates: deliveries.pending(),
  });
}
