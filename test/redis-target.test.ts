import { describe, expect, it } from "vitest";
import { describeRedisTarget, parseRedisUrl, type RedisTarget } from "../src/redis-target.ts";

function target(url: string): RedisTarget {
  const result = parseRedisUrl(url);
  if (!result.ok) throw new Error(result.problem);
  return result.target;
}

describe("a Redis URL", () => {
  it.each<[string, RedisTarget]>([
    ["redis://localhost", { kind: "single", address: { host: "localhost", port: 6379 }, db: 0, tls: false }],
    ["redis://10.0.0.1:7000/2", { kind: "single", address: { host: "10.0.0.1", port: 7000 }, db: 2, tls: false }],
    ["redis://[::1]:7000", { kind: "single", address: { host: "::1", port: 7000 }, db: 0, tls: false }],
    ["redis://:pw@h", { kind: "single", address: { host: "h", port: 6379 }, db: 0, tls: false, password: "pw" }],
    [
      "rediss://app:p%40ss%2Fw%3Ard@h:6380/0",
      { kind: "single", address: { host: "h", port: 6380 }, db: 0, tls: true, username: "app", password: "p@ss/w:rd" },
    ],
    [
      "redis://u:p@ss@h",
      { kind: "single", address: { host: "h", port: 6379 }, db: 0, tls: false, username: "u", password: "p@ss" },
    ],
    [
      "redis-sentinel://app:pw@s1:26379,s2/main?db=1&sentinelPassword=x%26y&tls=true",
      {
        kind: "sentinel",
        addresses: [
          { host: "s1", port: 26379 },
          { host: "s2", port: 26379 },
        ],
        masterName: "main",
        db: 1,
        tls: true,
        username: "app",
        password: "pw",
        sentinelPassword: "x&y",
      },
    ],
    [
      "redis-cluster://c1:7001,c2:7002",
      {
        kind: "cluster",
        addresses: [
          { host: "c1", port: 7001 },
          { host: "c2", port: 7002 },
        ],
        tls: false,
      },
    ],
  ])("%s is understood", (url, expected) => {
    expect(target(url)).toEqual(expected);
  });

  it.each([
    "localhost:6379",
    "http://localhost",
    "redis://",
    "redis://h:0",
    "redis://h:70000",
    "redis://h1,h2",
    "redis://h/16",
    "redis://h/x",
    "redis://h?db=1",
    "redis://:%zz@h",
    "redis-sentinel://s1",
    "redis-sentinel://s1/a/b",
    "redis-sentinel://s1/main?foo=1",
    "redis-sentinel://s1/main?tls=yes",
    "redis-cluster://c1/1",
  ])("%s is refused", (url) => {
    expect(parseRedisUrl(url)).toEqual({ ok: false, problem: expect.stringMatching(/\w/) });
  });

  it("never appears in the reason of its refusal", () => {
    const result = parseRedisUrl("redis://app:hunter2-secret@h:99999/77");
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|app|99999/);
  });
});

describe("the description of a target", () => {
  it.each([
    ["redis://app:hunter2@h:7000", "h:7000"],
    ["rediss://:hunter2@h", "h:6379 (TLS)"],
    ["redis-sentinel://:hunter2@s1,s2:1/main?sentinelPassword=hunter2", 'master "main" of sentinels s1:26379, s2:1'],
    ["redis-cluster://:hunter2@c1,c2:1", "cluster c1:6379, c2:1"],
  ])("names the servers of %s and no password", (url, description) => {
    expect(describeRedisTarget(target(url))).toBe(description);
  });
});
