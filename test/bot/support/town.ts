// A whole small town in one process: the emulated Telegram over HTTP, real machines on a store in memory, real executors, the bot.
// Nothing waits: `settle` carries updates, effects and notices back and forth until nobody has anything left to say.
import { Api } from "grammy";
import type { Update } from "grammy/types";
import { onTestFinished } from "vitest";
import { addressOf } from "../../../machines/address.ts";
import { definitions } from "../../../machines/registry.ts";
import { type CustomerBot, makeBot } from "../../../src/bot/bot.ts";
import type {
  BotCount,
  BotDeps,
  Limited,
  SetAsideUpdate,
  StoredScreen,
  TicketMessage,
} from "../../../src/bot/ports.ts";
import { ALLOWED_UPDATES } from "../../../src/bot/updates.ts";
import { makeBroadcast } from "../../../src/effects/broadcast.ts";
import { makeNotifyCustomer } from "../../../src/effects/notify-customer.ts";
import { makeNotifyStaff } from "../../../src/effects/notify-staff.ts";
import { makeEntitlementReader } from "../../../src/effects/read-entitlement.ts";
import { makeExecutors } from "../../../src/effects/table.ts";
import { makeChannelPort } from "../../../src/effects/telegram/channel-port.ts";
import type { Pacer } from "../../../src/effects/telegram/pacer.ts";
import { makeTelegramExecutors } from "../../../src/effects/telegram/table.ts";
import { makeTell } from "../../../src/effects/tell.ts";
import { checkWbToken } from "../../../src/inputs/wb-token.ts";
import { type Catalog, makeCatalog } from "../../../src/plans.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import { looksSecret } from "../../../src/sealing/looks-secret.ts";
import { Secret } from "../../../src/sealing/secret.ts";
import { type MemoryStore, makeMemoryStore } from "../../support/memory-store.ts";
import { noInvocations } from "../../support/no-outside.ts";

/** 2026-11-23T09:00:00Z, noon in Moscow: reminders may be sent. */
export const NOON = Date.UTC(2026, 10, 23, 9);
export const DAY_MS = 86_400_000;
const FREE_PACE: Pacer = { acquire: async () => ({ ok: true }), slowDown: async () => {} };

export interface PlansOverrides {
  readonly price?: number;
  readonly refund?: Record<string, unknown>;
}

