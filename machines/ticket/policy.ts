import type { TicketContext } from "./types.ts";

/** An answer that nobody replied to is taken as enough. Unit: milliseconds. */
export const AUTO_CLOSE_MS = 7 * 24 * 60 * 60_000;

/** Before anything happened. XState also calls it without input on every step and throws the result away. */
export function firstContext(input: { readonly id: string; readonly at: number } | undefined): TicketContext {
  return {
    ticketId: input?.id ?? "",
    userId: null,
    subject: null,
    about: null,
    detail: null,
    openedAt: input?.at ?? 0,
    answeredAt: null,
    closedAt: null,
    messages: 0,
    repeats: 0,
  };
}
