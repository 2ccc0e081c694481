import { z } from "zod";
import type { SweepProgress } from "../sweeps/membership.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

const Progress = z.object({ cursor: z.string().nullable(), roundStartedAt: z.int() });

/** Where sweeps go on, shared by all processes. */
export function makeRedisSweepProgress(client: RedisClient, keys: Keys): SweepProgress {
  return {
    async read(sweep) {
      const json = await asUnreachable(() => client.hget(keys.sweeps(), sweep));
      return json === null ? null : Progress.parse(JSON.parse(json));
    },
    async write(sweep, progress) {
      await asUnreachable(() => client.hset(keys.sweeps(), sweep, JSON.stringify(progress)));
    },
  };
}
