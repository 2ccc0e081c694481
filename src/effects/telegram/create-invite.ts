import type { InvocationExecutor } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";
import { readStanding } from "./membership.ts";

/** A link that is about to expire helps nobody. Unit: milliseconds. */
const SHORTEST_TTL_MS = 60_000;

/** Comes back with every knock and join by the link: it says whom the link was made for. */
const linkNameOf = (userId: number): string => `u${userId}`;

/**
 * Makes a way in: whoever is inside needs none, whoever waits at the door is let in, everybody else gets a link of their own. Twice is
 * harmless: a link whose answer was lost is an orphan that nobody knows and that expires by itself, because every link has an end; a
 * lost approval shows as membership. Already done looks like being inside.
 */
export const makeCreateInvite =
  (deps: TelegramDeps): InvocationExecutor<"createInvite"> =>
  async ({ chatId, userId, access, expiresAt }, run) => {
    const chat = Number(chatId);
    await takeTurn(deps, "admission", chatId);

    const standing = await readStanding(deps, chatId, userId, run);
    if (standing.isInside) return { result: "alreadyMember", untouchable: standing.isUntouchable };
    // What the invite has heard may be old, and a one-use link asks nobody again.
    if (!(await deps.isEntitled(userId, chatId))) return { result: "notEntitled" };
    if (standing.ban === "foreign") return { result: "bannedByOther" };
    if (standing.ban === "ours") {
      const unbanned = await ask(deps, chatId, () =>
        deps.api.unbanChatMember(chat, userId, { only_if_banned: true }, signalOf(run)),
      );
      if (!unbanned.ok && unbanned.refusal.kind !== "unknownUser") return giveUp(deps, unbanned.refusal, chatId, run);
    }

    // A person who knocks sees nothing to press: a new link would not help, an answer does.
    const approved = await ask(deps, chatId, () => deps.api.approveChatJoinRequest(chat, userId, signalOf(run)));
    if (approved.ok || approved.refusal.kind === "alreadyDone") return { result: "alreadyMember", untouchable: false };
    if (approved.refusal.kind === "noRights" || approved.refusal.kind === "noAccess") {
      return giveUp(deps, approved.refusal, chatId, run);
    }
    // Most often there is no request; whatever else it was, the link remains.

    const endsAt = Math.ceil(Math.max(expiresAt, deps.clock.now() + SHORTEST_TTL_MS) / 1_000);
    const created = await ask(deps, chatId, () =>
      deps.api.createChatInviteLink(
        chat,
        {
          name: linkNameOf(userId),
          expire_date: endsAt,
          ...(access === "joinRequest" ? { creates_join_request: true } : { member_limit: 1 }),
        },
        signalOf(run),
      ),
    );
    if (!created.ok) return giveUp(deps, created.refusal, chatId, run);
    return { result: "link", url: created.value.invite_link, expiresAt: endsAt * 1_000 };
  };
