import { describe, expect, it } from "vitest";
import { makeOutboxSweep } from "../../src/queues/sweep-outbox.ts";
import { CAUSE } from "../support/actors.ts";
import { stageForTest } from "./support.ts";

const asked = async (crash: boolean) => {
  const stage = stageForTest();
  const queue = stage.queues.queue("outside", 0);
  const addBulk = queue.addBulk.bind(queue);
  // As if the process had died between the commit and the dispatch.
  if (crash) queue.addBulk = async () => [];
  await stage.actors.send("order/b", { type: "book.written", entry: "e", to: "c" }, { cause: CAUSE });
  await stage.relay.flushed();
  queue.addBulk = addBulk;
  const sweep = makeOutboxSweep(stage.outbox, stage.timers.partitions, stage.relay);
  const jobs = async () => {
    await stage.relay.flushed();
    return { outside: await queue.getWaitingCount(), actors: await stage.queues.queue("actors", 0).getWaitingCount() };
  };
  return { stage, sweep, jobs };
};

describe("an outbox entry without a job", () => {
  it("is dispatched by the second sweep that sees it, in its own lane", async () => {
    const { sweep, jobs } = await asked(true);
    expect(await jobs()).toEqual({ outside: 0, actors: 1 });
    await sweep();
    expect(await jobs()).toEqual({ outside: 0, actors: 1 });
    await sweep();
    expect(await jobs()).toEqual({ outside: 2, actors: 1 });
  });
  it("that ends between two sweeps is left alone", async () => {
    const { stage, sweep, jobs } = await asked(true);
    await sweep();
    for (const index of [0, 1]) await stage.outbox.remove(`order/b|1|${index}`);
    await sweep();
    expect(await jobs()).toEqual({ outside: 0, actors: 1 });
  });
});

describe("an outbox entry whose job is there", () => {
  it("is not dispatched twice, however often it is seen", async () => {
    const { sweep, jobs } = await asked(false);
    for (let turn = 0; turn < 4; turn += 1) await sweep();
    expect(await jobs()).toEqual({ outside: 2, actors: 1 });
  });
});
