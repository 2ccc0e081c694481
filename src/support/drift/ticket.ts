// The conversation with staff about a difference that only people can settle. Pure.
import { addressOf } from "../../../machines/address.ts";
import { ticketIdOf } from "../../../machines/tell.ts";
import type { Finding } from "../answers/drift.ts";
import { countTicket } from "./count.ts";

/** What opens it; null: the difference goes without people. The id is made of the cause. */
export function ticketOf({ kind, about, evidence }: Pick<Finding, "kind" | "about" | "evidence">) {
  if (evidence.from === "count" && about.chatId !== null)
    return {
      address: countTicket(about.chatId),
      event: {
        ...{ type: "ticket.opened", userId: null, subject: "channel", about: addressOf.channel(about.chatId) },
        detail: `${kind} telegram:${evidence.telegram} known:${evidence.known}`,
        messageRef: null,
      },
    } as const;
  if ((kind !== "doubleCharge" && kind !== "notInBooks") || about.chargeId === null) return null;
  return {
    address: addressOf.ticket(ticketIdOf("payment", `${kind}:${about.chargeId}`)),
    event: {
      type: "ticket.opened",
      userId: about.userId,
      subject: "payment",
      about: addressOf.payment(about.chargeId),
      detail: kind,
      messageRef: null,
    },
  } as const;
}
