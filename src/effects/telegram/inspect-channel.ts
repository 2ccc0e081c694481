import type { ChatMember } from "grammy/types";
import type { ChannelRights } from "../../../machines/channel/types.ts";
import type { InvocationExecutor } from "../executor.ts";
import { ask, giveUp, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

const ABSENT: ChannelRights = { present: false, canInvite: false, canRestrict: false, title: null, members: null };

/** Looks what the bot may do in a channel. Twice is harmless: it only reads. Being shut out is an answer, not a failure. */
export const makeInspectChannel =
  (deps: TelegramDeps): InvocationExecutor<"inspectChannel"> =>
  async ({ chatId }, run) => {
    const { api, botId } = deps;
    const chat = Number(chatId);
    await takeTurn(deps, "membership", chatId);

    const self = await ask(deps, chatId, () => api.getChatMember(chat, botId, signalOf(run)));
    if (!self.ok) {
      if (self.refusal.kind === "noAccess") return { rights: ABSENT };
      // Inside, but not even allowed to look.
      if (self.refusal.kind === "noRights") return { rights: { ...ABSENT, present: true } };
      return giveUp(deps, self.refusal, chatId, run);
    }
    if (self.value.status === "left" || self.value.status === "kicked") return { rights: ABSENT };

    const [info, count] = await Promise.all([
      ask(deps, chatId, () => api.getChat(chat, signalOf(run))),
      ask(deps, chatId, () => api.getChatMemberCount(chat, signalOf(run))),
    ]);
    return {
      rights: {
        ...rightsOf(self.value),
        title: info.ok ? (info.value.title ?? null) : null,
        members: count.ok ? count.value : null,
      },
    };
  };

/** What Telegram says of the bot in a chat; title and size come from elsewhere. */
function rightsOf(self: ChatMember): ChannelRights {
  if (self.status === "left" || self.status === "kicked") return ABSENT;
  const isAdministrator = self.status === "administrator";
  return {
    present: true,
    canInvite: isAdministrator && self.can_invite_users,
    canRestrict: isAdministrator && self.can_restrict_members,
    title: null,
    members: null,
  };
}
