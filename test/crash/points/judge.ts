// What must be true of a round whenever there is nothing left to do, however often the process died.
import { addressOf } from "../../../machines/address.ts";
import { definitions } from "../../../machines/registry.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import { makeEntitlementReader } from "../../../src/effects/read-entitlement.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import { CHAT, PERIOD_MS, type Round } from "./round.ts";

/** @returns one line per thing that is lost, doubled, stuck or not allowed; none when all is well. */
export async function judgeRound(round: Round): Promise<readonly string[]> {
  const { ports, charges, books, clock } = round;
  const wrong: string[] = [];
  const actors = new ActorSystem({
    machines: new MachineCatalog(definitions),
    store: ports.store,
    clock,
    afterCommit: { effectsAdded: () => {}, timerMoved: () => {} },
    cacheSize: 0,
  });
  const isEntitled = makeEntitlementReader(actors, clock);

  const rows: string[] = [];
  for await (const { entry, chargeId } of ports.ledger.rows()) rows.push(`${entry} ${chargeId}`);
  const expected = charges.map(({ chargeId }) => `charge ${chargeId}`);
  if (rows.sort().join() !== expected.sort().join())
    wrong.push(`I5 the ledger has ${rows.length} rows for ${expected.length} charges`);

  for (const userId of new Set(charges.map((charge) => charge.userId))) {
    const paid = charges.filter((charge) => charge.userId === userId);
    const view = await actors.read(addressOf.subscription(userId, "channel"));
    const { periods = [], charges: counted } = (view?.context ?? {}) as unknown as Partial<SubscriptionContext>;
    if (counted !== paid.length || new Set(periods.map(({ chargeId }) => chargeId)).size !== paid.length)
      wrong.push(`I1 user ${userId}: ${paid.length} charges, ${counted} counted, ${periods.length} periods`);
    for (const { chargeId, from, until } of periods)
      if ((until ?? 0) - from !== PERIOD_MS) wrong.push(`I1 ${chargeId} bought ${(until ?? 0) - from} ms`);

    const entitled = await isEntitled(userId, CHAT);
    if (entitled && !books.inside.has(userId)) wrong.push(`I2 user ${userId} paid and is outside`);
    if (!entitled && books.inside.has(userId)) wrong.push(`I3 user ${userId} is inside without a right`);

    const addresses = new Set([
      ...(await actors.find(`telegramId=${userId}`)),
      ...paid.map(({ chargeId }) => addressOf.payment(chargeId)),
    ]);
    for (const address of addresses) {
      const { ok, entries, problem } = await actors.verify(address);
      const rev = (await actors.read(address))?.rev ?? 0;
      if (!ok || entries !== rev) wrong.push(`I9 ${address}: revision ${rev}, ${entries} entries, ${problem}`);
    }
  }
  const effects = await Promise.all(ports.timers.partitions.map((partition) => ports.outbox.count(partition)));
  const left = effects.reduce((sum, count) => sum + count, 0);
  if (left > 0) wrong.push(`I2 ${left} effects have not ended`);
  if ((await ports.inbox.pending(10)).length > 0) wrong.push("I12 updates wait");
  for (const { effectId, code } of await ports.failed.list()) wrong.push(`I2 ${effectId} was given up: ${code}`);
  for (const { address, problem } of await ports.quarantine.list()) wrong.push(`I13 ${address}: ${problem}`);
  return wrong;
}

/** Messages that came more often than the service meant to send them: at most one per death, or something is wrong. */
export function doubledNotices({ books, charges }: Round): number {
  let doubled = 0;
  for (const [name, times] of books.notices) {
    const [userId = ""] = name.split(" ");
    const meant = charges.filter((charge) => String(charge.userId) === userId).length;
    if (name.endsWith("payment.received")) doubled += Math.max(0, times - meant);
  }
  return doubled;
}
