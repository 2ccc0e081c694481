// The sandbox's world: a simulated Telegram with the channels that the plans name, living by the service's clock.
import { randomBytes } from "node:crypto";
import type { Catalog } from "../plans.ts";
import { TelegramEmulator } from "./telegram/emulator.ts";
import type { EmulatorOptions } from "./telegram/options.ts";

export interface SandboxOptions {
  readonly clock: { now(): number };
  readonly catalog: Catalog;
  /** What this Telegram does differently. */
  readonly telegram?: Omit<EmulatorOptions, "clock">;
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

export async function startSandbox({ clock, catalog, telegram = {} }: SandboxOptions) {
  const emulator = new TelegramEmulator({ control: true, freePeriods: true, ...telegram, clock });
  await emulator.start();
  for (const { chats, title } of catalog.products.values()) {
    for (const chatId of chats) {
      if (emulator.channels.all().some(({ id }) => String(id) === chatId)) continue;
      emulator.channels.create({ id: Number(chatId), title: title.ru });
    }
  }
  return {
    emulator,
    telegram: {
      botToken: emulator.token,
      apiRoot: emulator.apiRoot,
      // The service's own address; filled in when it listens.
      updates: { kind: "webhook", url: null, secret: randomBytes(24).toString("base64url") },
    } as const,
    participant: {
      nextDueAt: () => emulator.nextDueAt(),
      runDue: (now: number) => emulator.runDue(now),
      settled: () => emulator.settled(),
    },
    stop: () => emulator.stop(),
  };
}
