// Everything that runs on one Redis runs unchanged on Redis Cluster.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { ticketDefinition } from "../../machines/ticket/definition.ts";
import { makeQueueInspector } from "../../src/queues/inspect.ts";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { makeRedisApprovalStore } from "../../src/redis/approval-store.ts";
import { makeRedisAuditLog } from "../../src/redis/audit-log.ts";
import { makeRedisAuditTail } from "../../src/redis/audit-tail.ts";
import { makeRedisBulkStore } from "../../src/redis/bulk-store.ts";
import { makeRedisConnections, type RedisClient, type RedisConnections } from "../../src/redis/connect.ts";
import { makeRedisEndedSessions } from "../../src/redis/ended-sessions.ts";
import { makeRedisLateTimers } from "../../src/redis/late-timers.ts";
import { makeRedisMessageStore } from "../../src/redis/message-store.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { makeRedisPendingTimers } from "../../src/redis/pending-timers.ts";
import { loadScripts, type Scripts } from "../../src/redis/scripts.ts";
import { makeRedisUpdateQuarantine } from "../../src/redis/update-quarantine.ts";
import type { KeptApproval } from "../../src/support/approval-port.ts";
import { exportTo, importFrom, newFile } from "../backup/support/copy.ts";
import { until } from "../queues/support.ts";
import { CAUSE } from "../support/actors.ts";
import { type BookContext, book } from "../support/book.ts";
import { freshPrefix } from "../support/redis.ts";
import { startCluster, type TestCluster } from "../support/redis-cluster.ts";
import { makeStage, type Stage } from "../support/stage.ts";

let cluster: TestCluster | undefined;
let whyNot = "";
let connections: RedisConnections;
let client: RedisClient;
let scripts: Scripts;
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
  scripts = loadScripts(client);
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