export function somePlans(chatId: string, { price = 500, refund }: PlansOverrides = {}): Catalog {
  const made = makeCatalog({
    products: [{ code: "club", title: { ru: "Клуб & Ко", en: "Club & Co" }, channels: [chatId] }],
    plans: [
      {
        code: "month",
        product: "club",
        title: { ru: "1 месяц", en: "1 month" },
        price: { currency: "XTR", amount: price },
        periodSeconds: 2_592_000,
        recurring: true,
        trialSeconds: 259_200,
      },
      {
        code: "term",
        product: "club",
        title: { ru: "30 дней", en: "30 days" },
        price: { currency: "XTR", amount: 600 },
        periodSeconds: 2_592_000,
      },
      {
        code: "ever",
        product: "club",
        title: { ru: "Навсегда", en: "For life" },
        price: { currency: "XTR", amount: 9_000 },
        periodSeconds: null,
      },
    ],
    ...(refund ? { policies: { refund } } : {}),
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.catalog;
}

export interface Town {
  readonly telegram: TelegramEmulator;
  readonly actors: ActorSystem;
  readonly store: MemoryStore;
  readonly bot: CustomerBot;
  readonly channelId: number;
  readonly clock: { ms: number; now(): number };
  readonly screens: Map<number, StoredScreen>;
  readonly dialogues: Map<string, unknown>;
  readonly messages: Map<string, TicketMessage>;
  readonly counts: { readonly what: BotCount; readonly detail: string | undefined }[];
  /** What Telegram told us to wait. */
  readonly waits: { readonly chatId: string; readonly waitMs: number }[];
  readonly log: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  /** Updates the bot could not handle. */
  readonly setAside: readonly SetAsideUpdate[];
  /** Updates as the bot got them. */
  readonly updates: Update[];
  catalog: Catalog;
  limits: Partial<Record<Limited, number>>;
  /** The next updates, not handled: for what a test wants to do with them itself. */
  receive(): Promise<Update[]>;
  settle(): Promise<void>;
  /** Moves the clock; timers fire one by one in order. */
  pass(ms: number): Promise<void>;
  /** A person with Stars, who may have started the bot. */
  someone(options?: { readonly stars?: number; readonly languageCode?: string; readonly firstName?: string }): Person;
  pay(person: Person, target: Parameters<Person["payInvoice"]>[0]): ReturnType<Person["payInvoice"]>;
  /** Starts, chooses the plan, pays it, and is told. */
  subscribe(person: Person, plan?: "month" | "term" | "ever"): Promise<void>;
}

export async function makeTown(overrides: PlansOverrides & { readonly bot?: Partial<BotDeps> } = {}): Promise<Town> {
  const clock = {
    ms: NOON,
    now() {
      return this.ms;
    },
  };
  const telegram = new TelegramEmulator({ clock });
  await telegram.start();
  onTestFinished(() => telegram.stop());
  const owner = telegram.people.add({ firstName: "Owner" });
  const channel = telegram.channels.create({ title: "Club", owner });
  const chatId = String(channel.id);

  const store = makeMemoryStore();
  const actors = new ActorSystem({
    machines: new MachineCatalog(definitions),
    store,
    clock,
    afterCommit: { effectsAdded: () => {}, timerMoved: () => {} },
    cacheSize: 100,
  });
  const screens = new Map<number, StoredScreen>();
  const dialogues = new Map<string, unknown>();
  const messages = new Map<string, TicketMessage>();
  const secrets = new Map<string, string>();
  const counts: Town["counts"] = [];
  const log: Town["log"] = [];
  const setAside: SetAsideUpdate[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string) => void log.push({ fields, message });
  const used = new Map<string, number>();
  let ids = 0;

  const deps: BotDeps = {
    actors,
    catalog: { current: () => town.catalog },
    token: telegram.token,
    botInfo: telegram.bot,
    client: { apiRoot: telegram.apiRoot },
    clock,
    newId: () => `id${++ids}`,
    logger: { info: write, warn: write, error: write },
    count: (what, detail) => void counts.push({ what, detail }),
    screens: {
      read: async (userId) => structuredClone(screens.get(userId) ?? null),
      write: async (userId, screen) => void screens.set(userId, structuredClone(screen)),
    },
    turns: { inTurn: (_userId, work) => work() },
    conversations: {
      read: async (userId) => structuredClone(dialogues.get(userId)) as never,
      write: async (userId, state) => void dialogues.set(userId, JSON.parse(JSON.stringify(state))),
      delete: async (userId) => void dialogues.delete(userId),
    },
    tokens: {
      secretIn: (text) => (looksSecret(text) ? new Secret(text) : null),
      check: (token) =>
        checkWbToken(token.reveal(), { nowMs: clock.ms, isDemo: true, serviceId: null, personalTokens: "refuse" }),
      keep: async (owner, ref, token) => void secrets.set(`${owner}:${ref}`, token.reveal()),
    },
    messages: {
      put: async (ticketId, ref, message) =>
        void (messages.has(`${ticketId}|${ref}`) || messages.set(`${ticketId}|${ref}`, message)),
      read: async (ticketId, ref) => messages.get(`${ticketId}|${ref}`) ?? null,
    },
    throttle: {
      take: async (userId, what) => {
        const key = `${userId} ${what}`;
        used.set(key, (used.get(key) ?? 0) + 1);
        return (used.get(key) ?? 0) <= (town.limits[what] ?? 1_000);
      },
    },
    slowDown: async (chatId, waitMs) => void town.waits.push({ chatId, waitMs }),
    quarantine: { add: async (update) => void setAside.push(update) },
    timeZone: "Europe/Moscow",
    staffChatId: null,
    ...overrides.bot,
  };
  const bot = makeBot(deps);

  const api = new Api(telegram.token, { apiRoot: telegram.apiRoot });
  const onTelegram = makeTelegramExecutors({
    api,
    botId: telegram.bot.id,
    isEntitled: makeEntitlementReader(actors, clock),
    channels: makeChannelPort(actors, clock),
    clock,
    pacer: FREE_PACE,
    offerToBuy: async (person) => void (await bot.notifyDeclined(person)),
  });
  const executors = makeExecutors(
    {
      ...onTelegram.effects,
      tell: makeTell(actors),
      broadcast: makeBroadcast(actors),
      recordLedger: async () => {},
      erasePerson: async () => {},
      dropSecret: async ({ owner, ref }) => void secrets.delete(`${owner}:${ref}`),
      notifyCustomer: makeNotifyCustomer({ messenger: bot, pacer: FREE_PACE }),
      notifyStaff: makeNotifyStaff({ messenger: bot, pacer: FREE_PACE }),
    },
    { ...noInvocations, ...onTelegram.invocations },
  );

  const ran = new Set<string>();
  const runEffects = async (): Promise<boolean> => {
    let isAny = false;
    for (const { effectId, body } of store.asked) {
      if (ran.has(effectId)) continue;
      ran.add(effectId);
      isAny = true;
      const stored = JSON.parse(body);
      const run = { effectId, attempt: 1, signal: AbortSignal.timeout(5_000) };
      if (stored.kind === "effect") await executors.effect(stored.effect, run);
      else {
        const source = effectId.slice(0, effectId.indexOf("|")) as never;
        const output = await executors.invoke(stored.src, stored.input, run);
        await actors.deliverResult(source, effectId, stored.childId, { ok: true, output });
      }
    }
    return isAny;
  };
  let offset = 0;
  const receive = async (): Promise<Update[]> => {
    const batch = await api.getUpdates({ offset, timeout: 0, allowed_updates: [...ALLOWED_UPDATES] });
    offset = (batch.at(-1)?.update_id ?? offset - 1) + 1;
    return batch;
  };
  const takeUpdates = async (): Promise<boolean> => {
    const batch = await receive();
    for (const update of batch) {
      town.updates.push(update);
      const checkout = update.pre_checkout_query ? { checkout: await bot.answerPreCheckout(update) } : {};
      await bot.handleUpdate(update, checkout);
    }
    return batch.length > 0;
  };

  const town: Town = {
    telegram,
    actors,
    store,
    bot,
    channelId: channel.id,
    clock,
    screens,
    dialogues,
    messages,
    counts,
    waits: [],
    log,
    setAside,
    updates: [],
    catalog: somePlans(chatId, overrides),
    limits: {},
    receive,
    async settle() {
      for (;;) {
        const news = await takeUpdates();
        const effects = await runEffects();
        if (!news && !effects) return;
      }
    },
    async pass(ms) {
      const end = clock.ms + ms;
      for (;;) {
        const next = Math.min(
          store.nextDueAt() ?? Number.POSITIVE_INFINITY,
          telegram.nextDueAt() ?? Number.POSITIVE_INFINITY,
        );
        if (next > end) break;
        clock.ms = Math.max(clock.ms, next);
        await telegram.runDue(clock.ms);
        for (const timer of store.due(clock.ms).slice(0, 1)) await actors.fireTimer(timer);
        await town.settle();
      }
      clock.ms = end;
    },
    someone: ({ stars = 10_000, languageCode = "ru", firstName = "Анна" } = {}) => {
      const person = telegram.people.add({ firstName, languageCode });
      if (stars > 0) person.topUp(stars);
      return person;
    },
    async pay(person, target) {
      let isOver = false;
      const paying = person.payInvoice(target).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await takeUpdates();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await town.settle();
      return paying;
    },
    async subscribe(person, plan = "month") {
      person.start("plans");
      await town.settle();
      person.press(`v1:plan:${plan}`);
      await town.settle();
      const pay = person.press(
        plan === "month" ? "Оплатить 500 ⭐" : plan === "term" ? "Оплатить 600 ⭐" : "Оплатить 9000 ⭐",
      );
      const outcome = await town.pay(
        person,
        pay.kind === "url" ? pay.url : { messageId: (pay as { messageId: number }).messageId },
      );
      if (outcome.kind !== "paid") throw new Error(`not paid: ${JSON.stringify(outcome)}`);
    },
  };

  channel.setBotRights();
  await actors.send(
    addressOf.channel(chatId),
    { type: "channel.registered", breaker: town.catalog.limits.removalBreaker },
    { cause: { kind: "system", id: "test" } },
  );
  await town.settle();
  return town;
}
