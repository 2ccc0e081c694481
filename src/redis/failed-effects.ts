import { z } from "zod";
import type { EffectFailure, FailedEffectStore } from "../effects/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

const Failure = z.object({ kind: z.string(), code: z.string(), body: z.string(), at: z.int() });

/** Effects without a result that failed for good, kept until a person decides. */
export function makeRedisFailedEffects(
  client: RedisClient,
  scripts: Pick<Scripts, "forgetFailure">,
  keys: Keys,
): FailedEffectStore {
  return {
    async add(effectId, failure) {
      await asUnreachable(() => client.hset(keys.failedEffects(), effectId, write(failure)));
    },
    async list() {
      const all = await asUnreachable(() => client.hgetall(keys.failedEffects()));
      return Object.entries(all)
        .map(([effectId, json]) => {
          const { kind, code, at } = Failure.parse(JSON.parse(json));
          return { effectId, kind, code, at };
        })
        .sort((a, b) => a.at - b.at || (a.effectId < b.effectId ? -1 : 1));
    },
    count: () => asUnreachable(() => client.hlen(keys.failedEffects())),
    async read(effectId) {
      const json = await asUnreachable(() => client.hget(keys.failedEffects(), effectId));
      return json === null ? null : Failure.parse(JSON.parse(json));
    },
    async forget(effectId, failure) {
      await asUnreachable(() => scripts.forgetFailure([keys.failedEffects()], [effectId, write(failure)]));
    },
  };
}

/** One form for one failure: forgetting compares it. */
const write = ({ kind, code, body, at }: EffectFailure): string => JSON.stringify({ kind, code, body, at });
