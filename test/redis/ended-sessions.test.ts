import { describe, expect, it } from "vitest";
import { makeRedisEndedSessions } from "../../src/redis/ended-sessions.ts";
import { Keys } from "../../src/redis/keys.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();

describe("a session that was ended", () => {
  it("is known to be, to every process, for as long as it would have lived", async () => {
    const keys = new Keys(freshPrefix());
    const [one, other] = [makeRedisEndedSessions(client, keys), makeRedisEndedSessions(client, keys)];
    expect(await other.isEnded("s1")).toBe(false);
    await one.end("s1", 60_000);
    expect([await other.isEnded("s1"), await other.isEnded("s2")]).toEqual([true, false]);
    const left = await client.pttl(keys.endedSession("s1"));
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });
});
