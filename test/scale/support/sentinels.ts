// A primary, a replica and three sentinels on loopback, as operators run them, except that a server is given up after one second.
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { findRedisServer } from "../../../src/setup/redis-server.mjs";
import { until } from "../../faults/support/until.ts";
import { freePort } from "../../support/free-port.ts";

const NAME = "tgs";
const SENTINELS = 3;
const CONF_FILE = join(import.meta.dirname, "../../../redis.conf");

export interface SentinelSet {
  readonly url: string;
  /** Finds the primary by the sentinels. */
  readonly client: Redis;
  /** Until the replica has everything that was written so far. @throws Error when it does not come to that */
  replicated(): Promise<void>;
  /** SIGKILL of whichever is the primary at first. */
  killPrimary(): Promise<void>;
  /** Port of the primary, as a sentinel says. */
  primaryPort(): Promise<number>;
}

export async function startSentinels(atEnd: (end: () => Promise<void>) => void): Promise<SentinelSet> {
  const { bin, env } = await findRedisServer();
  const directory = mkdtempSync(join(tmpdir(), "tgs-sentinel-"));
  const children: ChildProcess[] = [];
  atEnd(async () => {
    await Promise.all(children.map(kill));
    rmSync(directory, { recursive: true, force: true });
  });
  const launch = (name: string, args: (dir: string) => readonly string[]): ChildProcess => {
    const dir = join(directory, name);
    mkdirSync(dir);
    const child = spawn(bin, [...args(dir)], { env: { ...env }, stdio: "ignore" });
    children.push(child);
    return child;
  };
  const server = (name: string, port: number, more: readonly string[] = []) =>
    launch(name, (dir) => {
      // A sentinel makes the server write its role into its file: it gets one of its own.
      const conf = join(dir, "redis.conf");
      copyFileSync(CONF_FILE, conf);
      return [
        conf,
        ...["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--repl-diskless-sync-delay", "0", ...more],
      ];
    });

  const [first, second] = [await freePort(), await freePort()];
  const primary = server("primary", first);
  server("replica", second, ["--replicaof", "127.0.0.1", String(first)]);
  const clients: Redis[] = [];
  const plainClient = (port: number): Redis => {
    const client = new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on("error", () => {}); // not listening yet, or killed
    clients.push(client);
    return client;
  };
  atEnd(async () => {
    for (const client of clients) client.disconnect();
  });
  const replica = plainClient(second);
  const isLinked = async () =>
    String(await replica.info("replication")).includes("master_link_status:up") ? true : null;
  await until("the replica follows", isLinked);

  const ports: number[] = [];
  for (let number = 0; number < SENTINELS; number += 1) {
    const port = await freePort();
    ports.push(port);
    launch(`sentinel-${number}`, (dir) => {
      const file = join(dir, "sentinel.conf");
      writeFileSync(
        file,
        [
          `port ${port}`,
          "bind 127.0.0.1",
          `dir ${dir}`,
          `sentinel monitor ${NAME} 127.0.0.1 ${first} ${Math.floor(SENTINELS / 2) + 1}`,
          `sentinel down-after-milliseconds ${NAME} 1000`,
          `sentinel failover-timeout ${NAME} 5000`,
        ].join("\n"),
      );
      return [file, "--sentinel"];
    });
  }
  const sentinels = ports.map(plainClient);
  const [sentinel] = sentinels;
  if (!sentinel) throw new Error("there are no sentinels");
  // A primary that is killed before they know each other and the replica is followed by nobody.
  for (const each of sentinels)
    await until("the sentinels know each other and the replica", async () => {
      const facts = (await each.call("SENTINEL", "MASTER", NAME)) as string[];
      const fact = (name: string) => facts[facts.indexOf(name) + 1];
      return fact("num-slaves") === "1" && fact("num-other-sentinels") === String(SENTINELS - 1) ? true : null;
    });

  const client = new Redis({
    sentinels: ports.map((port) => ({ host: "127.0.0.1", port })),
    name: NAME,
    maxRetriesPerRequest: null,
  });
  client.on("error", () => {});
  clients.push(client);
  return {
    url: `redis-sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(",")}/${NAME}`,
    client,
    async replicated() {
      if ((await client.wait(1, 5_000)) < 1) throw new Error("the replica does not keep up");
    },
    killPrimary: () => kill(primary),
    async primaryPort() {
      const [, port] = (await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)) as string[];
      return Number(port);
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}
