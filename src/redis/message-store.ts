import { z } from "zod";
import type { TicketMessage, TicketTexts } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { parseJson } from "./screen-store.ts";

const Stored = z.object({ from: z.enum(["customer", "staff"]), text: z.string(), at: z.int() });
/** How many texts there were when it was written. Those of before have none. */
const Place = z.object({ place: z.int().catch(0) });

/** Longer texts are cut: Telegram's own limit is 4096, a staff answer may come from elsewhere. Unit: UTF-16 code units. */
const TEXT_MAX = 4_096;

/** Texts of tickets, by reference. The first text under a reference stays, so that a repeated update changes nothing. */
export function makeRedisMessageStore(client: RedisClient, keys: Pick<Keys, "ticketMessages">): TicketTexts {
  return {
    async put(ticketId, messageRef, { from, text, at }) {
      const key = keys.ticketMessages(ticketId);
      const place = await asUnreachable(() => client.hlen(key));
      const message = JSON.stringify({ from, text: text.slice(0, TEXT_MAX), at, place });
      await asUnreachable(() => client.hsetnx(key, messageRef, message));
    },
    async read(ticketId, messageRef) {
      const json = await asUnreachable(() => client.hget(keys.ticketMessages(ticketId), messageRef));
      return json === null ? null : readText(json);
    },
    async list(ticketId) {
      const all = await asUnreachable(() => client.hgetall(keys.ticketMessages(ticketId)));
      return (
        Object.entries(all)
          .flatMap(([messageRef, json]) => {
            const message = readText(json);
            return message === null ? [] : [{ messageRef, message, place: placeIn(json) }];
          })
          // A clock that stands gives a whole talk one time: then by place. Two at once: the question before the answer, and questions by
          // reference, which is made of update ids, which grow.
          .sort(
            (a, b) =>
              a.message.at - b.message.at ||
              a.place - b.place ||
              a.message.from.localeCompare(b.message.from, "en") ||
              a.messageRef.localeCompare(b.messageRef, "en", { numeric: true }),
          )
          .map(({ message }) => message)
      );
    },
  };
}

/** When a stored text was written, epoch ms; null for what is none. */
export const writtenAt = (json: string): number | null => readText(json)?.at ?? null;

const placeIn = (json: string): number => Place.safeParse(parseJson(json)).data?.place ?? 0;
const readText = (json: string): TicketMessage | null => Stored.safeParse(parseJson(json)).data ?? null;
