import { once } from "node:events";
import { Cluster } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkRedisServer } from "../../src/redis/check-server.ts";
import { freePort } from "../support/free-port.ts";
import { startPrivateRedis } from "../support/redis.ts";

const settings = async (...args: string[]) => checkRedisServer((await startPrivateRedis({ args })).client());

describe("a server with our redis.conf", () => {
  it("gives no reason to complain", async () => {
    expect(await settings()).toEqual({ errors: [], warnings: [] });
  });
});

describe("a server that would lose data", () => {
  it.each([
    ["without an append-only file", ["--appendonly", "no"], /append-only file is off.*Set appendonly yes/],
    ["that leaves fsync to the system", ["--appendfsync", "no"], /appendfsync is no.*Set appendfsync always/],
    [
      "that evicts under pressure",
      ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"],
      /allkeys-lru.*Set maxmemory-policy noeviction/,
    ],
    ["that is a replica", ["--replicaof", "127.0.0.1", "1"], /replica.*primary/],
  ])("is refused with what to do: one %s", async (_what, args, expected) => {
    expect(await settings(...args)).toEqual({ errors: [expect.stringMatching(expected)], warnings: [] });
  });
  it("is refused for every reason at once", async () => {
    const { errors } = await settings(
      "--appendonly",
      "no",
      "--maxmemory",
      "100mb",
      "--maxmemory-policy",
      "volatile-ttl",
    );
    expect(errors).toHaveLength(2);
  });
});

describe("a server that may lose a second, or later more", () => {
  it.each([
    ["everysec", ["--appendfsync", "everysec"], /everysec.*last second/],
    ["an eviction policy without a limit", ["--maxmemory-policy", "allkeys-lru"], /harmless only while maxmemory is 0/],
  ])("is let through with a warning: %s", async (_what, args, expected) => {
    expect(await settings(...args)).toEqual({ errors: [], warnings: [expect.stringMatching(expected)] });
  });
});

describe("a managed server that keeps things to itself", () => {
  it("is warned about when it refuses CONFIG", async () => {
    const server = await startPrivateRedis();
    await server.client().call("ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-config");
    const { errors, warnings } = await checkRedisServer(server.client({ username: "app", password: "pw" }));
    expect(errors).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/CONFIG GET is refused/)]);
  });
  it("is refused when it refuses INFO", async () => {
    const server = await startPrivateRedis();
    await server.client().call("ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-info");
    const client = server.client({ username: "app", password: "pw", enableReadyCheck: false });
    expect((await checkRedisServer(client)).errors).toEqual([expect.stringMatching(/INFO is refused.*\+info/)]);
  });
});

describe("a server that does not answer", () => {
  it("is no finding but an error of the call", async () => {
    const server = await startPrivateRedis();
    const client = server.client({ commandTimeout: 100 });
    await client.ping();
    server.pause();
    await expect(checkRedisServer(client)).rejects.toThrow(/timed out/i);
    server.resume();
  });
});

describe("a cluster", () => {
  it("must be reached as one, and is then checked node by node", async () => {
    const port = await freePort();
    const node = await startPrivateRedis({
      args: [
        "--port",
        `${port}`,
        "--cluster-enabled",
        "yes",
        "--cluster-announce-ip",
        "127.0.0.1",
        "--appendfsync",
        "everysec",
      ],
    });
    await node.client().cluster("ADDSLOTSRANGE", 0, 16_383);
    expect((await checkRedisServer(node.client())).errors).toEqual([expect.stringMatching(/redis-cluster:\/\//)]);

    const cluster = new Cluster([{ host: "127.0.0.1", port }]);
    onTestFinished(() => cluster.disconnect());
    await expect(checkRedisServer(cluster)).rejects.toMatchObject({ code: "redis.unreachable" }); // not connected yet: no clean bill
    await once(cluster, "ready");
    expect(await checkRedisServer(cluster)).toEqual({
      errors: [],
      warnings: [expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:${port}: .*everysec`))],
    });
  });
});
