// What a change of a machine would have meant for the people of an export.
import { readFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { definitions } from "../../machines/registry.ts";
import { runHistoryReplay } from "../../src/startup/replay-history.ts";
import { DAY_MS, openScene } from "../journeys/support/scene.ts";
import { startPrivateRedis } from "../support/redis.ts";
import { exportTo, newFile } from "./support/copy.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

async function replayed(path: string, machines?: readonly MachineDefinition[], ...more: string[]) {
  let said = "";
  const print = (text: string) => {
    said += text;
  };
  return { code: await runHistoryReplay({ args: ["--in", path, ...more], print }, machines), said: () => said };
}

/** The subscription as it would be if nobody had a grace: its paid time over, it is expired at once. */
function withoutGrace(): readonly MachineDefinition[] {
  return definitions.map((definition) => {
    if (definition.name !== "subscription") return definition;
    const { machine } = definition;
    return { ...definition, machine: machine.provide({ guards: { isLeaving: () => true } } as never) };
  });
}

it("plays a life again: nobody stands elsewhere by the machines of today, some do by others", async () => {
  const redis = await startPrivateRedis();
  const ends: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const end of ends) await end();
  });
  const scene = await openScene((end) => void ends.unshift(end), { redis: redis.target });
  const [anna, boris] = [await scene.newcomer(), await scene.newcomer()];
  await anna.buysAndJoins("club-quarter");
  await boris.buysAndJoins("club-month");
  await scene.stage.advanceTo((await anna.paidUntil()) + DAY_MS);
  expect(await anna.billing()).toMatch(/^pastDue.grace/);
  expect(await boris.subscription()).toMatchObject({ charges: 4 });
  const path = newFile("past.jsonl.gz");
  await exportTo(path, redis.client());

  const today = await replayed(path);
  expect(today.said()).not.toMatch(/elsewhere at the end [1-9]|on the way [1-9]|unknown [1-9]/);
  expect(today.said()).toMatch(/^subscription: 2 actors, \d+ events; elsewhere at the end 0/m);
  expect(today.code).toBe(0);

  const out = newFile("report.jsonl");
  const changed = await replayed(path, withoutGrace(), "--out", out);
  expect(changed.code).toBe(1);
  expect(changed.said()).toMatch(/^subscription: 2 actors, \d+ events; elsewhere at the end 1/m);
  const report = readFileSync(out, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(report).toMatchObject([
    {
      address: addressOf.subscription(anna.id, "club"),
      event: "xstate.after.periodEnd.subscription.billing.active.term",
      stored: expect.arrayContaining([expect.stringMatching(/^billing\.pastDue\.grace/)]),
      replayed: expect.arrayContaining([expect.stringMatching(/^billing\.expired/)]),
    },
  ]);
});

it("says what is wrong with its options or its file", async () => {
  expect(await runHistoryReplay({ args: [], print: () => {} })).toBe(2);
  expect(await runHistoryReplay({ args: ["--in", "a", "--sideways"], print: () => {} })).toBe(2);
  expect((await replayed("/nowhere/at-all.jsonl")).code).toBe(2);
});
