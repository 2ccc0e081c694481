// Many subscribers whose paid time ends within one window: written by the actors themselves, without what they tell others.
import { addressOf } from "../../../machines/address.ts";
import { definitions } from "../../../machines/registry.ts";
import type { Terms } from "../../../machines/terms.ts";
import { makeRedisActorStore } from "../../../src/redis/actor-store.ts";
import type { RedisClient } from "../../../src/redis/connect.ts";
import { Keys } from "../../../src/redis/keys.ts";
import { partitions } from "../../../src/redis/partitions.ts";
import { loadScripts } from "../../../src/redis/scripts.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import type { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { inParallel } from "../../bench/service.ts";

const DAY_MS = 86_400_000;
const AT_ONCE = 64;
const CAUSE = { kind: "system", id: "storm" } as const;

export interface Crowd {
  /** In the order in which their time ends. */
  readonly userIds: readonly number[];
  /** When the time of the one with this number ends. Epoch ms. */
  readonly endsAt: (index: number) => number;
}

export interface CrowdOptions {
  readonly telegram: TelegramEmulator;
  readonly client: RedisClient;
  readonly channelId: number;
  readonly count: number;
  /** Epoch ms. */
  readonly from: number;
  /** Unit: milliseconds. */
  readonly windowMs: number;
}

/** People who bought a term that ends in the window, cancelled the renewal, and are inside. Redis must hold nothing else. */
export async function settleCrowd({
  telegram,
  client,
  channelId,
  count,
  from,
  windowMs,
}: CrowdOptions): Promise<Crowd> {
  const keys = new Keys();
  const paidAt = Date.now() - DAY_MS;
  const actors = new ActorSystem({
    machines: new MachineCatalog(definitions),
    store: makeRedisActorStore(client, loadScripts(client), keys),
    clock: { now: () => paidAt },
    afterCommit: { effectsAdded: () => {}, timerMoved: () => {} },
    cacheSize: AT_ONCE * 4,
  });
  const endsAt = (index: number): number => Math.floor(from + (index * windowMs) / count);
  const userIds = Array.from({ length: count }, () => telegram.people.add({ languageCode: "en" }).id);
  const chatId = String(channelId);
  await inParallel(count, AT_ONCE, async (index) => {
    const userId = userIds[index] as number;
    const subscription = addressOf.subscription(userId, "club");
    const [chargeId, orderId] = [`storm-${userId}`, `o${userId}`];
    const bought = {
      ...{
        type: "payment.succeeded",
        payment: addressOf.payment(chargeId),
        chargeId,
        orderId,
        paidAt,
        terms: terms(chatId, endsAt(index) - paidAt),
      },
      ...{ recurring: true, firstRecurring: true, expiresAt: endsAt(index) },
    };
    await actors.send(subscription, bought, { cause: CAUSE });
    await actors.send(subscription, { type: "renewal.canceled", orderId }, { cause: CAUSE });
    const invite = addressOf.invite(userId, chatId);
    const entitled = {
      ...{ type: "entitlement.changed", source: `${userId}:club`, entitled: true, version: 1 },
      ...{ access: "joinRequest", inviteTtlMs: DAY_MS, invitesPerDay: 5 },
    };
    await actors.send(invite, entitled, { cause: CAUSE });
    await actors.send(invite, { type: "member.joined", linkOwner: userId }, { cause: CAUSE });
  });
  telegram.channels.create({ id: channelId, title: "The club", memberIds: userIds });
  // What all of that would tell customers, orders and people is no part of the storm.
  await Promise.all(partitions().map((partition) => client.del(keys.outbox(partition))));
  return { userIds, endsAt };
}

/** @param periodMs Each bought as much as is left to the end of their own. */
const terms = (chatId: string, periodMs: number): Terms => ({
  planCode: "short",
  planVersion: "storm",
  product: "club",
  chats: [chatId],
  access: "joinRequest",
  price: { currency: "XTR", amountMinor: 100 },
  periodMs,
  recurring: true,
  trialMs: 0,
  connect: null,
  policy: {
    checkoutMs: DAY_MS,
    renewalSlackMs: DAY_MS,
    graceMs: { prepaid: 3 * DAY_MS, autoRenew: 7 * DAY_MS },
    holdMs: 23 * DAY_MS,
    pauseMaxMs: 90 * DAY_MS,
    remindersMs: [],
    winBackMs: [],
    reminderHours: { from: 0, to: 24, utcOffsetMinutes: 0 },
    inviteTtlMs: DAY_MS,
    invitesPerDay: 5,
    refund: { mode: "manual" },
  },
});
