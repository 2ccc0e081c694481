import { OpaqueId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { paymentEffects } from "./effects.ts";
import { paymentMachine } from "./machine.ts";
import { type PaymentContext, PaymentEvent } from "./types.ts";

export const paymentDefinition = defineMachine<PaymentContext, Stamped<PaymentEvent>>({
  name: "payment",
  version: 1,
  machine: paymentMachine,
  id: OpaqueId,
  event: PaymentEvent,
  creators: ["payment.received"],
  // Another buyer of the same charge is for people to see.
  hearsAgain: ["payment.received"],
  // It holds facts about money.
  forceRole: "owner",
  // A refund is asked for by its event: above a limit a second person has to agree.
  neverByForce: ["refundCharge"],
  staffEvents: {
    "refund.requested": "finance",
    "payment.released": "finance",
    // Telegram sends no update for it: people read it at the provider.
    "chargeback.seen": "finance",
  },
  effects: paymentEffects,
  lookups: ({ chargeId, userId, orderId }) => [
    `chargeId=${chargeId}`,
    ...(userId === null ? [] : [`telegramId=${userId}` as const]),
    ...(orderId === null ? [] : [`orderId=${orderId}` as const]),
  ],
});
