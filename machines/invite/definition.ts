import { z } from "zod";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { inviteEffects } from "./effects.ts";
import { inviteMachine } from "./machine.ts";
import { type InviteContext, InviteEvent } from "./types.ts";

export const inviteDefinition = defineMachine<InviteContext, Stamped<InviteEvent>>({
  name: "invite",
  version: 1,
  machine: inviteMachine,
  id: z.string().regex(/^[1-9]\d{0,15}:-?\d{1,20}$/, "expected <user id>:<chat id> such as 7012345678:-1002123456789"),
  event: InviteEvent,
  // A stranger who knocks or joins is remembered too: that is how we refuse and remove.
  creators: ["entitlement.changed", "join.requested", "member.joined", "membership.seen"],
  staffEvents: { "invite.requested": "support" },
  effects: inviteEffects,
  lookups: ({ userId, chatId }) => [`telegramId=${userId}`, `chatId=${chatId}`],
});
