import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AppError } from "../../src/errors.ts";
import { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "../../src/redis/embedded.ts";
import { findLeash, type Leash, makeUtilLinuxLeash, shellLeash } from "../../src/redis/leash.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { startPrivateRedis } from "../support/redis.ts";

const CONF_FILE = join(import.meta.dirname, "../../redis.conf");
const isUtilLinuxHere = findLeash((await findRedisServer()).env).locksDirectory;

/** Ways of tying the server to its parent that this machine has. */
const LEASHES: readonly (readonly [string, Leash])[] = [
  ["a shell", shellLeash],
  ...(isUtilLinuxHere ? [["util-linux", makeUtilLinuxLeash({ lockWaitS: 1 })] as const] : []),
];

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "tgs-embedded-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function start(options: Partial<EmbeddedRedisOptions> & { dataDir: string }): Promise<EmbeddedRedis> {
  const { bin, env } = await findRedisServer();
  const server = await startEmbeddedRedis({ bin, env, confFile: CONF_FILE, ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function ask<T>(path: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ path });
  try {
    return await question(client);
  } finally {
    await client.quit();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, withinMs = 5_000): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs} ms`);
    await sleep(10);
  }
}

describe("redis.conf", () => {
  it("keeps every acknowledged write, evicts nothing, and wakes blocked clients in time", async () => {
    const redis = await startPrivateRedis();
    const settings = await redis.client().config("GET", "*");
    const {
      appendonly,
      appendfsync,
      save,
      hz,
      port,
      "maxmemory-policy": policy,
      "protected-mode": isProtected,
      bind,
    } = toRecord(settings);
    expect({ appendonly, appendfsync, save, policy, isProtected, bind, port }).toEqual({
      appendonly: "yes",
      appendfsync: "always",
      save: "",
      policy: "noeviction",
      isProtected: "yes",
      bind: "127.0.0.1 -::1",
      port: "0", // embedded: no port at all
    });
    expect(Number(hz)).toBeGreaterThanOrEqual(100);
  });
  it("stores an actor with a snapshot of 4 kB as one compact block", async () => {
    const client = (await startPrivateRedis()).client();
    await client.hset("actor", { rev: 1, snapshot: "x".repeat(4_000), a: "", b: "", c: "", d: "" });
    expect(await client.object("ENCODING", "actor")).toBe("listpack");
  });
  it("sets no directory: the command line could not override it", async () => {
    const dir = freshDir();
    const server = await start({ dataDir: dir });
    expect(toRecord((await ask(server.path, (client) => client.config("GET", "dir"))) as string[]).dir).toBe(dir);
  });
});

const toRecord = (flat: unknown): Record<string, string> => {
  const list = flat as string[];
  return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] ?? ""]] : [])));
};

describe.each(LEASHES)("an embedded server held by %s", (name, leash) => {
  it("answers on its socket and has everything on disk after stop()", async () => {
    const dataDir = freshDir();
    const first = await start({ dataDir, leash });
    await ask(first.path, (client) => client.set("paid", "yes"));
    await first.stop();
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);
    expect(existsSync(first.path)).toBe(false);

    const second = await start({ dataDir, leash });
    expect(await ask(second.path, (client) => client.get("paid"))).toBe("yes");
  });

  it("refuses to share a data directory, and the first goes on", async () => {
    const dataDir = freshDir();
    const first = await start({ dataDir, leash });
    await expect(start({ dataDir, leash })).rejects.toMatchObject({
      code: "redis.embedded",
      details: { dataDir, reason: expect.stringContaining("another server works in this directory") },
    });
    expect(await ask(first.path, (client) => client.ping())).toBe("PONG");
  });

  it("takes no harm from the socket that a killed server left", async () => {
    const dataDir = freshDir();
    let report: AppError | undefined;
    const first = await start({ dataDir, leash, onExit: (error) => (report = error) });
    process.kill(first.pid, "SIGKILL");
    await until(() => report !== undefined);
    expect(report).toMatchObject({ code: "redis.embedded", details: { reason: "it has stopped" } });
    expect(existsSync(first.path)).toBe(true);

    const second = await start({ dataDir, leash });
    expect(await ask(second.path, (client) => client.ping())).toBe("PONG");
  });

  it("does not report an end that was asked for", async () => {
    let reports = 0;
    const server = await start({ dataDir: freshDir(), leash, onExit: () => (reports += 1) });
    await server.stop();
    expect(reports).toBe(0);
  });

  it("leaves no orphan when its parent is killed, and the next parent takes over", async () => {
    const dataDir = freshDir();
    const owner = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        join(import.meta.dirname, "../support/embedded-owner.ts"),
        dataDir,
        name === "a shell" ? "shell" : "util-linux",
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const [chunk] = (await once(owner.stdout, "data")) as [Buffer];
    const pid = Number(/^ready (\d+)/.exec(chunk.toString())?.[1]);
    expect(isRunning(pid)).toBe(true);

    owner.kill("SIGKILL");
    await once(owner, "close");
    await until(() => !isRunning(pid));
    const next = await start({ dataDir, leash });
    expect(await ask(next.path, (client) => client.ping())).toBe("PONG");
  });

  it("says what the server said when it cannot start", async () => {
    await expect(start({ dataDir: freshDir(), leash, args: ["--maxmemory", "plenty"] })).rejects.toMatchObject({
      code: "redis.embedded",
      details: {
        reason: "it ended while starting",
        lines: expect.arrayContaining([expect.stringContaining("memory value")]),
      },
    });
  });
});

describe("an embedded server", () => {
  it("keeps what it acknowledged when it is killed", async () => {
    const redis = await startPrivateRedis();
    const client = redis.client();
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.set(`k${i}`, i)));
    await redis.kill();
    await redis.start();
    expect(await client.dbsize()).toBe(50);
  });
  it("listens under /tmp when the data directory's path is too long for a socket", async () => {
    const dataDir = join(freshDir(), "d".repeat(100));
    const server = await start({ dataDir });
    expect(Buffer.byteLength(server.path)).toBeLessThan(104);
    expect(await ask(server.path, (client) => client.ping())).toBe("PONG");
  });
  it("names the reason when the binary is missing", async () => {
    await expect(
      start({ dataDir: freshDir(), bin: "/nonexistent/redis-server", leash: shellLeash }),
    ).rejects.toMatchObject({
      code: "redis.embedded",
    });
  });
  it("names the reason when the data directory is a file", async () => {
    const dir = freshDir();
    writeFileSync(join(dir, "file"), "");
    await expect(start({ dataDir: join(dir, "file") })).rejects.toMatchObject({
      details: { reason: expect.stringContaining("cannot be created") },
    });
  });
  it("passes on the warnings of the server's log, and its chatter as such", async () => {
    const lines: [string, string][] = [];
    const dataDir = freshDir();
    mkdirSync(dataDir, { recursive: true });
    const server = await start({ dataDir, log: (level, line) => lines.push([level, line]) });
    expect(lines.filter(([level]) => level === "warn").map(([, line]) => line)).toEqual(
      lines.map(([, line]) => line).filter((line) => line.startsWith("WARNING")),
    );
    expect(lines).toContainEqual(["debug", expect.stringContaining("ready to accept connections")]);
    await server.stop();
  });
});
