// Several processes of the service on a Redis of any kind, Telegram's Bot API over HTTP, and a balancer before those that serve.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisClient } from "../../../src/redis/connect.ts";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { Balancer } from "../../faults/support/balancer.ts";
import { makeReader, type Reader } from "../../faults/support/judge.ts";
import { serviceBundle } from "../../faults/support/service-bundle.ts";
import { ServiceProcess } from "../../faults/support/service-process.ts";
import { FIAT_TOKEN } from "../../journeys/support/plans.ts";

const TOKEN = `123456:${"t".repeat(35)}`;
const OWNER_TOKEN = "an-owner-of-this-town-and-no-other";
/** Telegram lives by the real clock here, and somebody has to tell it. Unit: milliseconds. */
const TICK_MS = 100;

export interface TownOptions {
  /** As operators write it. */
  readonly redisUrl: string;
  /** What looks into the store from outside. */
  readonly client: RedisClient;
  /** Text of the plans file. */
  readonly plans: string;
  readonly channelId: number;
  /** Calls of the bot that are kept. */
  readonly journalSize?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each answer to a webhook call. Unit: milliseconds. */
  readonly onAnswer?: (status: number, afterMs: number) => void;
  readonly atEnd: (end: () => Promise<void>) => void;
}

export type Role = "web" | "worker" | "all";

export class Town {
  readonly telegram: TelegramEmulator;
  readonly reader: Reader;
  readonly channelId: number;
  readonly services: { readonly role: Role; readonly process: ServiceProcess; readonly url: string }[] = [];
  readonly #balancer: Balancer;
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    parts: Pick<Town, "telegram" | "reader" | "channelId"> & {
      readonly balancer: Balancer;
      readonly file: string;
      readonly env: Readonly<Record<string, string>>;
    },
  ) {
    this.telegram = parts.telegram;
    this.reader = parts.reader;
    this.channelId = parts.channelId;
    this.#balancer = parts.balancer;
    this.#file = parts.file;
    this.#env = parts.env;
  }

  static async open({ redisUrl, client, plans, channelId, env, onAnswer, atEnd, ...options }: TownOptions) {
    const file = await serviceBundle();
    const directory = mkdtempSync(join(tmpdir(), "tgs-town-"));
    atEnd(async () => rmSync(directory, { recursive: true, force: true }));
    const plansPath = join(directory, "plans.yaml");
    writeFileSync(plansPath, plans);
    const telegram = new TelegramEmulator({
      clock: { now: Date.now },
      token: TOKEN,
      providerTokens: [FIAT_TOKEN],
      longestRetryMs: 2_000,
      freePeriods: true,
      journalSize: options.journalSize ?? 20_000,
    });
    await telegram.start();
    atEnd(() => telegram.stop());
    const ticking = setInterval(() => {
      if ((telegram.nextDueAt() ?? Number.POSITIVE_INFINITY) <= Date.now()) void telegram.runDue(Date.now());
    }, TICK_MS);
    atEnd(async () => clearInterval(ticking));
    const balancer = new Balancer(onAnswer);
    const address = await balancer.start();
    atEnd(() => balancer.stop());
    const town = new Town({
      telegram,
      reader: makeReader(client),
      channelId,
      balancer,
      file,
      env: {
        BOT_TOKEN: TOKEN,
        TELEGRAM_API_ROOT: telegram.apiRoot,
        WEBHOOK_URL: `${address}/telegram/webhook`,
        WEBHOOK_SECRET: "a-secret-of-this-town-and-no-other",
        SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
        ADMIN_TOKENS: `olga:owner:${createHash("sha256").update(OWNER_TOKEN).digest("hex")}`,
        REDIS_URL: redisUrl,
        PLANS_FILE: plansPath,
        ...env,
      },
    });
    atEnd(async () => {
      for (const { process } of town.services) await process.kill();
    });
    return town;
  }

  /** One more process; those that serve are in the balancer's round once they are ready. */
  async start(role: Role): Promise<ServiceProcess> {
    const process = new ServiceProcess(this.#file, { ...this.#env, ROLE: role });
    const index = this.services.push({ role, process, url: "" }) - 1;
    const url = await process.ready();
    this.services[index] = { role, process, url };
    this.#balancer.lead(this.services.filter((one) => one.role !== "worker" && one.url !== "").map((one) => one.url));
    return process;
  }

  /** `GET /metrics` of each process. */
  async metrics(): Promise<readonly string[]> {
    return Promise.all(this.services.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  }

  /** A command of the owner's. @throws Error with what was answered instead */
  async command(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.services[0]?.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${OWNER_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ reason: "seen and meant", idempotencyKey: `town-${Date.now()}`, ...body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
