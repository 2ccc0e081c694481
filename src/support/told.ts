// What customers would be told: the notices among a plan's effects, in the bot's own words.
import type { ActorAddress } from "../../machines/address.ts";
import type { Effect } from "../../machines/effects.ts";
import type { ActorPlan } from "../runtime/foresight-ports.ts";
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

type Foreseen = Pick<ActorPlan, "effects" | "foreseen" | "assumptions">;

export const makeTold =
  ({ wordNotice }: Words) =>
  async ({ effects, foreseen, assumptions }: Foreseen): Promise<Plan["told"]> => {
    const notices = effects.filter((effect) => effect.kind === "notifyCustomer").slice(0, MOST_TOLD);
    const worded = await Promise.all(
      notices.map(async (notice) => {
        const words = await wordNotice(notice, foreseen);
        if (words === null) return [];
        const assumes = assumptions.get(notice);
        const told = { notice: notice.notice, language: words.language, text: words.text };
        return [assumes === undefined ? told : { ...told, assumes }];
      }),
    );
    return worded.flat();
  };
