// What people send, as opposed to what Telegram notes in a chat: a pin, a timer, a changed background. Nobody waits for an answer to those.
import type { Message } from "grammy/types";

/** Kinds of content. A kind that is not listed stays unanswered, which harms less than answering a service message. */
const CONTENT = [
  "text",
  "photo",
  "document",
  "voice",
  "video",
  "video_note",
  "audio",
  "animation",
  "sticker",
  "contact",
  "location",
  "venue",
  "poll",
  "dice",
  "game",
  "story",
  "paid_media",
  "checklist",
] as const satisfies readonly (keyof Message)[];

export const isContent = (message: object): boolean => CONTENT.some((kind) => kind in message);
