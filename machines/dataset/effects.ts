import { addressOf } from "../address.ts";
import type { EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { tell, ticketIdOf } from "../tell.ts";
import { ROUNDS_BEFORE_STAFF, UNVERIFIED_DAYS } from "./policy.ts";
import type { DatasetContext, DatasetEvent } from "./types.ts";

type Step = { readonly context: DatasetContext; readonly event: Stamped<DatasetEvent> };

/**
 * A cause of this kind concerns many scopes at once: one conversation per dataset and cause, counted and not announced again.
 * @param cause part of the ticket's id. @param detail a code for people.
 */
const openTicket = ({ dataset, spreadsheetId }: DatasetContext, cause: string, detail: string) =>
  tell.ticket(ticketIdOf("dataset", `${cause}:${dataset}`), {
    type: "ticket.opened",
    userId: null,
    subject: "dataset",
    about: addressOf.dataset(dataset, spreadsheetId),
    detail: detail.slice(0, 120),
    messageRef: null,
  });

export const datasetEffects = {
  /** Looks at the context after the day was judged. */
  tellUnverified: ({ context }: Step) =>
    context.unverifiedDays === UNVERIFIED_DAYS ? [openTicket(context, "unverified", "unverified")] : [],
  /** The operator of the backend switches by hand. */
  tellNotApplied: ({ context }: Step) => [
    openTicket(context, "notApplied", `notApplied ${context.decision?.problem ?? "unknown"}`),
  ],
  /** Once in a row of rounds: later ones have nothing new to say. */
  tellUnreachable: ({ context }: Step) =>
    context.failures === ROUNDS_BEFORE_STAFF ? [openTicket(context, "notApplied", "backend unreachable")] : [],
} satisfies Record<string, EffectsOf<DatasetContext, Stamped<DatasetEvent>>>;
