// Three masters on loopback, without replicas: what a script or a queue must survive is the spread over slots.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import type { RedisTarget } from "../../src/redis-target.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";
import { freePort } from "./free-port.ts";

const MASTERS = 3;
const SLOTS = 16_384;
/** Nodes find each other by gossip, once a second. Unit: milliseconds. */
const READY_WITHIN_MS = 10_000;

export interface TestCluster {
  readonly target: RedisTarget & { readonly kind: "cluster" };
  stop(): Promise<void>;
}

/** @throws Error saying what the cluster was waiting for. */
export async function startCluster({
  appendonly = "no",
}: {
  /** The service refuses a server that keeps nothing. */
  readonly appendonly?: "yes" | "no";
} = {}): Promise<TestCluster> {
  const { bin, env } = await findRedisServer();
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-cluster-"));
  const processes: ChildProcess[] = [];
  const clients: Redis[] = [];
  const stop = async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await exited;
      }),
    );
    rmSync(dataDir, { recursive: true, force: true });
  };

  try {
    const ports: number[] = [];
    for (let node = 0; node < MASTERS; node += 1) {
      const port = await freePort();
      ports.push(port);
      const dir = join(dataDir, String(node));
      mkdirSync(dir);
      const settings = [
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        dir,
        "--save",
        "",
        "--appendonly",
        appendonly,
      ];
      const clustered = [
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-node-timeout",
        "2000",
      ];
      processes.push(spawn(bin, [...settings, ...clustered], { env: { ...env }, stdio: "ignore" }));
      const client = new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: null, retryStrategy: () => 25 });
      client.on("error", () => {}); // not listening yet
      clients.push(client);
    }
    const deadline = AbortSignal.timeout(READY_WITHIN_MS);
    const answers = Promise.all(clients.map((client) => client.ping()));
    const late = new Promise<never>((_, reject) =>
      deadline.addEventListener("abort", () => reject(new Error("the nodes did not start in time"))),
    );
    late.catch(() => {});
    await Promise.race([answers, late]);
    for (const [node, client] of clients.entries()) {
      const [first, last] = [Math.floor((node * SLOTS) / MASTERS), Math.floor(((node + 1) * SLOTS) / MASTERS) - 1];
      await client.call("CLUSTER", "ADDSLOTSRANGE", String(first), String(last));
      await client.call("CLUSTER", "SET-CONFIG-EPOCH", String(node + 1));
    }
    for (const port of ports) await clients[0]?.call("CLUSTER", "MEET", "127.0.0.1", String(port));
    for (const client of clients) {
      for (;;) {
        const info = String(await client.call("CLUSTER", "INFO"));
        if (info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${MASTERS}`)) break;
        if (deadline.aborted)
          throw new Error(`the cluster did not come up in time: ${info.split("\r\n").slice(0, 2).join(", ")}`);
        await delay(20);
      }
    }
    return {
      target: { kind: "cluster", addresses: ports.map((port) => ({ host: "127.0.0.1", port })), tls: false },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