const approval = (id: string, askedAt: number): KeptApproval => ({
  ...{ id, title: "book.asked", reason: "asked by phone", askedBy: "alice", askedRole: "finance" },
  deed: { kind: "event", address: "order/b1", event: { type: "book.asked" }, expectedSeq: 3 },
  ...{ askedAt, endsAt: askedAt + 86_400_000, state: "waiting", decidedBy: null, decidedAt: null, note: null },
});

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
  it("timers that wait are read in pages, and those that are late counted", async (context) => {
    needsCluster(context);
    const before = Date.now();
    for (const id of books.slice(0, 5))
      await stage.actors.send(`order/${id}`, { type: "book.armed", inMs: 3_600_000 }, { cause: CAUSE });
    const pending = makeRedisPendingTimers(client, stage.keys);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await pending.page(cursor, 2);
      found.push(...page.timers.map(({ address }) => address));
      ({ cursor } = page);
    } while (cursor !== null);
    expect(found.sort()).toEqual(books.slice(0, 5).map((id) => `order/${id}`));
    expect([await pending.total(), await pending.late(before)]).toEqual([5, 0]);
    const late = await makeRedisLateTimers(client, stage.keys)(before + 86_400_000);
    expect([late.count, Number(late.since) > before]).toEqual([5, true]);
  });
  it("queues and jobs of all shards are seen", async (context) => {
    needsCluster(context);
    const inspector = makeQueueInspector({
      queues: stage.queues,
      outbox: stage.outbox,
      scoreOf: (key, member) => client.zscore(key, member),
    });
    expect((await inspector.queues()).map(({ shards }) => shards)).toContain(3);
    const delayed = await inspector.jobs("clock", "delayed", 10);
    expect(delayed?.total).toBeGreaterThan(0);
    const [first] = delayed?.jobs ?? [];
    expect((await inspector.job("clock", first?.id ?? ""))?.dueAt).toBe(first?.dueAt);
  });
  it("the record of all actors is read in one order, and told as it is written", async (context) => {
    needsCluster(context);
    const log = makeRedisAuditLog(client, stage.keys, makeRedisActorStore(client, scripts, stage.keys), {
      idsAreTime: true,
    });
    const failures: string[] = [];
    const tail = makeRedisAuditTail(client, stage.keys, { onError: (where) => failures.push(where), everyMs: 5 });
    const heard: string[] = [];
    const { stop } = await tail.watch((entries) => heard.push(...entries.map(({ address }) => address)));
    const written = { type: "book.written", entry: "f", to: null };
    for (const id of books.slice(0, 8)) await stage.actors.send(`order/${id}`, written, { cause: CAUSE });
    await until(
      async () => heard,
      ({ length }) => length >= 8,
    );
    stop();
    expect(heard.sort()).toEqual(books.slice(0, 8).map((id) => `order/${id}`));
    const newest: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await log.list(
        { type: "book.written", outcome: "applied" },
        { limit: 50, ...(cursor === null ? {} : { cursor }) },
      );
      newest.push(...page.entries.map(({ address, rev }) => `${address} ${rev}`));
      ({ cursor } = page);
    } while (cursor !== null);
    expect([newest.length, new Set(newest).size]).toEqual([books.length + 8, books.length + 8]);
    expect(failures).toEqual([]);
  });
  it("what the staff decide, write and end is kept", async (context) => {
    needsCluster(context);
    const approvals = makeRedisApprovalStore(client, scripts, stage.keys);
    const waiting = ["a1", "a2", "a3"].map((id, index) => approval(id, index));
    for (const one of waiting) await approvals.put(one);
    expect((await approvals.list()).map(({ id }) => id)).toEqual(["a3", "a2", "a1"]);
    expect(await approvals.replace(approval("a1", 0), { ...approval("a1", 0), state: "approved" })).toBe(true);
    const bulks = makeRedisBulkStore(client, stage.keys);
    const bulk = { event: { type: "book.asked" }, addresses: books.map((id) => `order/${id}` as const) };
    expect(await bulks.put("k1", bulk)).toEqual(await bulks.read("k1"));
    const messages = makeRedisMessageStore(client, stage.keys);
    await messages.put("t1", "m1", { from: "customer", text: "Hello", at: 1 });
    expect(await messages.list("t1")).toEqual([{ from: "customer", text: "Hello", at: 1 }]);
    const ended = makeRedisEndedSessions(client, stage.keys);
    await ended.end("s1", 60_000);
    expect([await ended.isEnded("s1"), await ended.isEnded("s2")]).toEqual([true, false]);
  });
  it("updates that were set aside are listed and forgotten", async (context) => {
    needsCluster(context);
    const setAside = makeRedisUpdateQuarantine(client, stage.keys);
    const update = { updateId: 7, kind: "message", problem: "malformed", fields: [], chatId: null, userId: 5 } as const;
    await setAside.add({ ...update, at: 1, money: {} });
    await setAside.add({ ...update, at: 2, money: { refunded_payment: { currency: "XTR" } } });
    const [newest, oldest] = await setAside.list();
    expect([newest?.at, oldest?.at]).toEqual([2, 1]);
    expect(await setAside.forget(newest?.id ?? "")).toEqual(newest);
    expect(await setAside.list()).toEqual([oldest]);
  });
  it("all of it is exported, and imported into a cluster", async (context) => {
    needsCluster(context);
    const machines = [book, ticketDefinition];
    const linesOf = (path: string) =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => !/"kind":"trailer"/.test(line))
        .sort();
    const [first, second] = [newFile(), newFile()];
    expect(await exportTo(first, client, { prefix: stage.keys.prefix, machines })).toMatchObject({ actors: 60 });
    const copy = freshPrefix();
    expect(await importFrom(first, client, { prefix: copy })).toMatchObject({
      broken: [],
      counts: { actor: 60 },
    });
    await exportTo(second, client, { prefix: copy, machines });
    expect(linesOf(second)).toEqual(linesOf(first));
  });
  it("nothing was refused in the background", (context) => {
    needsCluster(context);
    expect(stage.errors).toEqual([]);
  });
});
