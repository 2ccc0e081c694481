import { describe, expect, it } from "vitest";
import { laneOfBody, makeOutboxSweep } from "../../src/queues/sweep-outbox.ts";
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
  const sweep = makeOutboxSweep(stage.outbox, stage.timers.partitions, stage.relay, () => {});
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

describe("the oldest outbox entry", () => {
  it("is as old as it has been seen for, and nothing when all have ended", async () => {
    const { stage } = await asked(false);
    let now = 1_000;
    const ages: number[] = [];
    const sweep = makeOutboxSweep(stage.outbox, stage.timers.partitions, stage.relay, () => {}, {
      now: () => now,
      onSwept: (oldestMs) => ages.push(oldestMs),
    });
    await sweep();
    now += 5_000;
    await stage.actors.send("order/c", { type: "book.written", entry: "e", to: "d" }, { cause: CAUSE });
    await sweep();
    for (const index of [0, 1, 2]) await stage.outbox.remove(`order/b|1|${index}`);
    now += 5_000;
    await sweep();
    for (const index of [0, 1, 2]) await stage.outbox.remove(`order/c|1|${index}`);
    await sweep();
    expect(ages).toEqual([0, 5_000, 5_000, 0]);
  });
});

describe("an outbox entry whose job is there", () => {
  it("is not dispatched twice, however often it is seen", async () => {
    const { sweep, jobs } = await asked(false);
    for (let turn = 0; turn < 4; turn += 1) await sweep();
    expect(await jobs()).toEqual({ outside: 2, actors: 1 });
  });
});

/** A sweep over one partition with these entries. */
const sweepOf = (listed: readonly { readonly effectId: string; readonly body: string }[]) => {
  const added: string[] = [];
  const reported: string[] = [];
  const entries = async function* (partition: number) {
    if (partition === 0) yield* listed;
  };
  const sweep = makeOutboxSweep(
    { entries, count: async () => listed.length },
    [0, 1],
    { add: (_address, effects) => void added.push(...effects.map(({ effectId, lane }) => `${effectId} ${lane}`)) },
    (_where, error) => reported.push(error.message),
  );
  return { sweep, added, reported };
};

describe("effects that wait long for their turn", () => {
  it("are dispatched again now and then, not at every sweep", async () => {
    const { sweep, added } = sweepOf([{ effectId: "order/b|1|0", body: "{}" }]);
    const after: number[] = [];
    for (let turn = 0; turn < 13; turn += 1) {
      await sweep();
      after.push(added.length);
    }
    expect(after).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });
});

describe("an outbox entry of an actor that this build does not know", () => {
  it("is left to the build that does, reported, and holds up none of the others", async () => {
    const { sweep, added, reported } = sweepOf([
      { effectId: "voucher/v|1|0", body: "{}" },
      { effectId: "order/b|1|0", body: "{}" },
    ]);
    await sweep();
    await sweep();
    expect(added).toEqual(["order/b|1|0 outside"]);
    expect(reported).toEqual([expect.stringContaining("voucher/v|1|0")]);
  });
});

describe("the lane of a stored effect", () => {
  it.each([
    ["actors", { kind: "effect", effect: { kind: "tell", to: "order/a", event: { type: "x" } } }],
    ["actors", { effect: { to: "order/a", kind: "broadcast" }, kind: "effect" }],
    ["outside", { kind: "effect", effect: { kind: "notifyCustomer" } }],
    ["outside", { kind: "invoke", childId: "tell", src: "refundCharge" }],
  ])("is %s, however it was written down", (lane, stored) => {
    expect(laneOfBody(JSON.stringify(stored, null, 1))).toBe(lane);
  });
  it.each(["", "null", "{", '{"kind":"effect"}'])(
    "is that of those that end there when it cannot be read: %s",
    (body) => {
      expect(laneOfBody(body)).toBe("outside");
    },
  );
});
