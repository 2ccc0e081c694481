// The sandbox's world, living by the service's clock: a simulated Telegram with the channels that the plans name, and a simulated product
// backend.
import { randomBytes } from "node:crypto";
import type { Catalog } from "../plans.ts";
import { SimulatedBackend, type SimulatedBackendInput } from "./backend/backend.ts";
import { TelegramEmulator } from "./telegram/emulator.ts";
import type { EmulatorOptions } from "./telegram/options.ts";

export interface SandboxOptions {
  readonly clock: { now(): number };
  readonly catalog: Catalog;
  /** What this Telegram does differently. */
  readonly telegram?: Omit<EmulatorOptions, "clock">;
  /** What this product backend does differently. */
  readonly backend?: Omit<SimulatedBackendInput, "clock" | "setClock">;
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Our own data as they should be: a little off, and nothing missing, so that the gate passes them whoever the visitor is. */
const USUAL_DRIFT = { "*": { share: 0.02, size: 0.05 }, profit_with_adv: {} };

/** Where the clock stands, calls of a whole sitting fall into one minute. */
const NO_LIMITS = { admin: 1_000_000, actions: 1_000_000, other: 1_000_000 };

export async function startSandbox({ clock, catalog, telegram = {}, backend = {} }: SandboxOptions) {
  // By real time: a restart finds the clock where it stood, and must not repeat the ids of the world before it.
  const seed = Date.now();
  const emulator = new TelegramEmulator({ control: true, freePeriods: true, seed, ...telegram, clock });
  const product = new SimulatedBackend({
    control: true,
    allowTestTokens: true,
    limits: NO_LIMITS,
    world: { drift: USUAL_DRIFT },
    ...backend,
    clock,
  });
  await Promise.all([emulator.start(), product.start()]);
  for (const { chats, title } of catalog.products.values()) {
    for (const chatId of chats) {
      if (emulator.channels.all().some(({ id }) => String(id) === chatId)) continue;
      emulator.channels.create({ id: Number(chatId), title: title.ru });
    }
  }
  return {
    emulator,
    product,
    backend: { url: product.url, adminKey: product.adminKey, clientKey: product.clientKey ?? undefined },
    telegram: {
      botToken: emulator.token,
      apiRoot: emulator.apiRoot,
      // The service's own address; filled in when it listens.
      updates: { kind: "webhook", url: null, secret: randomBytes(24).toString("base64url") },
    } as const,
    participants: [emulator, product].map((world) => ({
      nextDueAt: () => world.nextDueAt(),
      runDue: (now: number) => world.runDue(now),
      settled: () => world.settled(),
    })),
    async stop() {
      await Promise.all([emulator.stop(), product.stop()]);
    },
  };
}
