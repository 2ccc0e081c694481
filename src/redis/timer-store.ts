import { ActorAddress } from "../../machines/address.ts";
import type { TimerSource } from "../queues/ports.ts";
import type { DueTimer } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf, partitions } from "./partitions.ts";

/** The due times of every partition. Written by commit-step.lua; read here. */
export function makeRedisTimerSource(client: RedisClient, keys: Keys): TimerSource {
  return {
    partitions: partitions(),
    partitionOf: (address) => partitionOf(address),

    async due(partition, now, limit) {
      const flat = await asUnreachable(() =>
        client.zrange(keys.timers(partition), "-inf", String(now), "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"),
      );
      const timers: DueTimer[] = [];
      for (let at = 0; at + 1 < flat.length; at += 2) {
        const member = flat[at] ?? "";
        const bar = member.indexOf("|");
        timers.push({
          address: ActorAddress.parse(member.slice(0, bar)),
          timerId: member.slice(bar + 1),
          dueAt: Number(flat[at + 1]),
        });
      }
      return timers;
    },

    async next(partition) {
      const [, score] = await asUnreachable(() => client.zrange(keys.timers(partition), 0, "0", "WITHSCORES"));
      return score === undefined ? null : Number(score);
    },
  };
}
