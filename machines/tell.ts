import type { z } from "zod";
import { type ActorAddress, addressOf } from "./address.ts";
import type { CustomerEvent } from "./customer/types.ts";
import type { Effect } from "./effects.ts";
import type { InviteEvent } from "./invite/types.ts";
import type { OnboardingEvent } from "./onboarding/types.ts";
import type { OrderEvent } from "./order/types.ts";
import type { PaymentEvent } from "./payment/types.ts";
import type { SubscriptionEvent } from "./subscription/types.ts";
import type { TicketSubject as Subjects, TicketEvent } from "./ticket/types.ts";

type TicketSubject = z.infer<typeof Subjects>;
type Tell = Extract<Effect, { kind: "tell" }>;

const to = (address: ActorAddress, event: { readonly type: string }): Tell => ({
  kind: "tell",
  to: address,
  event: { ...event },
});

/** An event for another actor, checked against that actor's own events when it is written, not first at delivery. */
export const tell = {
  customer: (userId: number, event: CustomerEvent) => to(addressOf.customer(userId), event),
  subscription: (userId: number, product: string, event: SubscriptionEvent) =>
    to(addressOf.subscription(userId, product), event),
  subscriptionAt: (address: ActorAddress, event: SubscriptionEvent) => to(address, event),
  order: (orderId: string, event: OrderEvent) => to(addressOf.order(orderId), event),
  payment: (chargeId: string, event: PaymentEvent) => to(addressOf.payment(chargeId), event),
  paymentAt: (address: ActorAddress, event: PaymentEvent) => to(address, event),
  invite: (userId: number, chatId: string, event: InviteEvent) => to(addressOf.invite(userId, chatId), event),
  onboarding: (userId: number, product: string, event: OnboardingEvent) =>
    to(addressOf.onboarding(userId, product), event),
  ticket: (ticketId: string, event: TicketEvent) => to(addressOf.ticket(ticketId), event),
} as const;

/** Longest id that an actor may have. */
const MAX_ID_LENGTH = 256;

/**
 * The ticket of one cause: reported again, it is the same conversation. A very long id loses its beginning, because the ids
 * of a provider differ at the end.
 */
export function ticketIdOf(subject: TicketSubject, about: string): string {
  return `${subject}:${about.slice(-(MAX_ID_LENGTH - subject.length - 1))}`;
}
