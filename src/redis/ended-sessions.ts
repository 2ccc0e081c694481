import type { EndedSessions } from "../http/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";

/** A mark for each, which goes when the session would have ended anyway. */
export const makeRedisEndedSessions = (client: RedisClient, keys: Pick<Keys, "endedSession">): EndedSessions => ({
  async end(sessionId, forMs) {
    await asUnreachable(() => client.set(keys.endedSession(sessionId), "1", "PX", Math.max(1, Math.ceil(forMs))));
  },
  isEnded: (sessionId) => asUnreachable(async () => (await client.exists(keys.endedSession(sessionId))) > 0),
});
