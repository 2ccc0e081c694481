import type { InvocationExecutor } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";
import { readStanding } from "./membership.ts";

/**
 * Lets an entitled person in. Twice is harmless: the second time there is no request, and then membership says whether the first one
 * let them in, whose answer may have been lost. Already done looks like USER_ALREADY_PARTICIPANT, or HIDE_REQUESTER_MISSING of
 * somebody who is inside.
 */
export const makeApproveJoinRequest =
  (deps: TelegramDeps): InvocationExecutor<"approveJoinRequest"> =>
  async ({ chatId, userId }, run) => {
    await takeTurn(deps, "admission", chatId);
    if (!(await deps.isEntitled(userId, chatId))) return { result: "notEntitled" };
    const answer = await ask(deps, chatId, () =>
      deps.api.approveChatJoinRequest(Number(chatId), userId, signalOf(run)),
    );
    if (answer.ok) return { result: "approved" };
    switch (answer.refusal.kind) {
      case "alreadyDone":
        return { result: "alreadyMember" };
      case "gone":
        return { result: (await readStanding(deps, chatId, userId, run)).isInside ? "alreadyMember" : "gone" };
      // A deleted account cannot come in, and nobody waits for it.
      case "blocked":
      case "unknownUser":
        return { result: "gone" };
      case "tooManyChats":
        return { result: "tooManyChats" };
      default:
        return giveUp(deps, answer.refusal, chatId, run);
    }
  };
