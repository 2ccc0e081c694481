// The state as the page shows it: pure, from what was read before.
import type { ChatItem, SandboxState } from "../../support/answers/sandbox.ts";
import type { TelegramEmulator } from "../telegram/emulator.ts";
import type { BubbleView, ButtonView } from "../telegram/people/screen.ts";
import { compareIds, type KnownActor, nextTimer, timersOf } from "./facts.ts";
import { isInvitation, isInvoiceLink } from "./on-screen.ts";
import { priceText } from "./price-text.ts";
import { questionOf, stepsOf } from "./story.ts";
import { toCome } from "./to-come.ts";
import type { Visit } from "./visit.ts";

const SHOWN_ENTRIES = 40;

export interface Shown {
  readonly visit: Visit;
  readonly known: readonly KnownActor[];
  readonly emulator: TelegramEmulator;
  readonly now: number;
  readonly isMoving: boolean;
  readonly isSettled: boolean;
  readonly doing: string | null;
  readonly breakages: SandboxState["breakages"];
  readonly trouble: SandboxState["trouble"];
  readonly play: SandboxState["play"];
}

export function showState({ visit, known, emulator, now, isMoving, isSettled, doing, ...rest }: Shown): SandboxState {
  const { person } = visit;
  const notice = person.notices().findLast(({ text }) => text !== "");
  const { id: userId, first_name: name, username } = person.user;
  return {
    visit: visit.number,
    visitor: {
      userId,
      name,
      username: username ?? null,
      language: visit.language,
      isBlocking: person.isBlocking,
      stars: person.stars,
    },
    bot: { name: emulator.bot.first_name, username: emulator.bot.username },
    clock: {
      now,
      status: isMoving ? "moving" : isSettled ? "settled" : "unsettled",
      wentOn: { ms: visit.wentOn.ms, waits: [...visit.wentOn.waits] },
      doing,
      next: nextTimer(known),
    },
    chat: chatOf(visit),
    commands: person.commandMenu().map(({ command, description }) => ({ command, description })),
    toast: notice ? { id: notice.queryId, text: notice.text, isAlert: notice.showAlert } : null,
    question: questionOf(known),
    channels: emulator.channels.all().map((channel) => ({
      chatId: String(channel.id),
      title: channel.title,
      isMember: person.isIn(channel.id),
      isWaiting: channel.pendingRequestIds().includes(person.id),
      members: channel.memberIds().length,
    })),
    actors: known.map(({ view, entries }) => ({
      address: view.address,
      machine: view.machine,
      id: view.id,
      seq: view.rev,
      status: view.status,
      states: [...view.states],
      entries: entries.slice(0, SHOWN_ENTRIES),
    })),
    toCome: toCome(known),
    happened: known
      .flatMap(({ view, entries }) =>
        // Of a gate the days on which it switched: the others are one line each, and there is one of them a day.
        view.machine === "dataset" ? entries.filter(({ to }) => to.length > 0) : entries,
      )
      .sort((a, b) => b.at - a.at || compareIds(b.entryId, a.entryId))
      .slice(0, SHOWN_ENTRIES),
    timers: [...timersOf(known)],
    steps: stepsOf(known),
    deeds: visit.deeds.length,
    ...rest,
  };
}

function chatOf(visit: Visit): ChatItem[] {
  const items = ownChatOf(visit);
  visit.strangerReads().forEach(({ at, text }, index) => {
    const later = items.findIndex((item) => item.at > at);
    items.splice(later < 0 ? items.length : later, 0, { kind: "overheard", id: `overheard-${index + 1}`, at, text });
  });
  return items;
}

function ownChatOf({ person, lines }: Visit): ChatItem[] {
  const items: ChatItem[] = [];
  const linesAfter = (messageId: number) => {
    for (const { afterMessageId, ...line } of lines) if (afterMessageId === messageId) items.push(line);
  };
  const bubbles = person.messages();
  linesAfter(0);
  for (const bubble of bubbles) {
    // Money is a line, not a bubble; an own message that the bot took away again leaves no place.
    const isShown =
      bubble.kind !== "payment" && bubble.kind !== "refund" && !(bubble.from === "bot" && bubble.isDeleted);
    if (isShown) items.push(bubbleOf(bubble));
    linesAfter(bubble.messageId);
  }
  return items;
}

const bubbleOf = (bubble: BubbleView): ChatItem => ({
  kind: "bubble",
  id: bubble.messageId,
  from: bubble.from,
  at: bubble.sentAtMs,
  text: bubble.text,
  entities: bubble.entities.map((entity) => ({ ...entity })),
  buttons: bubble.buttons.map((row) => row.map(buttonOf)),
  invoice: bubble.invoice && {
    title: bubble.invoice.title,
    description: bubble.invoice.description,
    price: priceText(bubble.invoice.currency, bubble.invoice.totalAmount),
  },
  isEdited: bubble.isEdited,
  isGone: bubble.isDeleted,
});

type ShownButton = Extract<ChatItem, { kind: "bubble" }>["buttons"][number][number];

function buttonOf(button: ButtonView): ShownButton {
  const { text, style } = button;
  const shown = { text, style, value: null, data: null };
  switch (button.kind) {
    case "callback":
      return { ...shown, leads: "bot", data: button.data };
    case "pay":
      return { ...shown, leads: "pay" };
    case "copy":
      return { ...shown, leads: "copy", value: button.copies };
    case "url":
      if (isInvoiceLink(button.url)) return { ...shown, leads: "pay" };
      if (isInvitation(button.url)) return { ...shown, leads: "join" };
      return { ...shown, leads: "link", value: button.url };
    case "other":
      return { ...shown, leads: "none" };
  }
}
