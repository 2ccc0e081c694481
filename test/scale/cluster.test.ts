// The service as three processes on a Redis Cluster of three masters: people buy, come in, are charged again, cancel, and are out.
import { Cluster } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { until } from "../faults/support/until.ts";
import { startCluster } from "../support/redis-cluster.ts";
import { CHANNEL, SHORT, shortPlans } from "./support/short-plans.ts";
import { livesWholeLife } from "./support/subscriber.ts";
import { Town } from "./support/town.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const ends: (() => Promise<void>)[] = [];
const atEnd = (end: () => Promise<void>) => void ends.unshift(end);
let town: Town;
beforeAll(async () => {
  const cluster = await startCluster({ appendonly: "yes" });
  atEnd(() => cluster.stop());
  const { addresses } = cluster.target;
  const client = new Cluster([...addresses]);
  atEnd(async () => client.disconnect());
  town = await Town.open({
    redisUrl: `redis-cluster://${addresses.map(({ host, port }) => `${host}:${port}`).join(",")}`,
    ...{ client, plans: shortPlans(), channelId: CHANNEL, atEnd },
  });
  town.telegram.channels.create({ id: CHANNEL, title: "The club" });
  await Promise.all([town.start("web"), town.start("worker"), town.start("worker")]);
});
afterAll(async () => {
  for (const end of ends) await end();
});

describe("one web and two worker processes on a Redis Cluster of three masters", () => {
  it("sell, let in, charge again and put out at the end of the paid time", async () => {
    const people = Array.from({ length: 4 }, () => town.telegram.people.add({ languageCode: "en", stars: 10_000 }));
    const charged = (userId: number) =>
      town.telegram.snapshot().charges.filter((charge) => charge.userId === userId).length;
    const charges = await Promise.all(people.map((person) => livesWholeLife(person, charged)));
    expect(Math.min(...charges)).toBeGreaterThanOrEqual(2);

    const { actors, ledger } = town.reader;
    for (const [index, { id }] of people.entries()) {
      const address = `subscription/${id}:club` as const;
      const view = await until("the subscription is over", async () => {
        const now = await actors.read(address);
        return now?.states.some((state) => state.startsWith("billing.expired")) ? now : null;
      });
      const { periods } = view.context as unknown as { readonly periods: readonly unknown[] };
      expect(periods).toHaveLength(charges[index] ?? 0);
      expect((await actors.verify(address)).ok).toBe(true);
    }
    const all = charges.reduce((sum, count) => sum + count, 0);
    const [sum] = await ledger.sums();
    expect(sum).toMatchObject({ rows: all });
    expect(all * SHORT.amount).toBe(town.telegram.botStars);
  });

  it("and each process is alive, with nothing refused for the slot it lies in", async () => {
    expect(town.services.every(({ process }) => process.isRunning)).toBe(true);
    const texts = town.services.map(({ process }) => JSON.stringify(process.log()));
    for (const text of texts) expect(text).not.toMatch(/CROSSSLOT|MOVED/);
  });
});
