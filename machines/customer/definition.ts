import { z } from "zod";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { customerEffects } from "./effects.ts";
import { customerMachine } from "./machine.ts";
import { type CustomerContext, CustomerEvent } from "./types.ts";

export const customerDefinition = defineMachine<CustomerContext, Stamped<CustomerEvent>>({
  name: "customer",
  version: 1,
  machine: customerMachine,
  id: z.string().regex(/^[1-9]\d{0,15}$/, "expected a Telegram user id such as 7012345678"),
  event: CustomerEvent,
  // Whatever is heard first about a person, a gift or a stranger's link included.
  creators: [
    "contact.seen",
    "contact.blocked",
    "subscription.opened",
    "customer.paid",
    "risk.raised",
    "risk.blocked",
    "chargeback.seen",
  ],
  staffEvents: { "risk.blocked": "support", "risk.cleared": "support", "erasure.requested": "owner" },
  effects: customerEffects,
  lookups: ({ userId, username }) => [
    `telegramId=${userId}`,
    ...(username === null ? [] : [`username=${username.toLowerCase()}` as const]),
  ],
  personal: { "contact.seen": ["username", "firstName"] },
});
