import type { EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import type { TicketContext, TicketEvent } from "./types.ts";

type Step = { readonly context: TicketContext; readonly event: Stamped<TicketEvent> };

const about = (context: TicketContext) => ({
  ticketId: context.ticketId,
  userId: context.userId,
  subject: context.subject,
  about: context.about,
  detail: context.detail,
});

export const ticketEffects = {
  tellStaffOpened: ({ context }: Step) => [
    { kind: "notifyStaff", notice: "ticket.opened", params: { ...about(context), again: false } },
  ],
  tellStaffOpenedAgain: ({ context }: Step) => [
    { kind: "notifyStaff", notice: "ticket.opened", params: { ...about(context), again: true } },
  ],
  tellStaffCustomerWrote: ({ context, event }: Step) =>
    event.type === "customer.wrote"
      ? [{ kind: "notifyStaff", notice: "ticket.message", params: { ...about(context), messageRef: event.messageRef } }]
      : [],
  /** A ticket about a channel has no customer to tell. */
  tellCustomerAnswered: ({ context, event }: Step) =>
    event.type === "staff.answered" && context.userId !== null
      ? [
          {
            kind: "notifyCustomer",
            userId: context.userId,
            notice: "ticket.answered",
            product: null,
            params: { ticketId: context.ticketId, messageRef: event.messageRef },
          },
        ]
      : [],
} satisfies Record<string, EffectsOf<TicketContext, Stamped<TicketEvent>>>;
