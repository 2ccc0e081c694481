// Both sides, started the same way: a node service with the machine, the server that keeps its state, and HTTP in front.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { z } from "zod";
import { endWithUs, freePorts, startService } from "./processes.ts";

/** What the machine of machine.ts understands. */
export type BenchEvent =
  | { readonly type: "bench.used"; readonly units: number }
  | { readonly type: "bench.armed"; readonly termMs: number };

export interface Contestant {
  readonly name: "ours" | "restate";
  /** Everything that works for it. */
  readonly pids: readonly number[];
  /** How many connections to keep open from now on. */
  useCallers(callers: number): Promise<void>;
  create(index: number): Promise<void>;
  /** Resolves when the event is durable. @param key Idempotency key. */
  send(index: number, event: BenchEvent, key?: string): Promise<void>;
  /** What is stored of an actor. */
  read(index: number): Promise<Stored>;
  /** Timers handled since they were taken last. */
  countFired(): Promise<number>;
  takeFired(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export interface Stored {
  readonly state: string;
  readonly used: number;
}

/** `default`: as it comes. `small`: 4 partitions instead of 24, and no journals kept of what is over; it still writes to disk first. */
export type RestateSettings = "default" | "small";

const RESTATE_SETTINGS: Readonly<Record<RestateSettings, Readonly<Record<string, string>>>> = {
  default: {},
  small: { RESTATE_DEFAULT_NUM_PARTITIONS: "4", RESTATE_DEFAULT_JOURNAL_RETENTION: "0s" },
};

export const actorId = (index: number): string => `${7_000_000_000 + index}:signals`;

const OurView = z.object({ states: z.array(z.string()), context: z.object({ used: z.number() }) });
const OurAnswer = z.object({ outcome: z.literal("applied") });

export async function startOurs(): Promise<Contestant> {
  const service = await startService(join(import.meta.dirname, "ours-service.ts"));
  const http = new Caller(service.url);
  const send = async (index: number, event: object, key?: string) => {
    OurAnswer.parse(await http.post(`/subscription/${actorId(index)}/send`, event, key));
  };
  return {
    name: "ours",
    pids: service.pids,
    useCallers: (callers) => http.useCallers(callers),
    create: (index) => send(index, { type: "bench.opened", planCode: "month" }),
    send,
    async read(index) {
      const { states, context } = OurView.parse(await http.get(`/subscription/${actorId(index)}/snapshot`));
      return { state: states.join(), used: context.used };
    },
    countFired: service.count,
    takeFired: service.take,
    async stop() {
      await http.close();
      await service.stop();
    },
  };
}

const RestateAnswer = z.object({
  status: z.literal("active"),
  value: z.string(),
  context: z.object({ used: z.number() }),
});

export async function startRestate(settings: RestateSettings): Promise<Contestant> {
  const dataDir = mkdtempSync(join(tmpdir(), "restate-bench-"));
  const [ingress = 0, admin = 0, fabric = 0] = await freePorts(3);
  const server = spawn(restateBinary(), ["--base-dir", dataDir, "--node-name", "bench"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_LOG_FILTER: "off",
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_BIND_PORT: String(fabric),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      ...RESTATE_SETTINGS[settings],
    },
  });
  endWithUs(server);
  const service = await startService(join(import.meta.dirname, "restate-service.mjs"));
  await register(admin, service.url);
  const http = new Caller(`http://127.0.0.1:${ingress}`);
  const ask = async (index: number, handler: string, body: object, key?: string) =>
    RestateAnswer.parse(await http.post(`/subscription/${encodeURIComponent(actorId(index))}/${handler}`, body, key));
  return {
    name: "restate",
    pids: [...service.pids, server.pid ?? 0],
    useCallers: (callers) => http.useCallers(callers),
    async create(index) {
      await ask(index, "create", { input: { id: actorId(index), at: Date.now() } });
    },
    async send(index, event, key) {
      // The runtime of ours stamps the time on events; here the caller does.
      await ask(index, "send", { event: { ...event, at: Date.now() } }, key);
    },
    async read(index) {
      const { value, context } = RestateAnswer.parse(
        await http.post(`/subscription/${encodeURIComponent(actorId(index))}/snapshot`),
      );
      return { state: value, used: context.used };
    },
    countFired: service.count,
    takeFired: service.take,
    async stop() {
      await http.close();
      await service.stop();
      const exited = once(server, "exit");
      server.kill("SIGKILL"); // an orderly shutdown takes up to a minute, and the data are thrown away
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The launcher of the package would be one more process between us and the server. */
function restateBinary(): string {
  const { resolve } = createRequire(import.meta.url);
  const launcher = createRequire(resolve("@restatedev/restate-server/package.json"));
  const platform = `${process.platform}-${process.arch}`;
  return launcher.resolve(`@restatedev/restate-server-${platform}/bin/restate-server`);
}

/** Tells the server where the service is, as soon as it listens. */
async function register(admin: number, url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(`http://127.0.0.1:${admin}/deployments`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ uri: url }),
      });
      if (response.ok) return;
      throw new Error(`restate-server answered ${response.status} ${await response.text()}`);
    } catch (error) {
      if (attempt === 120) throw error;
      await delay(250);
    }
  }
}

/** HTTP/1.1 over connections that stay open, one request at a time on each. */
class Caller {
  readonly #origin: string;
  #pool: Pool;

  constructor(origin: string) {
    this.#origin = origin;
    this.#pool = new Pool(origin, { connections: 64, pipelining: 1 });
  }

  async useCallers(callers: number): Promise<void> {
    await this.#pool.close();
    this.#pool = new Pool(this.#origin, { connections: callers, pipelining: 1 });
  }

  get(path: string): Promise<unknown> {
    return this.#ask("GET", path);
  }

  post(path: string, body?: object, key?: string): Promise<unknown> {
    return this.#ask("POST", path, body, key);
  }

  /** Undici's bare door: its streams would take processor time from those who are measured. */
  #ask(method: "GET" | "POST", path: string, body?: object, key?: string): Promise<unknown> {
    const headers = {
      ...(body ? { "content-type": "application/json" } : {}),
      ...(key === undefined ? {} : { "idempotency-key": key }),
    };
    return new Promise((resolve, reject) => {
      let status = 0;
      const chunks: Buffer[] = [];
      this.#pool.dispatch(
        { method, path, headers, ...(body ? { body: JSON.stringify(body) } : {}) },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, statusCode) => {
            status = statusCode;
          },
          onResponseData: (_controller, chunk) => {
            chunks.push(chunk);
          },
          onResponseEnd: () => {
            const text = Buffer.concat(chunks).toString();
            if (status === 200) resolve(JSON.parse(text));
            else reject(new Error(`${method} ${path}: ${status} ${text}`));
          },
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
