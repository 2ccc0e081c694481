// People with phones, so many deeds a second, as they come: most look, some buy and come in.
import { setTimeout as sleep } from "node:timers/promises";
import type { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import { linksOf } from "./subscriber.ts";

/** How often somebody looks at the bot before they are replaced by somebody new. */
const LOOKS = 40;
const PLAN_BUTTON = /^v1:plan:/;

/** What one person has done so far. */
interface Walk {
  readonly person: Person;
  step: "start" | "plans" | "plan" | "pay" | "join" | "look";
  looks: number;
}

export interface Load {
  readonly done: Readonly<Record<Walk["step"], number>>;
  /** Deeds that were refused, by what was said. */
  readonly refused: ReadonlyMap<string, number>;
  /** Deeds that are late by more than a second because this process had no time: then the rate was not held. */
  readonly behind: number;
  stop(): Promise<void>;
}

/** @param perSecond Deeds. Each is one update to the webhook at least; a payment is two, coming in as well. */
export function startLoad(telegram: TelegramEmulator, channelId: number, perSecond: number): Load {
  const done = { start: 0, plans: 0, plan: 0, pay: 0, join: 0, look: 0 };
  const refused = new Map<string, number>();
  const newcomer = (): Walk => ({
    person: telegram.people.add({ languageCode: "en", stars: 10_000 }),
    step: "start",
    looks: 0,
  });
  // Each does something every two seconds.
  const walks = Array.from({ length: Math.max(1, perSecond * 2) }, (_, index) => ({
    ...newcomer(),
    // Not all of them buy at the same moment.
    looks: -(index % LOOKS),
  }));
  const running = new Set<Promise<void>>();
  let isOver = false;
  let behind = 0;

  const act = async (index: number): Promise<void> => {
    const walk = walks[index] as Walk;
    done[walk.step] += 1;
    if (walk.step === "look" && walk.looks >= LOOKS) {
      walks[index] = newcomer();
      return;
    }
    await doStep(walk, channelId);
  };
  const loop = (async () => {
    const from = performance.now();
    for (let deed = 0; !isOver; deed += 1) {
      const waitMs = from + (deed * 1_000) / perSecond - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      if (waitMs < -1_000) behind += 1;
      const acting = act(deed % walks.length)
        .catch((error: Error) => void refused.set(error.message, (refused.get(error.message) ?? 0) + 1))
        .finally(() => running.delete(acting));
      running.add(acting);
    }
  })();
  return {
    done,
    refused,
    get behind() {
      return behind;
    },
    async stop() {
      isOver = true;
      await loop;
      await Promise.all(running);
    },
  };
}

/** One deed. Whoever does not see yet what they wait for looks again instead. */
async function doStep(walk: Walk, channelId: number): Promise<void> {
  const { person } = walk;
  switch (walk.step) {
    case "start":
      person.start();
      // Before the first purchase of those who are there from the beginning lie a few looks.
      walk.step = "plans";
      return;
    case "plans":
      person.send(walk.looks < 0 ? "/status" : "/start plans");
      if (walk.looks < 0) walk.looks += 1;
      else walk.step = "plan";
      return;
    case "plan": {
      const button = person
        .screen()
        ?.buttons.flat()
        .find((one) => one.kind === "callback" && PLAN_BUTTON.test(one.data));
      if (button?.kind !== "callback") return void person.send("/start plans");
      person.press(button.data);
      walk.step = "pay";
      return;
    }
    case "pay": {
      const invoice = linksOf(person, /\/\$/)[0];
      if (invoice === undefined) {
        walk.step = "plan";
        return void person.send("/start plans");
      }
      const outcome = await person.payInvoice(invoice);
      if (outcome.kind !== "paid") throw new Error(`a payment was ${outcome.kind}`);
      walk.step = "join";
      return;
    }
    case "join": {
      const link = linksOf(person, /\/\+/)[0];
      if (link === undefined) return void person.send("/status");
      person.openLink(link);
      walk.step = "look";
      return;
    }
    case "look":
      walk.looks += 1;
      person.send(walk.looks % 3 === 0 && !person.isIn(channelId) ? "/start plans" : "/status");
  }
}
