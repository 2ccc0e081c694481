// The whole service in the sandbox, and the people's side of it: what a story is played on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActorAddress } from "../../../machines/address.ts";
import { type App, startApp } from "../../app.ts";
import { makeCatalogSource, SAMPLE_PLANS_FILE } from "../../catalog-source.ts";
import { readConfig } from "../../config.ts";
import type { ClockDriver } from "../../queues/advance-clock.ts";
import type { RedisTarget } from "../../redis-target.ts";
import type { ActorView, AuditEntry } from "../../runtime/ports.ts";
import { makeLogger } from "../../telemetry/logger.ts";
import type { SimulatedBackend } from "../backend/backend.ts";
import { type SandboxOptions, startSandbox } from "../start.ts";
import type { TelegramEmulator } from "../telegram/emulator.ts";
import type { Person } from "../telegram/people/person.ts";

export interface StageOptions {
  /** Variables besides those that the stage sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the simulated Telegram does differently. */
  readonly telegram?: NonNullable<SandboxOptions["telegram"]>;
  /** What the simulated product backend does differently. */
  readonly backend?: NonNullable<SandboxOptions["backend"]>;
  /** Another Redis than an embedded one. */
  readonly redis?: RedisTarget;
}

/** While the service is down. */
export interface Away {
  /** Time passes at Telegram and at the product backend: people are charged, and nobody hears of it. Unit: milliseconds. */
  passes(ms: number): Promise<void>;
}

export interface Stage {
  /** The service as it runs now: another one after a restart. */
  readonly app: App;
  readonly emulator: TelegramEmulator;
  /** The simulated product backend. */
  readonly product: SimulatedBackend;
  /** What Telegram proves itself with when it calls the webhook. */
  readonly webhookSecret: string;
  /** Epoch ms, the sandbox's clock. */
  now(): Promise<number>;
  /** Waits until everything that was set off has happened. */
  settle(): Promise<void>;
  /** The same, and waits for effects that are tried again: that happens in real time, within seconds. */
  retried(): Promise<void>;
  /** Moves the clock; what is due on the way happens in order. Unit: milliseconds. */
  advance(ms: number): Promise<void>;
  /** Moves the clock to this time, if it lies ahead. Epoch ms. */
  advanceTo(time: number): Promise<void>;
  /** Stops the service, does what happens meanwhile, and starts it again on the same data, beside the same Telegram. `env`: what is set anew. */
  restart(meanwhile?: (away: Away) => Promise<void>, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Another process of the same service, as far as that goes within one; needs a Redis that both can reach. */
  replica(): Promise<App>;
  read(address: ActorAddress): Promise<ActorView | null>;
  /** All actors of a person. */
  actorsOf(person: Person): Promise<readonly ActorAddress[]>;
  /** Audit entries written since the last call, oldest first. */
  news(people: readonly Person[]): Promise<readonly AuditEntry[]>;
  /** A call to the service's own HTTP API. */
  api(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly text: string }>;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 50;
/** Within 30 s. */
const RETRY_LOOKS = 600;

/** @throws Error when the service does not start. */
export async function openStage({ env = {}, telegram = {}, backend = {}, redis }: StageOptions = {}): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-play-"));
  const configWith = (anew: Readonly<Record<string, string>>) => {
    const read = readConfig({ PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "silent", COLLECTION: "off", ...env, ...anew });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    return { ...read.config, ...(redis ? { redis } : {}) };
  };
  let config = configWith({});
  let lost = "";
  let app: App | null = null;
  // Telegram outlives the service: it goes by the clock of whichever runs now.
  let away: number | null = null;
  const clock = { now: () => away ?? app?.now() ?? Date.now() };
  const catalog = await makeCatalogSource(config.plansFile ?? SAMPLE_PLANS_FILE, { isOwnTelegramApi: false });
  const sandbox = await startSandbox({ clock, catalog: catalog.current(), telegram, backend });
  const { emulator, product } = sandbox;
  const start = () =>
    startApp({
      config,
      logger: makeLogger({ level: config.logLevel }),
      sandbox,
      onLost: (reason) => {
        lost = reason;
      },
    });
  const running = (): App => {
    if (lost !== "") throw new Error(lost);
    if (!app) throw new Error("the service does not run");
    return app;
  };
  const driver = (): ClockDriver => {
    const { clockDriver } = running();
    if (!clockDriver) throw new Error("a story needs the test clock; unset CLOCK");
    return clockDriver;
  };
  try {
    app = await start();
    driver();
  } catch (error) {
    await app?.stop();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  const told = new Map<ActorAddress, number>();
  const replicas: App[] = [];

  const stage: Stage = {
    get app() {
      return running();
    },
    emulator,
    product,
    webhookSecret: sandbox.telegram.updates.secret,
    now: async () => running().now(),
    settle: () => driver().settled(),
    async retried() {
      const { core } = running();
      // Twice: an attempt may begin, and its effect go back to waiting, between the two questions.
      let nothingSeen = 0;
      for (let looks = 0; ; looks += 1) {
        await driver().settled();
        nothingSeen = (await core.waitingForRetry()) === 0 ? nothingSeen + 1 : 0;
        if (nothingSeen === 2) return;
        if (nothingSeen === 1) continue;
        if (looks >= RETRY_LOOKS) throw new Error("effects are still waiting for their next attempt");
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    },
    async advance(ms) {
      await driver().advance(ms);
    },
    async advanceTo(time) {
      const left = time - running().now();
      if (left > 0) await stage.advance(left);
    },
    async restart(meanwhile, anew) {
      away = running().now();
      await running().stop();
      const passes = async (ms: number) => {
        const target = clock.now() + ms;
        for (;;) {
          const due = sandbox.participants.map((one) => one.nextDueAt()).filter((at) => at !== null && at <= target);
          away = due.length === 0 ? target : Math.max(clock.now(), Math.min(...(due as number[])));
          if (due.length === 0) return;
          for (const participant of sandbox.participants) await participant.runDue(clock.now());
        }
      };
      await meanwhile?.({ passes });
      if (anew) config = configWith(anew);
      app = await start();
      away = null;
    },
    async replica() {
      if (!redis) throw new Error("an embedded Redis serves one service only");
      const another = await start();
      replicas.push(another);
      return another;
    },
    read: (address) => running().core.actors.read(address),
    actorsOf: (person) => running().core.actors.find(`telegramId=${person.id}`),
    async news(people) {
      const entries: AuditEntry[] = [];
      for (const person of people) {
        for (const address of await stage.actorsOf(person)) {
          const since = told.get(address) ?? 0;
          const rev = (await stage.read(address))?.rev ?? 0;
          if (rev <= since) continue;
          entries.push(...(await running().core.actors.history(address, { limit: rev - since })));
          told.set(address, rev);
        }
      }
      return entries.sort((a, b) => a.at - b.at || a.entryId.localeCompare(b.entryId, "en", { numeric: true }));
    },
    async api(method, path, body) {
      const init =
        body === undefined
          ? { method }
          : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await fetch(`${running().url}${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") ?? false;
      return { status: response.status, body: isJson ? JSON.parse(text) : null, text };
    },
    async close() {
      await Promise.all([...replicas, app].map((service) => service?.stop()));
      await sandbox.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return stage;
}
