// A real Redis for tests: `testRedis()` on the shared server with `freshPrefix()`, or a server of one's own to kill, pause and restart.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommonRedisOptions, Redis } from "ioredis";
import { inject, onTestFinished } from "vitest";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../src/redis/embedded.ts";
import type { RedisTarget } from "../../src/redis-target.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { atEndOfFile } from "./end-of-file.ts";

type ClientOptions = Omit<CommonRedisOptions, "replyMapping">;

const CONF_FILE = join(import.meta.dirname, "../../redis.conf");

/** The server that all test files share. Its path is in `inject("redisSocket")` as well. */
export const testTarget = (): RedisTarget => ({ kind: "socket", path: inject("redisSocket") });

const openClients = new Set<Redis>();
let fileClient: Redis | null = null;
let prefixCount = 0;

async function closeClients(): Promise<void> {
  const clients = [...openClients];
  openClients.clear();
  fileClient = null;
  await Promise.all(
    clients.filter((client) => client.status !== "end").map((client) => client.quit().catch(() => client.disconnect())),
  );
}

/** A client of the shared server, closed after the test file. */
export function testRedis(options: ClientOptions = {}): Redis {
  const client = new Redis({ path: inject("redisSocket"), maxRetriesPerRequest: null, ...options });
  if (openClients.size === 0) atEndOfFile(closeClients);
  openClients.add(client);
  return client;
}

/** One client for everything in a test file: for helpers, which are loaded once for many files. */
export function fileRedis(): Redis {
  fileClient ??= testRedis();
  return fileClient;
}

/** A key prefix nobody else uses, in no other test, file or worker: `t1234-7`. Holds no `:` and no braces. */
export function freshPrefix(): string {
  prefixCount += 1;
  return `t${process.pid}-${prefixCount}`;
}

export interface PrivateRedis {
  readonly target: RedisTarget & { readonly kind: "socket" };
  readonly dataDir: string;
  /** A client of this server, closed at the end of the test. */
  client(options?: ClientOptions): Redis;
  /** SIGKILL: what a crash or a power cut of the server looks like. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay, nothing answers. */
  pause(): void;
  resume(): void;
  /** Orderly. */
  stop(): Promise<void>;
  /** Starts it again on the same data and the same socket. */
  start(): Promise<void>;
}

/** A server for one test, gone when the test (or what `atEnd` is of) ends. `args` win over redis.conf; appendfsync stays `always`. */
export async function startPrivateRedis({
  args = [],
  atEnd = onTestFinished,
}: {
  readonly args?: readonly string[];
  /** Of what the server belongs to, if that is more than one test. */
  readonly atEnd?: (end: () => Promise<void>) => void;
} = {}): Promise<PrivateRedis> {
  const { bin, env } = await findRedisServer();
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-private-"));
  const clients = new Set<Redis>();
  let ended: () => void = () => {};
  let exit = Promise.resolve();
  let server: EmbeddedRedis | undefined;

  const start = async () => {
    exit = new Promise((resolve) => {
      ended = resolve;
    });
    server = await startEmbeddedRedis({ bin, env, dataDir, args, confFile: CONF_FILE, onExit: () => ended() });
  };
  const signal = (name: NodeJS.Signals) => {
    if (server) process.kill(server.pid, name);
  };
  const stop = async () => {
    const running = server;
    server = undefined;
    if (!running) return;
    process.kill(running.pid, "SIGCONT"); // a paused server could not stop
    await running.stop();
  };

  await start();
  const path = server?.path as unknown as string;
  atEnd(async () => {
    for (const client of clients) client.disconnect();
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  return {
    target: { kind: "socket", path },
    dataDir,
    client(options = {}) {
      const client = new Redis({ path, maxRetriesPerRequest: null, ...options });
      client.on("error", () => {}); // these tests take the server away on purpose
      clients.add(client);
      return client;
    },
    async kill() {
      signal("SIGKILL");
      await exit;
      server = undefined;
    },
    pause: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    stop,
    start,
  };
}
