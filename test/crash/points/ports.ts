// Everything of the durable core that stands in Redis, without BullMQ: whose jobs only wake somebody, and here die with the process.
import type { Redis } from "ioredis";
import { makeRedisActorStore } from "../../../src/redis/actor-store.ts";
import { makeRedisFailedEffects } from "../../../src/redis/failed-effects.ts";
import { makeRedisInbox } from "../../../src/redis/inbox.ts";
import { Keys } from "../../../src/redis/keys.ts";
import { makeRedisLedger } from "../../../src/redis/ledger.ts";
import { makeRedisOutbox } from "../../../src/redis/outbox-store.ts";
import { makeRedisQuarantine } from "../../../src/redis/quarantine.ts";
import { loadScripts } from "../../../src/redis/scripts.ts";
import { makeRedisTimerSource } from "../../../src/redis/timer-store.ts";

export type Ports = ReturnType<typeof portsOf>;

export function portsOf(client: Redis, prefix: string) {
  const keys = new Keys(prefix);
  const scripts = loadScripts(client);
  return {
    store: makeRedisActorStore(client, scripts, keys),
    inbox: makeRedisInbox(client, scripts, keys),
    outbox: makeRedisOutbox(client, keys),
    ledger: makeRedisLedger(client, scripts, keys),
    failed: makeRedisFailedEffects(client, scripts, keys),
    quarantine: makeRedisQuarantine(client, keys),
    timers: makeRedisTimerSource(client, keys, (_where, error) => {
      throw error;
    }),
  };
}
