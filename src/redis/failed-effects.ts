import { z } from "zod";
import type { FailedEffects } from "../effects/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

const Failure = z.object({ kind: z.string(), code: z.string(), body: z.string(), at: z.int() });

/** Effects without a result that failed for good, kept until a person decides. */
export function makeRedisFailedEffects(client: RedisClient, keys: Keys): FailedEffects {
  return {
    async add(effectId, failure) {
      await asUnreachable(() => client.hset(keys.failedEffects(), effectId, JSON.stringify(failure)));
    },
    async list() {
      const all = await asUnreachable(() => client.hgetall(keys.failedEffects()));
      return Object.entries(all).map(([effectId, json]) => {
        const { kind, code, at } = Failure.parse(JSON.parse(json));
        return { effectId, kind, code, at };
      });
    },
  };
}
