import { describe, expect, it } from "vitest";
import { jobIdOf } from "../../src/queues/queue-set.ts";
import { CAUSE } from "../support/actors.ts";
import { stageForTest } from "./support.ts";

const effect = (number: number, lane: "actors" | "outside" = "outside") => ({ effectId: `order/b|1|${number}`, lane });

describe("effects that commits have written", () => {
  it("become jobs named after them, in one bulk per queue and turn", async () => {
    const { relay, queues } = stageForTest();
    const bulks: number[] = [];
    for (const lane of ["actors", "outside"] as const) {
      const queue = queues.queue(lane, 0);
      const addBulk = queue.addBulk.bind(queue);
      queue.addBulk = (jobs) => {
        bulks.push(jobs.length);
        return addBulk(jobs);
      };
    }
    for (let number = 0; number < 30; number += 1) relay.add("order/b", [effect(number)]);
    relay.add("order/b", [effect(30, "actors")]);
    await relay.flushed();
    expect(bulks.sort((a, b) => a - b)).toEqual([1, 30]);
    expect(await queues.queue("outside", 0).getWaitingCount()).toBe(30);
    const job = await queues.queue("actors", 0).getJob(jobIdOf("order/b|1|30"));
    expect(job?.data).toEqual({ effectId: "order/b|1|30" });
  });
  it("stay one job when they are added again", async () => {
    const { relay, queues } = stageForTest();
    for (let turn = 0; turn < 3; turn += 1) {
      relay.add("order/b", [effect(1), effect(2)]);
      await relay.flushed();
    }
    expect(await queues.queue("outside", 0).getWaitingCount()).toBe(2);
  });
  it("do not share a job because their names differ in a colon only", async () => {
    const { relay, queues } = stageForTest();
    relay.add("payment/a:b", [{ effectId: "payment/a:b|1|0", lane: "outside" }]);
    relay.add("payment/a~b", [{ effectId: "payment/a~b|1|0", lane: "outside" }]);
    await relay.flushed();
    expect(await queues.queue("outside", 0).getWaitingCount()).toBe(2);
  });
  it("are dispatched when they were asked for by a real commit, tells in the lane of actors", async () => {
    const { actors, relay, queues } = stageForTest();
    await actors.send("order/b", { type: "book.written", entry: "e", to: "c" }, { cause: CAUSE });
    await relay.flushed();
    expect(await queues.queue("outside", 0).getWaitingCount()).toBe(2);
    expect(await queues.queue("actors", 0).getWaitingCount()).toBe(1);
  });
});

describe("a relay that could not dispatch", () => {
  it("says so, goes on, and leaves the entry in the outbox", async () => {
    const stage = stageForTest();
    const queue = stage.queues.queue("outside", 0);
    const addBulk = queue.addBulk.bind(queue);
    queue.addBulk = () => Promise.reject(new Error("no connection"));
    await stage.actors.send("order/b", { type: "book.asked" }, { cause: CAUSE });
    await stage.relay.flushed();
    expect(stage.errors).toEqual(["outbox-relay: no connection"]);
    expect(await stage.outbox.read("order/b|1|0")).not.toBeNull();
    queue.addBulk = addBulk;
    stage.relay.add("order/b", [effect(9)]);
    await stage.relay.flushed();
    expect(await queue.getWaitingCount()).toBe(1);
  });
});
