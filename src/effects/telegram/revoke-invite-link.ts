import type { EffectExecutor } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/** Ends a link of ours. Twice is harmless: INVITE_HASH_EXPIRED of a link that was ended or ran out counts as done. */
export const makeRevokeInviteLink =
  (deps: TelegramDeps): EffectExecutor<"revokeInviteLink"> =>
  async ({ chatId, link }, run) => {
    await takeTurn(deps, "membership", chatId);
    const revoked = await ask(deps, chatId, () => deps.api.revokeChatInviteLink(Number(chatId), link, signalOf(run)));
    if (revoked.ok || revoked.refusal.kind === "gone" || revoked.refusal.kind === "alreadyDone") return;
    await giveUp(deps, revoked.refusal, chatId, run);
  };
