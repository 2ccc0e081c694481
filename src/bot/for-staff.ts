// What staff may see of a customer's chat: the screen of now, and what a notice would say. Everything here reads and sends nothing.
import type { InlineKeyboardButton } from "grammy/types";
import type { ActorAddress } from "../../machines/address.ts";
import type { Language } from "../../machines/customer/types.ts";
import type { Lookup } from "../../machines/definition.ts";
import type { ActorView } from "../runtime/ports.ts";
import type { ScreenNow } from "../support/answers/people.ts";
import type { Desk } from "./desk.ts";
import { type NotifyCustomer, tellCustomer } from "./notices.ts";
import { withoutMarkup } from "./plain-text.ts";
import type { BotDeps } from "./ports.ts";
import { homeScreen } from "./screens/status.ts";

/** Actors as they would be, by address, instead of as they are. */
export type Foreseen = ReadonlyMap<ActorAddress, ActorView>;

export interface Worded {
  readonly language: Language;
  /** Plain. */
  readonly text: string;
}

export interface ForStaff {
  /**
   * The screen of /status, exactly as the bot would draw it for this person now.
   * @throws what the actors throw
   */
  screenNow(userId: number): Promise<ScreenNow>;
  /**
   * What a notice would say.
   * @param foreseen What is not so yet: a notice about an end of access is no news while access is open.
   * @returns null for one that would not be sent: overtaken, muted, or the person is out of reach
   * @throws what the actors throw
   */
  wordNotice(notice: NotifyCustomer, foreseen?: Foreseen): Promise<Worded | null>;
}

export function makeForStaff(desk: Desk): ForStaff {
  const { deps } = desk;
  return {
    async screenNow(userId) {
      const { view, reader } = await desk.visit(userId);
      const { text, keyboard } = homeScreen(view, reader);
      return {
        language: reader.language,
        html: text,
        text: withoutMarkup(text),
        buttons: keyboard.map((row) => row.map(shown)),
      };
    },

    async wordNotice(notice, foreseen = new Map()) {
      const actors = {
        find: (lookup: Lookup) => deps.actors.find(lookup),
        read: async (address: ActorAddress) => foreseen.get(address) ?? (await deps.actors.read(address)),
      };
      const { view, reader } = await desk.visit(notice.userId, actors);
      if (!view.reachable) return null;
      const current = await deps.screens.read(notice.userId);
      const answer = notice.notice === "ticket.answered" ? await readAnswer(deps, notice) : null;
      const told = tellCustomer(notice, view, reader, current?.kind ?? null, answer);
      return told === null ? null : { language: reader.language, text: withoutMarkup(told.screen.text) };
    },
  };
}

/** The text of an answer that staff gave, which lies beside the actors; null: gone. */
export async function readAnswer(
  deps: Pick<BotDeps, "messages">,
  { params }: Pick<NotifyCustomer, "params">,
): Promise<string | null> {
  const { ticketId, messageRef } = params;
  if (typeof ticketId !== "string" || typeof messageRef !== "string") return null;
  return (await deps.messages.read(ticketId, messageRef))?.text ?? null;
}

/** Where a button leads is left out: an invite link is the customer's alone. */
const shown = (button: InlineKeyboardButton): ScreenNow["buttons"][number][number] => ({
  label: button.text,
  url: "url" in button,
  style: button.style ?? null,
});
