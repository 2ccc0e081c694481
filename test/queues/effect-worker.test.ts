import { describe, expect, it } from "vitest";
import { RetryLater } from "../../src/effects/executor.ts";
import { retryPolicies } from "../../src/effects/policies.ts";
import { AppError } from "../../src/errors.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { CAUSE } from "../support/actors.ts";
import { testRedis } from "../support/redis.ts";
import type { StageOptions } from "../support/stage.ts";
import { gate, stageForTest, until } from "./support.ts";

const client = testRedis();
/** The policies' waits are seconds; what is looked at here is their number and order. */
const hurry: StageOptions["aroundRun"] = async (run) => {
  const outcome = await run();
  return outcome.next === "retry" ? { ...outcome, inMs: 1 } : outcome;
};
const contextOf = async (stage: ReturnType<typeof stageForTest>, address: `order/${string}` = "order/b") =>
  (await stage.actors.read(address))?.context as { answers: string[]; notes: string[]; asked: number };
const ask = (stage: ReturnType<typeof stageForTest>) =>
  stage.actors.send("order/b", { type: "book.asked" }, { cause: CAUSE });
const settled = (stage: ReturnType<typeof stageForTest>) =>
  until(
    () => stage.pendingEffects(),
    (count) => count === 0,
  );

describe("an effect with a result", () => {
  it("is carried out and its result reaches the machine", async () => {
    const stage = stageForTest();
    stage.startEffects();
    await ask(stage);
    await until(
      () => contextOf(stage),
      ({ answers }) => answers.length > 0,
    );
    expect(await contextOf(stage)).toMatchObject({ answers: ["left"] });
    await settled(stage);
  });
  it("that fails in passing is tried again, with the wait that its policy asks for", async () => {
    const waits: number[] = [];
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          if (calls < 4) throw new AppError("effect.unavailable");
          return { membership: "member" };
        },
      },
      aroundRun: async (run) => {
        const outcome = await run();
        if (outcome.next === "retry") waits.push(outcome.inMs);
        return outcome.next === "retry" ? { ...outcome, inMs: 1 } : outcome;
      },
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => contextOf(stage),
      ({ answers }) => answers.length > 0,
    );
    expect(await contextOf(stage)).toMatchObject({ answers: ["member"] });
    expect(waits).toEqual([2_000, 4_000, 8_000]);
    expect(stage.retries).toHaveLength(3);
  });
  it("waits as long as the attempt asks for before it is tried again", async () => {
    const attempts: number[] = [];
    const stage = stageForTest({
      aroundRun: async (_run, _effectId, attempt) => {
        attempts.push(performance.now());
        return attempt < 3 ? { next: "retry", inMs: 150, code: "effect.unavailable" } : { next: "done" };
      },
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => attempts.length,
      (count) => count === 3,
    );
    const [first = 0, second = 0, third = 0] = attempts;
    expect(second - first).toBeGreaterThanOrEqual(149);
    expect(third - second).toBeGreaterThanOrEqual(149);
  });
  it("that was told to come later has not used up an attempt", async () => {
    const seen: number[] = [];
    const stage = stageForTest({
      invocations: {
        checkMembership: async (_input, { attempt }) => {
          seen.push(attempt);
          if (seen.length <= 5) throw new RetryLater(1);
          if (seen.length <= 7) throw new AppError("effect.unavailable");
          return { membership: "left" };
        },
      },
      aroundRun: hurry,
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => contextOf(stage),
      ({ answers }) => answers.length > 0,
    );
    expect(seen).toEqual([1, 1, 1, 1, 1, 1, 2, 3]);
  });
  it("that fails to the last try is heard of by the machine, once", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          throw new AppError("effect.unavailable");
        },
      },
      aroundRun: hurry,
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => contextOf(stage),
      ({ answers }) => answers.length > 0,
    );
    await settled(stage);
    expect(await contextOf(stage)).toMatchObject({ answers: ["effect.unavailable"] });
    expect(calls).toBe(retryPolicies.checkMembership.attempts);
    expect(await stage.failed.list()).toEqual([]);
  });
  it("that is refused for good is not tried again", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          throw new AppError("effect.rejected");
        },
      },
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => contextOf(stage),
      ({ answers }) => answers.length > 0,
    );
    expect(await contextOf(stage)).toMatchObject({ answers: ["effect.rejected"] });
    expect(calls).toBe(1);
  });
  it("is not carried out when the machine has left the state that asked", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          return { membership: "left" };
        },
      },
    });
    await ask(stage);
    const body = (await stage.outbox.read("order/b|1|0")) ?? "";
    await stage.actors.send("order/b", { type: "book.dropped" }, { cause: CAUSE });
    expect(await stage.outbox.read("order/b|1|0")).toBeNull();
    // Even where the entry is still there: a worker had read it a moment before.
    await client.hset(stage.keys.outbox(partitionOf("order/b")), "order/b|1|0", body);
    stage.startEffects();
    await settled(stage);
    await until(
      () => stage.queues.queue("outside", 0).getJobCounts(),
      (counts) => Object.values(counts).every((count) => count === 0),
    );
    expect(calls).toBe(0);
  });
  it("that ends after the machine left is dropped, and the audit says so", async () => {
    const calling = gate();
    const answer = gate();
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calling.open();
          await answer.opened;
          return { membership: "left" };
        },
      },
    });
    stage.startEffects();
    await ask(stage);
    await calling.opened;
    await stage.actors.send("order/b", { type: "book.dropped" }, { cause: CAUSE });
    answer.open();
    const [last] = await until(
      () => stage.actors.history("order/b"),
      ([entry]) => entry?.cause.kind === "effect",
    );
    expect(last).toMatchObject({ outcome: "ignored", note: "the result belongs to an invocation that was left" });
    expect(await contextOf(stage)).toMatchObject({ answers: [] });
  });
});

