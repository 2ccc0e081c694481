import type { InvocationExecutor } from "../executor.ts";
import { takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";
import { readStanding } from "./membership.ts";

/** Looks whether a person is in a chat. Twice is harmless: it only reads. */
export const makeCheckMembership =
  (deps: TelegramDeps): InvocationExecutor<"checkMembership"> =>
  async ({ chatId, userId }, run) => {
    await takeTurn(deps, "membership", chatId);
    const { membership } = await readStanding(deps, chatId, userId, run);
    return { membership };
  };
