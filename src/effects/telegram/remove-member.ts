import { AppError } from "../../errors.ts";
import type { InvocationExecutor, Run } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";
import { REMOVAL_BAN_MS, readStanding } from "./membership.ts";

/**
 * Puts a person out: a short ban, its end, a look. Everything is asked at the moment of the call: membership, entitlement, the channel's
 * health and its breaker. Twice is harmless: a ban that an interrupted attempt left behind is known by its short end and lifted; the
 * breaker counts a person once. Already done looks like being outside. A ban that somebody else made is left alone.
 */
export const makeRemoveMember =
  (deps: TelegramDeps): InvocationExecutor<"removeMember"> =>
  async ({ chatId, userId, link }, run) => {
    const chat = Number(chatId);
    await takeTurn(deps, "membership", chatId);

    const standing = await readStanding(deps, chatId, userId, run);
    if (standing.isUntouchable) return { result: "untouchable" };
    // An earlier attempt stopped half way, or its answer was lost: what is left of it is done now.
    if (standing.ban !== "ours") {
      if (!standing.isInside) return { result: "notMember" };
      if (await deps.isEntitled(userId, chatId)) return { result: "entitled" };
      if (!(await deps.channels.isManageable(chatId))) return { result: "channelUnavailable" };
      if ((await deps.channels.askRemoval(chatId, userId, run.effectId)) === "held") return { result: "held" };

      const untilDate = Math.ceil((deps.clock.now() + REMOVAL_BAN_MS) / 1_000);
      const banned = await ask(deps, chatId, () =>
        deps.api.banChatMember(chat, userId, { until_date: untilDate }, signalOf(run)),
      );
      if (!banned.ok) {
        if (banned.refusal.kind === "untouchable") return { result: "untouchable" };
        if (banned.refusal.kind === "unknownUser") return { result: "notMember" };
        return giveUp(deps, banned.refusal, chatId, run);
      }
    }
    await liftBan(deps, chatId, userId, run);
    // By this link the person would be back at once.
    if (link !== null) {
      const revoked = await ask(deps, chatId, () => deps.api.revokeChatInviteLink(chat, link, signalOf(run)));
      if (!revoked.ok && revoked.refusal.kind !== "gone") return giveUp(deps, revoked.refusal, chatId, run);
    }

    const after = await readStanding(deps, chatId, userId, run);
    // Telegram took the ban and shows the person inside: not done, whatever the reason.
    if (after.isInside)
      throw new AppError("effect.unavailable", { details: { chatId, userId, problem: "stillInside" } });
    return { result: "removed" };
  };

/** The way back in stays open: somebody who pays tomorrow must be able to use a link. */
async function liftBan(deps: TelegramDeps, chatId: string, userId: number, run: Run): Promise<void> {
  const lifted = await ask(deps, chatId, () =>
    deps.api.unbanChatMember(Number(chatId), userId, { only_if_banned: true }, signalOf(run)),
  );
  if (!lifted.ok && lifted.refusal.kind !== "unknownUser") await giveUp(deps, lifted.refusal, chatId, run);
}
