import { describe, expect, it, onTestFinished } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { ClockWorker } from "../../src/queues/clock-worker.ts";
import { QueueSet } from "../../src/queues/queue-set.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import type { Clock, DueTimer } from "../../src/runtime/ports.ts";
import { CAUSE } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { gate, stageForTest, until } from "./support.ts";

const client = testRedis();
const realClock: Clock = { now: () => Date.now() };
const CHOSEN = "chosen.timer.armed";

/** A clock worker on real queues and a real sorted set, with a door that only writes down what fires. */
function clockProcess({
  prefix = freshPrefix(),
  clock = realClock,
  isClockStanding = false,
  works = true,
  alsoSweep = async (): Promise<void> => {},
} = {}) {
  const keys = new Keys(prefix);
  const errors: string[] = [];
  const onError = (where: string, error: Error) => errors.push(`${where}: ${error.message}`);
  const queues = new QueueSet({
    connect: () => testRedis(),
    prefixOf: (shard) => keys.queuePrefix(shard),
    shards: 1,
    onError,
  });
  const fired: (DueTimer & { at: number })[] = [];
  const swept: string[] = [];
  const worker = new ClockWorker({
    queues,
    timers: makeRedisTimerSource(client, keys, onError),
    door: {
      async fireTimer(timer) {
        fired.push({ ...timer, at: Date.now() });
        await client.zrem(keys.timers(partitionOf(timer.address)), `${timer.address}|${timer.timerId}`);
        return "applied";
      },
    },
    clock,
    isClockStanding,
    onError,
    onFired: () => {},
    alsoSweep: [
      async () => {
        swept.push("first");
        throw new Error("a defect");
      },
      async () => void swept.push("second"),
      alsoSweep,
    ],
  });
  if (works) worker.start();
  onTestFinished(() => queues.close());
  const arm = async (address: ActorAddress, timerId: string, dueAt: number) => {
    const partition = partitionOf(address);
    await client.zadd(keys.timers(partition), dueAt, `${address}|${timerId}`);
    return { partition, dueAt };
  };
  /** What a commit does: the due time is stored, then the clock is told of the partition's earliest one. */
  const commit = async (address: ActorAddress, timerId: string, dueAt: number) => {
    await arm(address, timerId, dueAt);
    const [, earliest] = await client.zrange(keys.timers(partitionOf(address)), 0, "0", "WITHSCORES");
    worker.timerMoved(address, Number(earliest));
  };
  return { prefix, keys, queues, worker, fired, swept, errors, arm, commit };
}

describe("a timer on an idle service", () => {
  it("fires soon after it is due, and not before", async () => {
    const stage = stageForTest();
    stage.startAll();
    await stage.queues.ready();
    for (let turn = 0; turn < 5; turn += 1) {
      await stage.actors.send("order/b", { type: "book.armed", inMs: 60 }, { cause: CAUSE });
      await until(
        () => stage.fired.length,
        (count) => count === turn + 1,
      );
    }
    const late = stage.fired.map(({ lateMs }) => lateMs).sort((a, b) => a - b);
    console.log(`idle timers were late by ${late.join(", ")} ms`);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    // No sweep runs here: only the wake-up of its own due time can have fired it.
    expect((await stage.actors.read("order/b"))?.context).toMatchObject({ armed: 5, fired: { length: 5 } });
  });
  it("is woken for by an earlier due time than the one that stood", async () => {
    const { commit, fired } = clockProcess();
    const now = Date.now();
    await commit("order/b", "late", now + 3_600_000);
    await commit("order/b", "soon", now + 50);
    await until(
      () => fired.length,
      (count) => count === 1,
    );
    expect(fired[0]).toMatchObject({ timerId: "soon" });
  });
  it("costs no job when an earlier wake-up stands already", async () => {
    const { commit, queues } = clockProcess({ works: false });
    const now = Date.now();
    for (let number = 0; number < 20; number += 1) await commit("order/b", `t${number}`, now + 60_000 + number);
    expect(await queues.queue("clock", 0).getDelayedCount()).toBe(1);
  });
});

describe("several processes", () => {
  it("wake for a timer whose process believes that a wake-up still stands, though another has used it up", async () => {
    const here = clockProcess({ works: false });
    const there = clockProcess({ prefix: here.prefix });
    await here.commit("order/b", "first", Date.now() + 30);
    await until(
      () => there.fired.length,
      (count) => count === 1,
    );
    await until(
      () => here.queues.queue("clock", 0).getJobCountByTypes("active", "waiting", "delayed"),
      (count) => count === 0,
    );
    await here.commit("order/b", "second", Date.now() + 30);
    await until(
      () => there.fired.length,
      (count) => count === 2,
      3_000,
    );
  });
  it("fire a timer whose wake-up came to one whose clock is behind", async () => {
    const ahead = clockProcess({ works: false });
    const behind = clockProcess({ prefix: ahead.prefix, clock: { now: () => Date.now() - 300 } });
    await ahead.commit("order/b", "t", Date.now() + 20);
    await until(
      () => behind.fired.length,
      (count) => count === 1,
      3_000,
    );
  });
});

