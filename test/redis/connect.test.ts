import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeRedisConnections, type RedisClient, type RedisConnectionOptions } from "../../src/redis/connect.ts";
import { parseRedisUrl, type RedisTarget } from "../../src/redis-target.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { describeError } from "../../src/telemetry/logger.ts";
import { freePort } from "../support/free-port.ts";
import { freshPrefix, startPrivateRedis, testTarget } from "../support/redis.ts";

function connections(target: RedisTarget, options?: RedisConnectionOptions) {
  const made = makeRedisConnections(target, options);
  onTestFinished(() => made.close());
  return made;
}

function urlTarget(url: string): RedisTarget {
  const result = parseRedisUrl(url);
  if (!result.ok) throw new Error(result.problem);
  return result.target;
}

/** Not `once()`: that rejects at the first error event, and these tests are about errors. */
const next = (client: RedisClient, event: string) => new Promise((resolve) => client.once(event, resolve));

describe("a client for commits", () => {
  it("is connected when it is handed out, and goes by its name in CLIENT LIST", async () => {
    const redis = connections(testTarget());
    const client = await redis.command("commits");
    const key = freshPrefix();
    await client.set(key, "1", "EX", 10);
    expect(await client.get(key)).toBe("1");
    expect(await client.client("GETNAME")).toBe("commits");
  });

  it("gives up on a server that hangs, and works again once it answers", async () => {
    const server = await startPrivateRedis();
    const client = await connections(server.target, { commandTimeoutMs: 100 }).command();
    server.pause();
    const askedAt = performance.now();
    await expect(client.get("k")).rejects.toThrow(/timed out/i);
    expect(performance.now() - askedAt).toBeLessThan(2_000);
    server.resume();
    await expect(client.ping()).resolves.toBe("PONG");
  });

  it("reports a command whose reply was lost, and never sends it twice", async () => {
    const server = await startPrivateRedis();
    const errors: string[] = [];
    const client = await connections(server.target, { onError: (name) => errors.push(name) }).command("commits");
    server.pause(); // the command reaches the server's socket and stays there
    const lost = expect(client.incr("counter")).rejects.toThrow(/retries per request|Connection is closed/);
    await server.kill();
    await lost;

    await expect(client.get("counter")).rejects.toThrow(/isn't writeable/); // fails at once: no queue while away
    const back = next(client, "ready");
    await server.start();
    await back;
    expect(await client.get("counter")).toBeNull();
    expect(new Set(errors)).toEqual(new Set(["commits"]));
  });

  it("that never connects is an error with the address and without the password", async () => {
    const target = urlTarget(`redis://app:hunter2@127.0.0.1:${await freePort()}`);
    const refused = await connections(target, { connectWithinMs: 150 })
      .command()
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(refused).toMatchObject({
      code: "redis.unreachable",
      details: { target: expect.stringContaining("127.0.0.1:") },
    });
    expect(JSON.stringify(describeError(refused))).not.toContain("hunter2");
    expect(describeError(refused).causes).toEqual(["Error ECONNREFUSED"]);
  });
});

describe("a client for BullMQ", () => {
  it("keeps its commands while Redis is away", async () => {
    const server = await startPrivateRedis();
    const client = connections(server.target).blocking();
    await client.set("k", "before");
    await server.kill();
    const waiting = client.get("k");
    await server.start();
    expect(await waiting).toBe("before");
  });
});

describe("close()", () => {
  it("ends every client handed out, connected or not, and may be called twice", async () => {
    const server = await startPrivateRedis();
    const redis = connections(server.target);
    const clients = [await redis.command(), redis.blocking(), redis.blocking()];
    await redis.close();
    await redis.close();
    expect(clients.map(({ status }) => status)).toEqual(["end", "end", "end"]);
  });
  it("ends clients that are looking for their server, for good", async () => {
    const server = await startPrivateRedis();
    const redis = connections(server.target);
    const client = redis.blocking();
    await next(client, "ready");
    const looking = next(client, "reconnecting");
    await server.kill();
    await looking;
    await redis.close();
    await server.start();
    expect(await server.client().client("LIST")).not.toContain("name=blocking");
  });
  it("does not wait for a server that hangs", async () => {
    const server = await startPrivateRedis();
    const redis = connections(server.target);
    const client = await redis.command();
    server.pause();
    await redis.close();
    expect(client.status).toBe("end");
  });
});

describe("a password", () => {
  it("from the URL is used, and a wrong one is an error that repeats neither", async () => {
    const port = await freePort();
    await startPrivateRedis({ args: ["--port", `${port}`, "--requirepass", "right-one"] });
    const client = await connections(urlTarget(`redis://:right-one@127.0.0.1:${port}/2`)).command();
    expect(await client.ping()).toBe("PONG");
    expect(await client.client("INFO")).toContain("db=2");

    const refused = await connections(urlTarget(`redis://:wrong-one@127.0.0.1:${port}`), { connectWithinMs: 150 })
      .command()
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "redis.unreachable" });
    expect(JSON.stringify(describeError(refused))).not.toMatch(/wrong-one|right-one/);
  });
});

describe("a cluster URL", () => {
  it("leads to a client that knows slots and redirections", async () => {
    const port = await freePort();
    const node = await startPrivateRedis({
      args: ["--port", `${port}`, "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"],
    });
    await node.client().cluster("ADDSLOTSRANGE", 0, 16_383);
    const redis = connections(urlTarget(`redis-cluster://127.0.0.1:${port}`));
    expect(redis.kind).toBe("cluster");
    const client = await redis.command();
    await client.set("{a}1", "x");
    expect(await client.mget("{a}1", "{a}2")).toEqual(["x", null]);
    await expect(client.mget("{a}1", "{b}1")).rejects.toThrow(/CROSSSLOT|same slot/);
    expect(await redis.blocking().get("{a}1")).toBe("x");
  });
});

describe("a sentinel URL", () => {
  it("leads to the master that the sentinels name", async () => {
    const [masterPort, sentinelPort] = [await freePort(), await freePort()];
    const master = await startPrivateRedis({ args: ["--port", `${masterPort}`] });
    await master.client().set("who", "master");
    await startSentinel(sentinelPort, masterPort);
    const client = await connections(urlTarget(`redis-sentinel://127.0.0.1:${sentinelPort}/main`)).command();
    expect(await client.get("who")).toBe("master");
  });
});

async function startSentinel(port: number, masterPort: number): Promise<void> {
  const { bin, env } = await findRedisServer();
  const dir = mkdtempSync(join(tmpdir(), "tgs-sentinel-"));
  const conf = join(dir, "sentinel.conf"); // a sentinel rewrites its file
  writeFileSync(conf, `port ${port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 ${masterPort} 1\n`);
  const child = spawn(bin, [conf, "--sentinel"], { env, cwd: dir, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  });
  await new Promise<void>((ready) => {
    child.stdout.on("data", (chunk: Buffer) => chunk.includes("+monitor master main") && ready());
  });
}
