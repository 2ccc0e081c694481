import { Card, type CardStore } from "../bot/staff/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { parseJson } from "./screen-store.ts";

const DAY_MS = 86_400_000;
/** What was not confirmed by then was not meant. Unit: milliseconds. */
const KEEP_MS = { draft: DAY_MS, order: DAY_MS, approval: 2 * DAY_MS, ticket: 30 * DAY_MS, list: 30 * DAY_MS } as const;

/** What the bot's messages in the staff chat stand for. One that cannot be read any more stands for nothing. */
export function makeRedisCardStore(client: RedisClient, keys: Pick<Keys, "card">, chatId: string): CardStore {
  return {
    async put(messageId, card) {
      await asUnreachable(() =>
        client.set(keys.card(chatId, messageId), JSON.stringify(card), "PX", KEEP_MS[card.kind]),
      );
    },
    async read(messageId) {
      const json = await asUnreachable(() => client.get(keys.card(chatId, messageId)));
      return json === null ? null : (Card.safeParse(parseJson(json)).data ?? null);
    },
    async drop(messageId) {
      await asUnreachable(() => client.del(keys.card(chatId, messageId)));
    },
  };
}
