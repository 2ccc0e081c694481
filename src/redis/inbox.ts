import { z } from "zod";
import type { Inbox } from "../queues/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf, partitions } from "./partitions.ts";
import type { Scripts } from "./scripts.ts";

/** Telegram repeats an update for at most 24 h; twice that covers a clock that is wrong by a day. Unit: seconds. */
const REMEMBER_UPDATE_SECONDS = 48 * 3_600;

/** Updates that were received and not handled yet: one list per person, so that Telegram's order per person is kept. */
export function makeRedisInbox(client: RedisClient, scripts: Scripts, keys: Keys): Inbox {
  return {
    async receive(person, updateId, body, now) {
      const scriptKeys = [keys.update(person, updateId), keys.inbox(person), keys.inboxPending(partitionOf(person))];
      const reply = await asUnreachable(() =>
        scripts.receiveUpdate(scriptKeys, [body, person, now, REMEMBER_UPDATE_SECONDS]),
      );
      return z.union([z.literal(0), z.literal(1)]).parse(reply) === 1;
    },

    oldest: (person) => asUnreachable(() => client.lindex(keys.inbox(person), 0)),

    count: (person) => asUnreachable(() => client.llen(keys.inbox(person))),

    async finish(person, body) {
      const reply = await asUnreachable(() =>
        scripts.finishUpdate([keys.inbox(person), keys.inboxPending(partitionOf(person))], [body, person]),
      );
      return z.int().parse(reply);
    },

    async pending(limit) {
      const found = await asUnreachable(() =>
        Promise.all(
          partitions().map((partition) =>
            client.zrange(keys.inboxPending(partition), 0, String(limit - 1), "WITHSCORES"),
          ),
        ),
      );
      return found.flatMap((flat) => {
        const persons: { person: string; since: number }[] = [];
        for (let at = 0; at + 1 < flat.length; at += 2)
          persons.push({ person: flat[at] ?? "", since: Number(flat[at + 1]) });
        return persons;
      });
    },
  };
}
