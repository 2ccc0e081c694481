import { ChatId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { channelEffects } from "./effects.ts";
import { channelMachine } from "./machine.ts";
import { type ChannelContext, ChannelEvent } from "./types.ts";

export const channelDefinition = defineMachine<ChannelContext, Stamped<ChannelEvent>>({
  name: "channel",
  version: 1,
  machine: channelMachine,
  id: ChatId,
  event: ChannelEvent,
  // Only a chat of the plans: whoever adds the bot to another one creates nothing.
  creators: ["channel.registered"],
  staffEvents: { "removals.released": "support", "channel.givenUp": "finance" },
  effects: channelEffects,
  lookups: ({ chatId }) => [`chatId=${chatId}`],
});