describe("the job of an effect", () => {
  it("does not grow, however often the effect is tried", async () => {
    let attempts = 0;
    const stage = stageForTest({
      aroundRun: async () => {
        attempts += 1;
        return { next: "retry", inMs: 1, code: "effect.unavailable" };
      },
    });
    stage.startEffects();
    await ask(stage);
    await until(
      () => attempts,
      (count) => count > 20,
    );
    const job = await stage.queues.queue("outside", 0).getJob("order/b|1|0");
    expect(job?.stacktrace).toEqual([]);
    expect(stage.errors).toEqual([]);
  });
  it("that fails for a reason nobody planned for says so, and is repeated", async () => {
    let attempts = 0;
    const stage = stageForTest({
      aroundRun: (run) => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new TypeError("a defect")) : run();
      },
    });
    stage.startEffects();
    await ask(stage);
    await settled(stage);
    expect(stage.errors).toEqual(["job.outside: a defect"]);
    expect(attempts).toBe(2);
  });
});

describe("a result that its machine cannot take", () => {
  it("ends in the list of failed effects and a ticket, not in calls without end", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          return { membership: "left" };
        },
      },
    });
    await ask(stage);
    await stage.actors.send("order/b", { type: "book.spoiled" }, { cause: CAUSE });
    stage.startEffects();
    await settled(stage);
    expect(calls).toBe(1);
    expect(await stage.failed.list()).toMatchObject([
      { effectId: "order/b|1|0", kind: "checkMembership", code: "actor.machineFailed" },
    ]);
    expect(await stage.actors.countByState("ticket")).toEqual({ open: 1 });
  });
});

describe("an effect while Telegram does not accept the bot's token", () => {
  it("waits for people to mend that, using up no attempt, and is counted", async () => {
    let calls = 0;
    const stage = stageForTest({
      invocations: {
        checkMembership: async () => {
          calls += 1;
          if (calls < 3) throw new AppError("telegram.unauthorized");
          return { membership: "left" };
        },
      },
      aroundRun: async (run) => {
        const outcome = await run();
        if (outcome.next === "later") expect(outcome.inMs).toBe(60_000);
        return outcome.next === "later" ? { ...outcome, inMs: 1 } : outcome;
      },
    });
    stage.startEffects();
    await ask(stage);
    await settled(stage);
    expect(await contextOf(stage)).toMatchObject({ answers: ["left"] });
    expect(stage.retries).toEqual(Array(2).fill("order/b|1|0 telegram.unauthorized"));
    expect(await stage.failed.list()).toEqual([]);
  });
});

