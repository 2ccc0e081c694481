// What a person reads in the chat, reduced to what a test compares.

import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import type { BubbleView } from "../../../src/sandbox/telegram/people/screen.ts";

/** Text of the newest message of the bot. */
export const reads = (person: Person): string => person.screen()?.text ?? "";

export const labels = (person: Person): string[] =>
  (person.screen()?.buttons ?? []).flat().map((button) => button.text);

/** Messages that still have buttons: one at most, or none. */
export const withButtons = (person: Person): BubbleView[] =>
  person.messages().filter((bubble) => bubble.from === "bot" && !bubble.isDeleted && bubble.buttons.length > 0);

export const fromBot = (person: Person): BubbleView[] =>
  person.messages().filter((bubble) => bubble.from === "bot" && !bubble.isDeleted && bubble.kind !== "payment");
