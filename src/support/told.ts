// What customers would be told: the notices among a plan's effects, in the bot's own words.
import type { ActorAddress } from "../../machines/address.ts";
import type { Effect } from "../../machines/effects.ts";
import type { ActorView } from "../runtime/ports.ts";
import type { Plan } from "./answers/actors.ts";

type Notice = Extract<Effect, { kind: "notifyCustomer" }>;

/** More than one event ever causes for one person; a broadcast reaches many, who are told the same. */
const MOST_TOLD = 10;

export interface Words {
  /** @returns null for a notice that would not be sent */
  wordNotice(
    notice: Notice,
    foreseen: ReadonlyMap<ActorAddress, ActorView>,
  ): Promise<{ readonly language: "ru" | "en"; readonly text: string } | null>;
}

export const makeTold =
  ({ wordNotice }: Words) =>
  async (effects: readonly Effect[], foreseen: ReadonlyMap<ActorAddress, ActorView>): Promise<Plan["told"]> => {
    const notices = effects.filter((effect) => effect.kind === "notifyCustomer").slice(0, MOST_TOLD);
    const worded = await Promise.all(
      notices.map(async (notice) => {
        const words = await wordNotice(notice, foreseen);
        return words === null ? [] : [{ notice: notice.notice, language: words.language, text: words.text }];
      }),
    );
    return worded.flat();
  };
