// A small world for the emulator's tests: a clock moved by hand, a bot that only listens, and raw calls.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiResponse, Update } from "@grammyjs/types";
import { onTestFinished } from "vitest";
import { ManualScheduler } from "../../../src/sandbox/telegram/delivery/scheduler.ts";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import type { EmulatorOptions } from "../../../src/sandbox/telegram/options.ts";

/** 2026-11-21T10:00:00Z */
export const T0 = Date.UTC(2026, 10, 21, 10);
export const DAY_MS = 86_400_000;

export class HandClock {
  ms = T0;
  now(): number {
    return this.ms;
  }
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Drop the connection instead. */
  readonly reset?: boolean;
  /** Say nothing until then. */
  readonly until?: Promise<void>;
}

/** A webhook that keeps what it gets. */
export class ListeningBot {
  readonly updates: Update[] = [];
  readonly secrets: (string | undefined)[] = [];
  answer: (update: Update) => Answer | Promise<Answer> = () => ({});
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const update = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Update;
        const secret = request.headers["x-telegram-bot-api-secret-token"];
        this.updates.push(update);
        this.secrets.push(typeof secret === "string" ? secret : undefined);
        void Promise.resolve(this.answer(update)).then(async ({ status, headers, body, reset, until }) => {
          await until;
          if (reset) {
            request.socket.destroy();
            return;
          }
          response.writeHead(status ?? 200, headers);
          response.end(body ?? "");
        });
      });
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  of<K extends keyof Update>(type: K): NonNullable<Update[K]>[] {
    return this.updates.flatMap((update) =>
      update[type] === undefined ? [] : [update[type] as NonNullable<Update[K]>],
    );
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export const ALL_UPDATES = [
  "message",
  "edited_message",
  "callback_query",
  "pre_checkout_query",
  "my_chat_member",
  "chat_member",
  "chat_join_request",
  "subscription",
];

export interface TestWorld {
  readonly clock: HandClock;
  readonly scheduler: ManualScheduler;
  readonly emulator: TelegramEmulator;
  readonly bot: ListeningBot;
  /** Raw call; the envelope as answered. */
  call(method: string, params?: Record<string, unknown>): Promise<ApiResponse<unknown>>;
  /** The result, or an error with the description. */
  ok<T = unknown>(method: string, params?: Record<string, unknown>): Promise<T>;
  /** The description of the refusal, `""` when there was none. */
  refused(method: string, params?: Record<string, unknown>): Promise<string>;
  /** Lets everything settle, then moves the clock and runs what is due, one by one. */
  advance(ms: number): Promise<void>;
}

/** Cleaned up after each test. `webhook: false` leaves the bot deaf. */
export async function startWorld(
  options: Partial<Omit<EmulatorOptions, "clock">> & { readonly webhook?: boolean; readonly realTimers?: boolean } = {},
): Promise<TestWorld> {
  const { webhook = true, realTimers = false, ...rest } = options;
  const clock = new HandClock();
  const scheduler = new ManualScheduler(clock);
  const emulator = new TelegramEmulator({ clock, ...(realTimers ? {} : { scheduler }), seed: 7, ...rest });
  await emulator.start();
  onTestFinished(() => emulator.stop());
  const bot = new ListeningBot();
  await bot.listen();
  onTestFinished(() => bot.close());

  const call: TestWorld["call"] = async (method, params = {}) => {
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(params),
    });
    const envelope = (await response.json()) as ApiResponse<unknown>;
    const status = envelope.ok ? 200 : envelope.error_code;
    if (response.status !== status) throw new Error(`HTTP ${response.status} around ${JSON.stringify(envelope)}`);
    return envelope;
  };
  const world: TestWorld = {
    clock,
    scheduler,
    emulator,
    bot,
    call,
    async ok<T>(method: string, params?: Record<string, unknown>) {
      const envelope = await call(method, params);
      if (!envelope.ok) throw new Error(`${method}: ${envelope.description}`);
      return envelope.result as T;
    },
    async refused(method, params) {
      const envelope = await call(method, params);
      return envelope.ok ? "" : envelope.description;
    },
    async advance(ms) {
      await emulator.settled();
      const end = clock.ms + ms;
      for (;;) {
        const next = emulator.nextDueAt();
        if (next === null || next > end) break;
        clock.ms = Math.max(clock.ms, next);
        await emulator.runDue(clock.ms);
        await emulator.settled();
      }
      clock.ms = end;
    },
  };
  if (webhook) await world.ok("setWebhook", { url: bot.url, secret_token: "s3cret", allowed_updates: ALL_UPDATES });
  return world;
}

/** Answers every pre-checkout of the bot by a raw call. */
export function answerCheckouts(
  world: TestWorld,
  answer: { ok: boolean; error_message?: string } = { ok: true },
): void {
  world.bot.answer = async (update) => {
    if (update.pre_checkout_query)
      await world.call("answerPreCheckoutQuery", { pre_checkout_query_id: update.pre_checkout_query.id, ...answer });
    return {};
  };
}
