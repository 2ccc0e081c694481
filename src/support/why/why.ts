// Why somebody is in a chat or not: the rule of access spelled out, and what it rests on.
import type { Why } from "../answers/people.ts";
import { personOf } from "../look.ts";
import { explainChat } from "./explain.ts";
import { type CaseDeps, readCases } from "./read-case.ts";
import { makeSay } from "./say.ts";
import type { WhyLanguage } from "./texts.ts";

export interface WhyDeps extends CaseDeps {
  /** IANA zone in which moments are written. */
  readonly timeZone: string;
}

/** Reads only. @param readerZone IANA zone of whoever reads; without one moments are the service's, and say so. @throws AppError redis.unreachable */
export const makeWhy =
  (deps: WhyDeps) =>
  async (userId: number, language: WhyLanguage, readerZone?: string): Promise<Why> => {
    const { customer, chats } = await readCases(deps, userId);
    const say = makeSay(language, readerZone ?? deps.timeZone, { namesZone: readerZone === undefined });
    const answers = chats.map((chat) => explainChat(chat, say));
    // What needs somebody comes first, then what is open.
    const rank = ({ problem, entitled }: (typeof answers)[number]) => (problem !== null ? 0 : entitled ? 1 : 2);
    return {
      customer: personOf(userId, customer),
      now: deps.now(),
      chats: answers.sort((a, b) => rank(a) - rank(b) || (a.chatId < b.chatId ? -1 : 1)),
    };
  };
