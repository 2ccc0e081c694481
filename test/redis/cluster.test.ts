// Everything that runs on one Redis runs unchanged on Redis Cluster.
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { makeRedisConnections, type RedisClient, type RedisConnections } from "../../src/redis/connect.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { until } from "../queues/support.ts";
import { CAUSE } from "../support/actors.ts";
import type { BookContext } from "../support/book.ts";
import { startCluster, type TestCluster } from "../support/redis-cluster.ts";
import { makeStage, type Stage } from "../support/stage.ts";

let cluster: TestCluster | undefined;
let whyNot = "";
let connections: RedisConnections;
let client: RedisClient;
let stage: Stage;
const handled: number[] = [];

beforeAll(async () => {
  try {
    cluster = await startCluster();
  } catch (error) {
    whyNot = error instanceof Error ? error.message : String(error);
    return;
  }
  connections = makeRedisConnections(cluster.target);
  client = await connections.command();
  stage = makeStage({
    client,
    connect: (name) => connections.blocking(name),
    prefix: "tgs",
    shards: 3,
    handle: async (update) => void handled.push((update as { update_id: number }).update_id),
  });
  stage.startAll();
  await stage.queues.ready();
}, 30_000);
afterAll(async () => {
  if (!cluster) return;
  await stage.stop();
  await connections.close();
  await cluster.stop();
});
const needsCluster = (context: TestContext) =>
  context.skip(cluster === undefined, `no Redis Cluster on this machine: ${whyNot}`);

const books = Array.from({ length: 60 }, (_, number) => `b${number}`);
const contextOf = async (id: string) => (await stage.actors.read(`order/${id}`))?.context as unknown as BookContext;

describe("on a Redis Cluster of three masters", () => {
  it("actors take events, ask for effects, set timers and tell each other, across all slots", async (context) => {
    needsCluster(context);
    expect(new Set(books.map((id) => partitionOf(`order/${id}`))).size).toBeGreaterThan(30);
    await Promise.all(
      books.map(async (id, index) => {
        const to = books[(index + 7) % books.length] ?? null;
        await stage.actors.send(
          `order/${id}`,
          { type: "book.written", entry: "e", to },
          { cause: CAUSE, key: `k${id}`, once: `charge ${id}` },
        );
        await stage.actors.send(`order/${id}`, { type: "book.armed", inMs: 50 }, { cause: CAUSE });
        await stage.actors.send(`order/${id}`, { type: "book.asked" }, { cause: CAUSE });
      }),
    );
    await until(
      async () => ({ effects: await stage.pendingEffects(), timers: await stage.armedTimers() }),
      ({ effects, timers }) => effects + timers === 0,
    );
    for (const [index, id] of books.entries()) {
      const from = books[(index - 7 + books.length) % books.length];
      expect(await contextOf(id)).toMatchObject({
        entries: ["e"],
        notes: [`${from} e`],
        armed: 1,
        fired: [expect.any(Number)],
        answers: ["left"],
      });
      expect((await stage.actors.verify(`order/${id}`)).ok).toBe(true);
    }
    expect(await stage.ledger.sums()).toMatchObject([{ rows: books.length }]);
  });
  it("an event that was seen is a duplicate", async (context) => {
    needsCluster(context);
    const again = await stage.actors.send(
      "order/b1",
      { type: "book.written", entry: "e", to: null },
      { cause: CAUSE, once: "charge b1" },
    );
    expect(again).toMatchObject({ outcome: "duplicate", first: "applied" });
  });
  it("actors are found and counted over all masters", async (context) => {
    needsCluster(context);
    expect(await stage.actors.find("chatId=-2")).toHaveLength(10);
    expect(await stage.actors.countByState("order")).toEqual({ "timer.resting": 60, "work.idle": 60 });
    const walked: string[] = [];
    for await (const address of stage.actors.inState("order", "work")) walked.push(address);
    expect(walked).toHaveLength(60);
  });
  it("updates are taken in, handled in order, and swept", async (context) => {
    needsCluster(context);
    for (let update_id = 1; update_id <= 20; update_id += 1)
      await stage.updates.receive(`p${update_id % 5}`, { update_id });
    await until(
      () => stage.inbox.pending(100),
      (list) => list.length === 0,
    );
    for (let person = 0; person < 5; person += 1) {
      const order = handled.filter((update_id) => update_id % 5 === person);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
    expect(handled).toHaveLength(20);
    await stage.clockWorker.scheduleSweep();
    await stage.clockWorker.sweep();
  });
  it("nothing was refused in the background", (context) => {
    needsCluster(context);
    expect(stage.errors).toEqual([]);
  });
});
