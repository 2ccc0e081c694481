// Looks from outside, with its own connection and at Telegram's own books, and says everything that is not as promised.
import { type ActorAddress, addressOf } from "../../../machines/address.ts";
import { definitions } from "../../../machines/registry.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import { makeRedisActorStore } from "../../../src/redis/actor-store.ts";
import type { RedisClient } from "../../../src/redis/connect.ts";
import { makeRedisFailedEffects } from "../../../src/redis/failed-effects.ts";
import { makeRedisInbox } from "../../../src/redis/inbox.ts";
import { Keys } from "../../../src/redis/keys.ts";
import { makeRedisLedger } from "../../../src/redis/ledger.ts";
import { makeRedisOutbox } from "../../../src/redis/outbox-store.ts";
import { partitions } from "../../../src/redis/partitions.ts";
import { makeRedisQuarantine } from "../../../src/redis/quarantine.ts";
import { loadScripts } from "../../../src/redis/scripts.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import type { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { CHATS } from "../../journeys/support/plans.ts";
import { PLAN } from "./buyer.ts";

/** @returns what reads the store and changes nothing. */
export function makeReader(client: RedisClient) {
  const keys = new Keys();
  const scripts = loadScripts(client);
  const actors = new ActorSystem({
    machines: new MachineCatalog(definitions),
    store: makeRedisActorStore(client, scripts, keys),
    clock: { now: Date.now },
    afterCommit: { effectsAdded: () => {}, timerMoved: () => {} },
    cacheSize: 0,
  });
  return {
    keys,
    actors,
    ledger: makeRedisLedger(client, scripts, keys),
    outbox: makeRedisOutbox(client, keys),
    inbox: makeRedisInbox(client, scripts, keys),
    failed: makeRedisFailedEffects(client, scripts, keys),
    quarantine: makeRedisQuarantine(client, keys),
  };
}
export type Reader = ReturnType<typeof makeReader>;

/** @returns one line per broken promise; none when all is well. What is still under way is one as well: ask again. */
export async function judge(reader: Reader, telegram: TelegramEmulator): Promise<readonly string[]> {
  const wrong: string[] = [];
  await judgeMoney(reader, telegram, wrong);
  await judgePeople(reader, telegram, wrong);
  await judgeLeftovers(reader, telegram, wrong);
  return wrong;
}

/** The ledger is Telegram's list, id by id; each charge bought one period. */
async function judgeMoney({ ledger, actors }: Reader, telegram: TelegramEmulator, wrong: string[]): Promise<void> {
  const booked = new Map<string, number>();
  for await (const { entry, chargeId, amountMinor } of ledger.rows()) {
    const name = `${entry} ${chargeId} ${amountMinor}`;
    booked.set(name, (booked.get(name) ?? 0) + 1);
  }
  const { charges } = telegram.snapshot();
  for (const { chargeId, amount, refundedAtMs, chargedBackAtMs } of charges) {
    const expected = [
      `charge ${chargeId} ${amount}`,
      ...(refundedAtMs === null ? [] : [`refund ${chargeId} ${amount}`]),
      ...(chargedBackAtMs === null ? [] : [`chargeback ${chargeId} ${amount}`]),
    ];
    for (const name of expected) {
      const times = booked.get(name) ?? 0;
      if (times !== 1) wrong.push(`ledger: ${name} is there ${times} times`);
      booked.delete(name);
    }
  }
  for (const name of booked.keys()) wrong.push(`ledger: ${name} is not in Telegram's list`);

  for (const userId of new Set(charges.map((charge) => charge.userId))) {
    const own = charges.filter((charge) => charge.userId === userId && charge.refundedAtMs === null);
    const view = await actors.read(addressOf.subscription(userId, "club"));
    const context = view?.context as unknown as SubscriptionContext | undefined;
    const bought = context?.periods.map(({ chargeId }) => chargeId).sort() ?? [];
    const paid = own.map(({ chargeId }) => chargeId).sort();
    if (JSON.stringify(bought) !== JSON.stringify(paid))
      wrong.push(`user ${userId}: paid ${paid.length} charges, has ${bought.length} periods`);
    const termMs = (context?.paidUntil ?? 0) - (context?.periodFrom ?? 0);
    if (termMs !== own.length * PLAN.termMs)
      wrong.push(`user ${userId}: ${own.length} charges bought ${termMs / PLAN.termMs} terms`);
  }
}

/** Who paid is inside, who did not is outside, and every history is whole. */
async function judgePeople({ actors }: Reader, telegram: TelegramEmulator, wrong: string[]): Promise<void> {
  const { charges } = telegram.snapshot();
  const payers = new Set(charges.filter(({ refundedAtMs }) => refundedAtMs === null).map(({ userId }) => userId));
  for (const person of telegram.people.all()) {
    const isOwner = telegram.snapshot().channels.some(({ ownerId }) => ownerId === person.id);
    if (isOwner) continue;
    const isInside = person.isIn(CHATS.club);
    if (payers.has(person.id) && !isInside) wrong.push(`user ${person.id} paid and is outside`);
    if (!payers.has(person.id) && isInside) wrong.push(`user ${person.id} is inside without a right`);
    for (const address of await actors.find(`telegramId=${person.id}`)) {
      const chain = await actors.verify(address);
      if (!chain.ok) wrong.push(`${address}: its history is broken, ${chain.problem}`);
      await judgeActor(actors, address, wrong);
    }
  }
}

async function judgeActor(actors: Reader["actors"], address: ActorAddress, wrong: string[]): Promise<void> {
  const view = await actors.read(address);
  const history = await actors.history(address, { limit: 1_000 });
  if (view && history.length !== view.rev) wrong.push(`${address}: revision ${view.rev}, ${history.length} entries`);
  if (history.some(({ outcome }) => outcome === "failed")) wrong.push(`${address}: its machine failed`);
  const keysOnce = history
    .filter(({ event, outcome }) => event.type === "payment.succeeded" && outcome === "applied")
    .map(({ event }) => String((event as { chargeId?: unknown }).chargeId));
  if (new Set(keysOnce).size !== keysOnce.length) wrong.push(`${address}: a charge was applied twice`);
}

/** Nothing waits, nothing was given up, nothing is set aside. */
async function judgeLeftovers(reader: Reader, telegram: TelegramEmulator, wrong: string[]): Promise<void> {
  const { outbox, inbox, failed, quarantine } = reader;
  const waiting = await Promise.all(partitions().map((partition) => outbox.count(partition)));
  const effects = waiting.reduce((sum, count) => sum + count, 0);
  if (effects > 0) wrong.push(`${effects} effects have not ended`);
  const persons = (await inbox.pending(100)).length;
  if (persons > 0) wrong.push(`${persons} persons have updates that wait`);
  for (const { effectId, code } of await failed.list()) wrong.push(`${effectId} was given up: ${code}`);
  for (const { address, problem } of await quarantine.list()) wrong.push(`${address} is in quarantine: ${problem}`);
  const undelivered = telegram.pendingUpdates().length;
  if (undelivered > 0) wrong.push(`${undelivered} updates wait at Telegram`);
}

/** What a person got more than once: texts of the bot, by how many there are too many. */
export function doubledMessages(telegram: TelegramEmulator, pattern: RegExp): number {
  let doubled = 0;
  for (const person of telegram.people.all()) {
    const paid = telegram.snapshot().charges.filter(({ userId }) => userId === person.id).length;
    const seen = person.messages().filter(({ from, text }) => from === "bot" && pattern.test(text)).length;
    doubled += Math.max(0, seen - paid);
  }
  return doubled;
}
