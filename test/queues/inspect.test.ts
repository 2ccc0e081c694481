// What people see of the queues, and what they may do to a job without losing what it was for.
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/errors.ts";
import { makeQueueInspector } from "../../src/queues/inspect.ts";
import type { SeenJobState } from "../../src/queues/ports.ts";
import { CAUSE } from "../support/actors.ts";
import { testRedis } from "../support/redis.ts";
import { stageForTest, until } from "./support.ts";

const client = testRedis();
type Stage = ReturnType<typeof stageForTest>;
const inspect = ({ queues, outbox }: Stage) =>
  makeQueueInspector({ queues, outbox, scoreOf: (key, member) => client.zscore(key, member) });
const ask = async (stage: Stage) => {
  await stage.actors.send("order/b", { type: "book.asked" }, { cause: CAUSE });
  await stage.relay.flushed();
};
const answersOf = async (stage: Stage) =>
  ((await stage.actors.read("order/b"))?.context as { answers: string[] } | undefined)?.answers ?? [];
const jobsIn = async (stage: Stage, state: SeenJobState) =>
  (await inspect(stage).jobs("outside", state, 10))?.jobs ?? [];

describe("the queues", () => {
  it.each([1, 2])("are counted over all shards, and list what waits with what it is for (%i)", async (shards) => {
    const stage = stageForTest({ shards });
    await ask(stage);
    const seen = await inspect(stage).queues();
    expect(seen.map(({ name }) => name)).toEqual(["updates", "actors", "outside", "clock"]);
    expect(seen.find(({ name }) => name === "outside")).toEqual({
      ...{ name: "outside", shards, counts: { waiting: 1, active: 0, delayed: 0, failed: 0, completed: 0 } },
    });
    expect(await inspect(stage).jobs("outside", "waiting", 10)).toMatchObject({
      total: 1,
      jobs: [
        {
          ...{ state: "waiting", address: "order/b", effect: "invoke checkMembership", attempts: 0, error: null },
          data: { effectId: "order/b|1|0" },
          dueAt: null,
        },
      ],
    });
  });
  it("have no others", async () => {
    const stage = stageForTest();
    expect(await inspect(stage).jobs("constructor", "waiting", 10)).toBeNull();
    expect(await inspect(stage).job("outside", "nothing")).toBeNull();
    expect(await inspect(stage).act("outside", "nothing", "remove")).toBe("gone");
  });
  it("show nothing of a job that they do not know", async () => {
    const stage = stageForTest();
    await stage.queues.queue("updates", 0).add("person", { person: "7", text: "a secret" }, { jobId: "strange" });
    expect(await inspect(stage).job("updates", "strange")).toMatchObject({
      ...{ address: "customer/7", effect: null, data: { person: "7", text: "(masked)" } },
    });
  });
});

describe("a job that waits for its next attempt", () => {
  it("says when it comes and why, and runs at once when it is promoted", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          if (calls === 1) throw new AppError("effect.unavailable");
          return { membership: "member" };
        },
      },
      aroundRun: async (run) => {
        const outcome = await run();
        return outcome.next === "retry" ? { ...outcome, inMs: 600_000 } : outcome;
      },
    });
    stage.startEffects();
    const before = Date.now();
    await ask(stage);
    const [job] = await until(
      () => jobsIn(stage, "delayed"),
      (jobs) => jobs.length > 0,
    );
    expect(job).toMatchObject({ attempts: 1, error: expect.stringContaining("effect.unavailable") });
    expect(job?.dueAt).toBeGreaterThanOrEqual(before + 600_000 - 1_000);
    expect(job?.dueAt).toBeLessThan(Date.now() + 601_000);
    expect(await inspect(stage).act("outside", job?.id ?? "", "retry")).toBe("wrongState");
    expect(await inspect(stage).act("outside", job?.id ?? "", "promote")).toBe("done");
    await until(
      () => answersOf(stage),
      (answers) => answers.length > 0,
    );
  });
});

describe("a job that is removed", () => {
  it("takes nothing with it: the sweep makes a new one of what stands in the outbox", async () => {
    const stage = stageForTest();
    await ask(stage);
    const [job] = await jobsIn(stage, "waiting");
    expect(await inspect(stage).act("outside", job?.id ?? "", "remove")).toBe("done");
    expect(await jobsIn(stage, "waiting")).toEqual([]);
    expect(await stage.pendingEffects()).toBe(1);
    stage.startEffects();
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await stage.clockWorker.sweep();
    await until(
      () => answersOf(stage),
      (answers) => answers.length > 0,
    );
  });
});