describe("an effect without a result", () => {
  const write = (stage: ReturnType<typeof stageForTest>, to: string | null = null) =>
    stage.actors.send("order/b", { type: "book.written", entry: "e", to }, { cause: CAUSE });

  it("that fails for good is kept for a person, who gets a ticket, once", async () => {
    const stage = stageForTest({
      effects: {
        notifyCustomer: async () => {
          throw new AppError("effect.rejected");
        },
      },
    });
    stage.startEffects();
    await write(stage);
    await settled(stage);
    expect(await stage.failed.list()).toMatchObject([
      { effectId: "order/b|1|1", kind: "notifyCustomer", code: "effect.rejected" },
    ]);
    expect(await stage.actors.countByState("ticket")).toEqual({ open: 1 });
    expect(await stage.run("order/b|1|1", 1)).toEqual({ next: "done" });
    expect(await stage.actors.countByState("ticket")).toEqual({ open: 1 });
  });
  it("that is stored in a form nobody knows is kept for a person", async () => {
    const stage = stageForTest();
    stage.startEffects();
    const outbox = stage.keys.outbox(partitionOf("order/b"));
    const bodies = {
      "order/b|9|0": '{"kind":"effect","effect":{"kind":"danceOnTable"}}',
      "order/b|9|1": "not JSON",
      "order/b|9|2": '{"kind":"invoke","src":"nothing"}',
    };
    await client.hset(outbox, bodies);
    stage.relay.add(
      "order/b",
      Object.keys(bodies).map((effectId) => ({ effectId, lane: "outside" as const })),
    );
    await settled(stage);
    expect((await stage.failed.list()).map(({ effectId, code }) => [effectId, code]).sort()).toEqual(
      Object.keys(bodies).map((effectId) => [effectId, "effect.invalidInput"]),
    );
  });
  it("to another actor arrives once, however often it runs", async () => {
    const stage = stageForTest();
    await write(stage, "c");
    const body = (await stage.outbox.read("order/b|1|2")) ?? "";
    for (let turn = 0; turn < 3; turn += 1) {
      await client.hset(stage.keys.outbox(partitionOf("order/b")), "order/b|1|2", body);
      expect(await stage.run("order/b|1|2", 1)).toEqual({ next: "done" });
    }
    expect(await contextOf(stage, "order/c")).toMatchObject({ notes: ["b e"] });
  });
  it("that runs twice at the same time does no harm", async () => {
    const stage = stageForTest();
    await write(stage, "c");
    await Promise.all(
      ["order/b|1|0", "order/b|1|0", "order/b|1|2", "order/b|1|2"].map((effectId) => stage.run(effectId, 1)),
    );
    expect(await contextOf(stage, "order/c")).toMatchObject({ notes: ["b e"] });
    const rows = [];
    for await (const row of stage.ledger.rows()) rows.push(row.row);
    expect(rows).toEqual(["b e"]);
  });
});

describe("an effect of or for an actor that cannot be read", () => {
  const spoil = (stage: ReturnType<typeof stageForTest>, envelope: string) =>
    client.hset(stage.keys.actor("order/b"), "s", envelope);

  it("waits, without a call, until somebody has mended the actor that asked", async () => {
    let calls = 0;
    const invocations: StageOptions["invocations"] = {
      checkMembership: async () => {
        calls += 1;
        return { membership: "left" };
      },
    };
    const stage = stageForTest();
    await ask(stage);
    const envelope = (await client.hget(stage.keys.actor("order/b"), "s")) ?? "";
    await spoil(stage, "{");
    const later = stageForTest({ prefix: stage.keys.prefix, invocations });
    expect(await later.run("order/b|1|0", 1)).toMatchObject({ next: "later" });
    await spoil(stage, envelope);
    expect(await later.run("order/b|1|0", 1)).toEqual({ next: "done" });
    expect(calls).toBe(1);
  });
  it("is tried again when a newer build has written it: another process can read it", async () => {
    const stage = stageForTest();
    await ask(stage);
    await stage.actors.send("order/a", { type: "book.written", entry: "e", to: "b" }, { cause: CAUSE });
    await spoil(stage, '{"version":2}');
    const older = stageForTest({ prefix: stage.keys.prefix });
    expect(await older.run("order/a|1|2", 1)).toMatchObject({ next: "retry", code: "actor.unknownVersion" });
    expect(await older.failed.list()).toEqual([]);
  });
});

describe("a stop", () => {
  it("lets the running effect finish and loses none of the others", async () => {
    const calling = gate();
    const answer = gate();
    const stage = stageForTest({
      concurrency: 1,
      invocations: {
        checkMembership: async () => {
          calling.open();
          await answer.opened;
          return { membership: "left" };
        },
      },
    });
    stage.startEffects();
    await ask(stage);
    await calling.opened;
    await stage.actors.send("order/other", { type: "book.written", entry: "e", to: null }, { cause: CAUSE });
    const stopped = stage.stop();
    answer.open();
    await stopped;
    expect(await contextOf(stage)).toMatchObject({ answers: ["left"] });
    expect(await stage.pendingEffects()).toBe(2);
    const next = stageForTest({ prefix: stage.keys.prefix });
    next.startEffects();
    await settled(next);
  });
});
