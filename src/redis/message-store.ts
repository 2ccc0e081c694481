import { z } from "zod";
import type { MessageStore } from "../bot/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { parseJson } from "./screen-store.ts";

const Stored = z.object({ from: z.enum(["customer", "staff"]), text: z.string(), at: z.int() });

/** Longer texts are cut: Telegram's own limit is 4096, a staff answer may come from elsewhere. Unit: UTF-16 code units. */
const TEXT_MAX = 4_096;

/** Texts of tickets, by reference. The first text under a reference stays, so that a repeated update changes nothing. */
export function makeRedisMessageStore(client: RedisClient, keys: Pick<Keys, "ticketMessages">): MessageStore {
  return {
    async put(ticketId, messageRef, { from, text, at }) {
      const message = JSON.stringify({ from, text: text.slice(0, TEXT_MAX), at });
      await asUnreachable(() => client.hsetnx(keys.ticketMessages(ticketId), messageRef, message));
    },
    async read(ticketId, messageRef) {
      const json = await asUnreachable(() => client.hget(keys.ticketMessages(ticketId), messageRef));
      return json === null ? null : (Stored.safeParse(parseJson(json)).data ?? null);
    },
  };
}
