import type { ChatMember } from "grammy/types";
import { isInside, isStaffOfChat } from "../../../machines/invite/policy.ts";
import type { Membership } from "../../../machines/invite/types.ts";
import type { Run } from "../executor.ts";
import { ask, giveUp, signalOf } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/**
 * How long the ban of a removal lasts when nothing lifts it. Telegram takes less than 30 s for "for ever"; longer than needed would
 * keep out somebody who pays in the meantime. Unit: milliseconds.
 */
export const REMOVAL_BAN_MS = 90_000;
/** Telegram's clock and ours may differ this much. Unit: milliseconds. */
const CLOCK_SLACK_MS = 60_000;

export interface Standing {
  readonly membership: Membership;
  readonly isInside: boolean;
  readonly isUntouchable: boolean;
  /** `ours`: what a removal leaves behind when it is interrupted. */
  readonly ban: "ours" | "foreign" | null;
}

/** @param now Epoch ms. */
export function standingOf(member: ChatMember, now: number): Standing {
  const membership = membershipOf(member);
  return {
    membership,
    isInside: isInside(membership),
    isUntouchable: isStaffOfChat(membership),
    ban: member.status === "kicked" ? whoseBan(member.until_date, now) : null,
  };
}

function membershipOf(member: ChatMember): Membership {
  switch (member.status) {
    case "creator":
      return "owner";
    case "restricted":
      return member.is_member ? "member" : "left";
    default:
      return member.status;
  }
}

/** People ban for ever or for days; only a removal's ban ends within a minute and a half. */
function whoseBan(untilDate: number, now: number): "ours" | "foreign" {
  if (untilDate === 0) return "foreign";
  return untilDate * 1_000 <= now + REMOVAL_BAN_MS + CLOCK_SLACK_MS ? "ours" : "foreign";
}

const UNKNOWN: Standing = { membership: "unknownUser", isInside: false, isUntouchable: false, ban: null };

/** Telegram's word on one person, and the only one that is believed. @throws as `ask` and `giveUp` do. */
export async function readStanding(deps: TelegramDeps, chatId: string, userId: number, run: Run): Promise<Standing> {
  const answer = await ask(deps, chatId, () => deps.api.getChatMember(Number(chatId), userId, signalOf(run)));
  if (answer.ok) return standingOf(answer.value, deps.clock.now());
  if (answer.refusal.kind === "unknownUser") return UNKNOWN;
  return giveUp(deps, answer.refusal, chatId, run);
}