describe("what is due", () => {
  it("fires in order of due time, also when it is many times more than one batch", async () => {
    const { arm, worker, fired } = clockProcess({ works: false });
    const now = Date.now();
    // As after a downtime: a thousand overdue timers of many actors in one partition, armed in any order.
    const partition = partitionOf("order/b");
    const addresses = Array.from({ length: 4_000 }, (_, index) => `order/n${index}` as const).filter(
      (address) => partitionOf(address) === partition,
    );
    const dueTimes = Array.from({ length: 1_000 }, (_, index) => now - 10_000 + ((index * 7_919) % 1_000));
    for (const [index, dueAt] of dueTimes.entries())
      await arm(addresses[index % addresses.length] ?? "order/b", `t${index}`, dueAt);
    await worker.sweep();
    expect(fired.map(({ dueAt }) => dueAt)).toEqual([...dueTimes].sort((a, b) => a - b));
  });
  it("is drained once when it is asked for twice at the same time", async () => {
    const { arm, worker, fired } = clockProcess({ works: false });
    const { partition } = await arm("order/b", "t", Date.now() - 5);
    await Promise.all([worker.drain(partition), worker.drain(partition)]);
    expect(fired).toHaveLength(1);
  });
});

describe("a sweep", () => {
  it("plants a wake-up again that was lost", async () => {
    const { commit, worker, queues, fired } = clockProcess();
    await commit("order/b", "t", Date.now() + 300);
    await until(
      () => queues.queue("clock", 0).getDelayedCount(),
      (count) => count === 1,
    );
    await queues.queue("clock", 0).drain(true);
    await worker.sweep();
    await until(
      () => fired.length,
      (count) => count === 1,
    );
  });
  it("comes by itself, by whichever process has time", async () => {
    const { arm, worker, fired } = clockProcess();
    await arm("order/b", "t", Date.now() - 1);
    await worker.scheduleSweep();
    await until(
      () => fired.length,
      (count) => count === 1,
    );
  });
  it("is not begun a second time while one that takes long is under way", async () => {
    const silent = gate();
    let sweeps = 0;
    const { worker, queues, arm, fired } = clockProcess({
      alsoSweep: async () => {
        sweeps += 1;
        await silent.opened;
      },
    });
    const first = worker.sweep();
    await until(
      () => sweeps,
      (count) => count === 1,
    );
    for (let turn = 0; turn < 40; turn += 1) await queues.queue("clock", 0).add("sweep", {});
    const { partition, dueAt } = await arm("order/b", "t", Date.now());
    await queues.queue("clock", partition).add("wake", { partition, dueAt, early: 0 });
    await until(
      () => fired.length,
      (count) => count === 1,
    );
    expect(sweeps).toBe(1);
    silent.open();
    await first;
  });
  it("goes on with the rest when one of its parts fails", async () => {
    const { arm, worker, keys, fired, swept, errors } = clockProcess({ works: false });
    await client.zadd(keys.timers(0), 1, "no address at all");
    const other =
      Array.from({ length: 200 }, (_, index) => `order/x${index}` as const).find(
        (address) => partitionOf(address) > 0,
      ) ?? "order/x";
    await arm(other, "t", Date.now() - 1);
    await worker.sweep();
    expect(fired).toHaveLength(1);
    expect(swept).toEqual(["first", "second"]);
    expect(errors).toHaveLength(2);
  });
});

describe("a timer whose machine fails", () => {
  it("is put off, is on record, and holds nobody else up", async () => {
    const stage = stageForTest();
    const partition = partitionOf("order/b");
    const neighbour =
      Array.from({ length: 4_000 }, (_, index) => `order/n${index}` as const).find(
        (address) => partitionOf(address) === partition,
      ) ?? "order/n";
    for (const address of ["order/b", neighbour] as const)
      await stage.actors.send(address, { type: "book.armed", inMs: 0 }, { cause: CAUSE });
    await stage.actors.send("order/b", { type: "book.spoiled" }, { cause: CAUSE });
    const before = Date.now();
    await stage.clockWorker.drain(partition);
    expect((await stage.actors.read(neighbour))?.context.fired).toHaveLength(1);
    expect(Number(await client.zscore(stage.keys.timers(partition), `order/b|${CHOSEN}`))).toBeGreaterThanOrEqual(
      before + 300_000,
    );
    expect((await stage.actors.history("order/b"))[0]).toMatchObject({
      outcome: "failed",
      cause: { kind: "timer", id: CHOSEN },
    });
  });
});

describe("a sorted set that says otherwise than the actor", () => {
  it("is put right by the firing that comes too early", async () => {
    const stage = stageForTest();
    await stage.actors.send("order/b", { type: "book.armed", inMs: 3_600_000 }, { cause: CAUSE });
    const dueAt = (await stage.actors.read("order/b"))?.timers[CHOSEN]?.dueAt;
    const key = stage.keys.timers(partitionOf("order/b"));
    await client.zadd(key, 5, `order/b|${CHOSEN}`);
    await stage.clockWorker.drain(partitionOf("order/b"));
    expect(Number(await client.zscore(key, `order/b|${CHOSEN}`))).toBe(dueAt);
  });
});

describe("a clock that stands", () => {
  it("plants no wake-up for a time that will not come by itself, and fires what is due at once", async () => {
    let now = Date.now();
    const { worker, queues, fired, commit, arm } = clockProcess({ clock: { now: () => now }, isClockStanding: true });
    await queues.ready();
    await commit("order/b", "later", now + 1);
    const { partition } = await arm("order/b", "later", now + 1);
    await worker.sweep();
    expect(await queues.queue("clock", partition).getDelayedCount()).toBe(0);
    expect(fired).toEqual([]);
    now += 1;
    await worker.drain(partition);
    expect(fired.map(({ timerId }) => timerId)).toEqual(["later"]);
    await commit("order/b", "now", now);
    await until(
      () => fired.length,
      (count) => count === 2,
    );
  });
});
