// What every feature works with: the person's view, the reader it is drawn for, and the chat it is shown in.
import type { Language } from "../../machines/customer/types.ts";
import type { Chat } from "./chat.ts";
import { type Offers, readOffers } from "./offers.ts";
import type { BotDeps } from "./ports.ts";
import type { Screen } from "./screens/screen.ts";
import { homeScreen } from "./screens/status.ts";
import { type Reading, readSubscriberView, type SubscriberView } from "./view.ts";
import type { Reader } from "./wording.ts";

/** A person as they are now, and how to speak to them. */
export interface Visit {
  readonly view: SubscriberView;
  readonly reader: Reader;
  readonly offers: Offers;
}

export interface Desk {
  readonly deps: BotDeps;
  readonly chat: Chat;
  /** @param actors Others than those that are stored: as they would be. @throws what the actors throw */
  visit(userId: number, actors?: Reading): Promise<Visit>;
  /** What is true for the person now. */
  draw(userId: number, screen: (visit: Visit) => Screen): Promise<Screen>;
  readerIn(language: Language): Reader;
  home(userId: number): Promise<Screen>;
}

export function makeDesk(deps: BotDeps, chat: Chat): Desk {
  const readerIn = (language: Language): Reader => ({ language, nowMs: deps.clock.now(), timeZone: deps.timeZone });
  const visit: Desk["visit"] = async (userId, actors = deps.actors) => {
    const nowMs = deps.clock.now();
    const offers = readOffers(deps.catalog.current(), deps.timeZone, nowMs);
    const view = await readSubscriberView(actors, offers, userId, nowMs);
    return { view, offers, reader: { language: view.customer?.language ?? "ru", nowMs, timeZone: deps.timeZone } };
  };
  const draw: Desk["draw"] = async (userId, screen) => screen(await visit(userId));
  return {
    deps,
    chat,
    visit,
    draw,
    readerIn,
    home: (userId) => draw(userId, ({ view, reader }) => homeScreen(view, reader)),
  };
}
