// Are more people in a chat than are known there? Who they are Telegram does not tell a bot, so this is a number and not a name. Pure.
import { addressOf, parseAddress } from "../../../machines/address.ts";
import { ticketIdOf } from "../../../machines/tell.ts";
import type { Drift, Finding } from "../answers/drift.ts";

/** What is remembered of a chat between two counts: how many more Telegram counted than were known. */
export interface CountMemory {
  readonly last: number;
  /** The fewest ever, or what staff accepted since: people who were there before us, the owner's guests, staff of the chat. null: counted only once. */
  readonly baseline: number | null;
}

export interface Counted {
  readonly memory: CountMemory;
  /** null: no more than there always were. */
  readonly finding: Finding | null;
}

/**
 * Somebody who comes or goes while a round is under way is counted on one side only, so two counts have to agree.
 * @param telegram Members by Telegram. @param known Members by our record. @param now Epoch ms.
 */
export function judgeCount(
  { chatId, telegram, known, now }: { chatId: string; telegram: number; known: number; now: number },
  before: CountMemory | null,
): Counted {
  const more = Math.max(0, telegram - known);
  if (before === null) return { memory: { last: more, baseline: null }, finding: null };
  const confirmed = Math.min(before.last, more);
  const baseline = Math.min(before.baseline ?? confirmed, confirmed);
  return {
    memory: { last: more, baseline },
    finding:
      confirmed <= baseline
        ? null
        : {
            id: countId(chatId),
            kind: "unknownMember",
            about: { chargeId: null, userId: null, chatId },
            since: now,
            evidence: { from: "count", telegram, known },
            healing: { ...parseAddress(countTicket(chatId)), event: { type: "ticket.closed" }, by: "staff" },
          },
  };
}

/**
 * Nobody can be named or put out, so people look into the chat: whoever should not be there they take out, and the count is down; whoever
 * should, they accept by closing this conversation.
 */
export const countTicket = (chatId: string) => addressOf.ticket(ticketIdOf("channel", `unknownMember:${chatId}`));

/** What the next counts are compared with once staff have accepted what was found. More than they saw is found again. */
export function accepted({ evidence }: Pick<Drift, "evidence">, before: CountMemory | null): CountMemory | null {
  if (evidence.from !== "count") return before;
  const more = Math.max(0, evidence.telegram - evidence.known);
  return { last: before?.last ?? more, baseline: Math.max(before?.baseline ?? 0, more) };
}

export const countId = (chatId: string): string => `unknownMember:${chatId}`;
