// Who counts is told of what this process made durable, once, and can do no harm.
import { beforeEach, expect, it } from "vitest";
import type { CommittedStep } from "../../src/runtime/ports.ts";
import { CAUSE, makeTestActors, manualClock, START } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { probe } from "./support/probe.ts";

const client = testRedis();
let prefix: string;
let told: CommittedStep[];
beforeEach(() => {
  prefix = freshPrefix();
  told = [];
});
const observed = (observe: (step: CommittedStep) => void = (step) => void told.push(step)) =>
  makeTestActors(client, prefix, {
    ...{ definitions: [probe], clock: manualClock() },
    observers: new Map([["ticket", observe]]),
  }).actors;
const count = (by: number) => ({ type: "probe.counted", by });

it("a step is told with the actor before and after", async () => {
  const actors = observed();
  await actors.send("ticket/p", count(3), { cause: CAUSE });
  await actors.send("ticket/p", count(4), { cause: CAUSE });
  expect(told).toMatchObject([
    { machine: "ticket", event: count(3), at: START, before: null, after: { total: 3 } },
    { before: { total: 3 }, after: { total: 7 }, from: [], to: [] },
  ]);
});
it("a repetition is not told, by key or for ever", async () => {
  const actors = observed();
  for (const _ of [1, 2]) await actors.send("ticket/p", count(3), { cause: CAUSE, key: "k" });
  for (const _ of [1, 2]) await actors.send("ticket/p", count(3), { cause: CAUSE, once: "o" });
  expect(told).toHaveLength(2);
});
it("a race is told by the process that won each step", async () => {
  const processes = [observed(), observed()];
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => processes[index % 2]?.send("ticket/p", count(1), { cause: CAUSE })),
  );
  expect(told).toHaveLength(20);
  expect(new Set(told.map(({ after }) => after.total)).size).toBe(20);
});
it("an observer that throws fails nothing", async () => {
  const actors = observed(() => {
    throw new Error("a defect");
  });
  expect(await actors.send("ticket/p", count(3), { cause: CAUSE })).toMatchObject({ outcome: "applied" });
});
