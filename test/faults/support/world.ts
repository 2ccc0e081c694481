// The service as it runs in earnest: real processes, a real Redis of its own, Telegram's Bot API over HTTP, a balancer in front.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { CHATS, FIAT_TOKEN, plansFile } from "../../journeys/support/plans.ts";
import { freePort } from "../../support/free-port.ts";
import { type PrivateRedis, startPrivateRedis } from "../../support/redis.ts";
import { Balancer } from "./balancer.ts";
import { Buyer } from "./buyer.ts";
import { doubledMessages, judge, makeReader, type Reader } from "./judge.ts";
import { serviceBundle } from "./service-bundle.ts";
import { ServiceProcess } from "./service-process.ts";
import { until } from "./until.ts";

const TOKEN = `123456:${"t".repeat(35)}`;
export const WEBHOOK_SECRET = "a-secret-of-this-test-and-no-other";
const SEALING_KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
/** Telegram's own patience with a service that is away grows to minutes; that costs no insight, only the time of the test. */
const LONGEST_RETRY_MS = 2_000;
/** After any fault everything is right again within this time (docs/reliability.md, I2). Unit: milliseconds. */
const SETTLED_WITHIN_MS = 60_000;

export interface WorldOptions {
  readonly redisArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: { now(): number };
  readonly limitSetWebhook?: boolean;
  readonly longestRetryMs?: number;
}

export class World {
  readonly redis: PrivateRedis;
  readonly telegram: TelegramEmulator;
  readonly balancer: Balancer;
  readonly services: ServiceProcess[] = [];
  readonly reader: Reader;
  readonly client: Redis;
  readonly #env: Readonly<Record<string, string>>;
  readonly #file: string;
  #knocks = 0;
  #bystander: Buyer | null = null;
  readonly #urls = new Map<ServiceProcess, string>();

  private constructor(
    parts: Pick<World, "redis" | "telegram" | "balancer" | "client"> & {
      readonly env: Readonly<Record<string, string>>;
      readonly file: string;
    },
  ) {
    this.redis = parts.redis;
    this.telegram = parts.telegram;
    this.balancer = parts.balancer;
    this.client = parts.client;
    this.#env = parts.env;
    this.#file = parts.file;
    this.reader = makeReader(parts.client);
  }

  /** @param atEnd What runs after the tests that share this world. */
  static async open(atEnd: (end: () => Promise<void>) => void, options: WorldOptions = {}): Promise<World> {
    const {
      redisArgs = [],
      clock = { now: Date.now },
      limitSetWebhook = false,
      longestRetryMs = LONGEST_RETRY_MS,
    } = options;
    const file = await serviceBundle();
    const directory = mkdtempSync(join(tmpdir(), "tgs-world-"));
    atEnd(async () => rmSync(directory, { recursive: true, force: true }));
    const plans = join(directory, "plans.yaml");
    writeFileSync(plans, plansFile());
    const port = await freePort();
    const redis = await startPrivateRedis({ args: ["--port", String(port), ...redisArgs], atEnd });
    const telegram = new TelegramEmulator({
      clock,
      token: TOKEN,
      providerTokens: [FIAT_TOKEN],
      longestRetryMs,
      limitSetWebhook,
    });
    await telegram.start();
    atEnd(() => telegram.stop());
    for (const id of Object.values(CHATS)) telegram.channels.create({ id, title: `Channel ${id}` });
    const balancer = new Balancer();
    const address = await balancer.start();
    atEnd(() => balancer.stop());
    const env = {
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      WEBHOOK_URL: `${address}/telegram/webhook`,
      WEBHOOK_SECRET,
      SEALING_KEYS,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      PLANS_FILE: plans,
      ...options.env,
    };
    const client = redis.client();
    const world = new World({ redis, telegram, balancer, client, env, file });
    atEnd(async () => {
      for (const service of world.services) await service.kill();
    });
    return world;
  }

  /** A further process; it is in the balancer's round as soon as it is ready. */
  async startService(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const service = this.launchService(env);
    const url = await service.ready();
    this.#urls.set(service, url);
    this.#lead();
    return service;
  }

  /** The same, not waited for and in nobody's round. */
  launchService(env: Readonly<Record<string, string>> = {}): ServiceProcess {
    const service = new ServiceProcess(this.#file, { ...this.#env, ...env });
    this.services.push(service);
    return service;
  }

  urlOf(service: ServiceProcess): string {
    return this.#urls.get(service) ?? "";
  }

  async killService(service: ServiceProcess): Promise<void> {
    this.#urls.delete(service);
    this.#lead();
    await service.kill();
  }

  /** From now on the balancer knows only this one. */
  leadTo(service: ServiceProcess): void {
    this.balancer.lead([this.urlOf(service)]);
  }

  #lead(): void {
    this.balancer.lead([...this.#urls.values()]);
  }

  buyer(): Buyer {
    return new Buyer(this.telegram.people.add({ languageCode: "en", stars: 100_000 }));
  }

  buyers(count: number): readonly Buyer[] {
    return Array.from({ length: count }, () => this.buyer());
  }

  wrongs(): Promise<readonly string[]> {
    return judge(this.reader, this.telegram);
  }

  /** Until every promise holds. @returns how long that took. Unit: milliseconds. @throws Error with what is still wrong */
  async holds(withinMs = SETTLED_WITHIN_MS): Promise<number> {
    const from = performance.now();
    let wrong: readonly string[] = [];
    try {
      await until(
        "every promise holds",
        async () => {
          wrong = await this.wrongs();
          return wrong.length === 0 ? true : null;
        },
        withinMs,
      );
    } catch (cause) {
      throw new Error(`still wrong: ${wrong.slice(0, 12).join("; ")}`, { cause });
    }
    return Math.round(performance.now() - from);
  }

  /** A webhook call of Telegram's, of an update that nobody sent: a bystander's /status at most. */
  async knock(service: ServiceProcess): Promise<{ readonly status: number; readonly afterMs: number }> {
    const from = performance.now();
    this.#bystander ??= this.buyer();
    const { id } = this.#bystander.person;
    this.#knocks += 1;
    const update = {
      update_id: 900_000_000 + this.#knocks,
      message: {
        message_id: 900_000 + this.#knocks,
        date: Math.floor(Date.now() / 1_000),
        chat: { id, type: "private", first_name: "Somebody" },
        from: { id, is_bot: false, first_name: "Somebody" },
        text: "/status",
      },
    };
    const response = await fetch(`${this.urlOf(service)}/telegram/webhook`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": WEBHOOK_SECRET },
      body: JSON.stringify(update),
    });
    await response.arrayBuffer();
    return { status: response.status, afterMs: performance.now() - from };
  }

  /** Messages that somebody got once more than they should. */
  doubled(): number {
    return doubledMessages(this.telegram, /^You are in /);
  }

  /** `GET` on a process: the status, 0 when nobody answers. */
  async status(service: ServiceProcess, path: string): Promise<number> {
    try {
      return (await fetch(`${this.urlOf(service)}${path}`, { signal: AbortSignal.timeout(10_000) })).status;
    } catch {
      return 0;
    }
  }
}
