// The service as two processes behind Sentinel: the primary dies, a replica takes its place, and what was replicated is still there.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Buyer } from "../faults/support/buyer.ts";
import { judge } from "../faults/support/judge.ts";
import { until } from "../faults/support/until.ts";
import { CHATS, plansFile } from "../journeys/support/plans.ts";
import { type SentinelSet, startSentinels } from "./support/sentinels.ts";
import { Town } from "./support/town.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
/** A server is given up after one second; election and reconnection take one or two more, a busy machine several. Unit: milliseconds. */
const BACK_WITHIN_MS = 30_000;
const ends: (() => Promise<void>)[] = [];
const atEnd = (end: () => Promise<void>) => void ends.unshift(end);
let redis: SentinelSet;
let town: Town;
beforeAll(async () => {
  redis = await startSentinels(atEnd);
  town = await Town.open({
    ...{ redisUrl: redis.url, client: redis.client, plans: plansFile(), channelId: CHATS.club, atEnd },
  });
  for (const id of Object.values(CHATS)) town.telegram.channels.create({ id, title: `Channel ${id}` });
  await Promise.all([town.start("web"), town.start("worker")]);
});
afterAll(async () => {
  for (const end of ends) await end();
});
const buyer = () => new Buyer(town.telegram.people.add({ languageCode: "en", stars: 100_000 }));
const holds = () =>
  until("every promise holds", async () => ((await judge(town.reader, town.telegram)).length === 0 ? true : null));

describe("a web and a worker process behind Sentinel", () => {
  it("sell and let in", async () => {
    await Promise.all([buyer(), buyer()].map((one) => one.buysAndJoins()));
    await holds();
  });

  it("go on when the primary is killed, and keep what was acknowledged and replicated", async () => {
    const asked = [buyer(), buyer()];
    const invoices = await Promise.all(asked.map((one) => one.choosesPlan()));
    await redis.replicated();
    const before = await redis.primaryPort();
    await redis.killPrimary();
    const from = performance.now();
    // They pay by invoices of the time before, in the middle of the failover.
    await Promise.all(asked.map((one, index) => one.pays(invoices[index] ?? 0)));
    const paidAfterMs = performance.now() - from;
    await Promise.all(asked.map((one) => one.joins()));
    const insideAfterMs = performance.now() - from;
    expect(await redis.primaryPort()).not.toBe(before);
    await holds();
    console.log(
      `primary killed: paid again after ${Math.round(paidAfterMs)} ms, inside after ${Math.round(insideAfterMs)} ms`,
    );
    expect(paidAfterMs).toBeLessThan(BACK_WITHIN_MS);
    expect(town.services.every(({ process }) => process.isRunning)).toBe(true);
  });

  it("sell and let in on the new primary", async () => {
    await buyer().buysAndJoins();
    await holds();
  });
});
