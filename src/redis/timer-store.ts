import { ActorAddress } from "../../machines/address.ts";
import type { TimerSource } from "../queues/ports.ts";
import type { DueTimer } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf, partitions } from "./partitions.ts";

/** When a timer that this build cannot read is looked at again: perhaps by a newer one. Unit: milliseconds. */
const UNREADABLE_WAIT_MS = 60_000;

/** The due times of every partition. Written by commit-step.lua; read here. */
export function makeRedisTimerSource(
  client: RedisClient,
  keys: Keys,
  onError: (where: string, error: Error) => void,
): TimerSource {
  /** After a step back to an older build: left where they were, they would be due for ever; taken out, they would never fire. */
  const putOff = async (partition: number, members: readonly string[], dueAt: number): Promise<void> => {
    const scored = members.flatMap((member) => [dueAt, member]);
    await asUnreachable(() => client.zadd(keys.timers(partition), "XX", ...scored));
    onError("timers", new Error(`${members.length} timers of no known machine were put off, the first: ${members[0]}`));
  };

  return {
    partitions: partitions(),
    partitionOf: (address) => partitionOf(address),

    async due(partition, now, limit) {
      for (;;) {
        const flat = await asUnreachable(() =>
          client.zrange(keys.timers(partition), "-inf", String(now), "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"),
        );
        const timers: DueTimer[] = [];
        const unreadable: string[] = [];
        for (let at = 0; at + 1 < flat.length; at += 2) {
          const member = flat[at] ?? "";
          const bar = member.indexOf("|");
          const address = ActorAddress.safeParse(member.slice(0, Math.max(0, bar)));
          if (address.success)
            timers.push({ address: address.data, timerId: member.slice(bar + 1), dueAt: Number(flat[at + 1]) });
          else unreadable.push(member);
        }
        if (unreadable.length > 0) await putOff(partition, unreadable, now + UNREADABLE_WAIT_MS);
        // A page of nothing else would look like the end of what is due.
        if (timers.length > 0 || unreadable.length === 0) return timers;
      }
    },

    async next(partition) {
      const [, score] = await asUnreachable(() => client.zrange(keys.timers(partition), 0, "0", "WITHSCORES"));
      return score === undefined ? null : Number(score);
    },
  };
}
