// Are more people in a chat than are known there? Who they are Telegram does not tell a bot, so this is a number and not a name. Pure.
import type { Finding } from "../answers/drift.ts";

/** What is remembered of a chat between two counts: how many more Telegram counted than were known. */
export interface CountMemory {
  readonly last: number;
  /** The fewest ever: people who were there before us, the owner's guests, staff of the chat. null: counted only once. */
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
            healing: null,
          },
  };
}

export const countId = (chatId: string): string => `unknownMember:${chatId}`;
