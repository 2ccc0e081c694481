// A state that is forced: what the machine does by itself, and what it leaves out.
import { beforeEach, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { addressOf } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { definitions } from "../../machines/registry.ts";
import { forcible, problemsOf } from "../../src/runtime/force.ts";
import { CAUSE, type ManualClock, makeTestActors, manualClock, START, type TestActors } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { probe } from "./support/probe.ts";

const client = testRedis();
let clock: ManualClock;
let here: TestActors;
const open = (machines: readonly MachineDefinition[]) => {
  clock = manualClock();
  here = makeTestActors(client, freshPrefix(), { definitions: machines, clock });
};
let commands = 0;
const newKey = () => {
  commands += 1;
  return `command ${commands}`;
};
const force = async (
  address: ActorAddress,
  targets: readonly string[],
  { run = [], key = newKey(), rev }: { run?: string[]; key?: string; rev?: number } = {},
) =>
  here.actors.force(
    address,
    { targets, run, by: "alice", reason: "the provider lost it" },
    {
      cause: { kind: "staff", id: key, by: "alice", reason: "the provider lost it" },
      ...{ key, expectedRev: rev ?? (await here.actors.read(address))?.rev ?? 0 },
    },
  );

describe("a forced state of the probe", () => {
  beforeEach(async () => {
    open([probe]);
    await here.actors.send("ticket/p", { type: "probe.counted", by: 1 }, { cause: CAUSE });
  });

  it("arms its timers anew, and leaves the other regions alone", async () => {
    await here.actors.send("ticket/p", { type: "probe.asked", chatId: "-1" }, { cause: CAUSE });
    const invocations = (await here.actors.read("ticket/p"))?.invocations;
    const result = await force("ticket/p", ["timer.armed"]);
    expect(result).toMatchObject({
      outcome: "applied",
      view: { states: ["timer.armed", "work.asking"], invocations, context: { total: 1 } },
    });
    expect(result.view?.timers["long.timer.armed"]).toEqual({ generation: 3, dueAt: START + 40 * 86_400_000 });
    clock.time += 5_000;
    await force("ticket/p", ["timer.armed"]);
    expect((await here.actors.read("ticket/p"))?.timers["long.timer.armed"]?.dueAt).toBe(clock.time + 40 * 86_400_000);
    await force("ticket/p", ["timer.resting"]);
    expect((await here.actors.read("ticket/p"))?.timers).toEqual({});
  });
  it("begins its work, and calls off what it leaves", async () => {
    const begun = await force("ticket/p", ["work.asking"]);
    expect(begun.view?.invocations.check).toMatchObject({ src: "checkMembership", effectId: "ticket/p|2|0" });
    expect((await force("ticket/p", ["work.idle"])).view?.invocations).toEqual({});
  });
  it("goes to several regions at once, and out of one that has ended", async () => {
    await force("ticket/p", ["timer.armed", "work.finished"]);
    expect((await here.actors.read("ticket/p"))?.states).toEqual(["timer.armed", "work.finished"]);
    await force("ticket/p", ["work.idle"]);
    expect((await here.actors.read("ticket/p"))?.states).toEqual(["timer.armed", "work.idle"]);
    expect(await here.actors.send("ticket/p", { type: "probe.asked", chatId: "-1" }, { cause: CAUSE })).toMatchObject({
      outcome: "applied",
    });
  });
  it("is on record with who and why, once, and the chain stays whole", async () => {
    await force("ticket/p", ["timer.armed"], { key: "once" });
    expect(await force("ticket/p", ["timer.armed"], { key: "once" })).toMatchObject({ outcome: "duplicate" });
    const [entry] = await here.actors.history("ticket/p");
    expect(entry).toMatchObject({
      event: { type: "staff.forced", targets: ["timer.armed"], run: [], by: "alice", reason: "the provider lost it" },
      cause: { kind: "staff", by: "alice" },
      from: ["timer.resting"],
      to: ["timer.armed"],
    });
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: true, entries: 2 });
  });
  it("is part of a history that is played again", async () => {
    await force("ticket/p", ["timer.armed", "work.asking"]);
    await here.actors.send("ticket/p", { type: "probe.counted", by: 4 }, { cause: CAUSE });
    const now = await here.actors.read("ticket/p");
    expect(await here.foresight.asOf("ticket/p", 3)).toMatchObject({
      ...{ exact: true, states: now?.states, context: now?.context, invocations: ["checkMembership"] },
    });
  });
  it("is refused when the actor moved on, and of an actor that is not there", async () => {
    await expect(force("ticket/p", ["timer.armed"], { rev: 7 })).rejects.toMatchObject({ code: "actor.staleRevision" });
    expect(await force("ticket/q", ["timer.armed"])).toMatchObject({ outcome: "noActor" });
  });
  it.each([
    ["a state that is not there", ["timer.nowhere"]],
    ["a region", ["timer"]],
    ["the whole machine", [""]],
    ["a name of every object", ["timer.constructor"]],
    ["nothing", []],
    ["two states of one region", ["timer.armed", "timer.resting"]],
    ["one state twice", ["timer.armed", "timer.armed"]],
  ])("is refused by name: %s", async (_name, targets) => {
    await expect(force("ticket/p", targets)).rejects.toMatchObject({
      code: "actor.invalidForce",
      details: { fields: [expect.stringMatching(/^targets: /)] },
    });
    expect((await here.actors.read("ticket/p"))?.rev).toBe(1);
  });
  it("is refused with effects that it does not have", async () => {
    await expect(force("ticket/p", ["timer.armed"], { run: ["record"] })).rejects.toMatchObject({
      details: { fields: ["run: record is no effect of entering these states"] },
    });
  });
  it("cannot be sent like an event", async () => {
    await expect(
      here.actors.send("ticket/p", { type: "staff.forced", targets: ["timer.armed"], run: [] }, { cause: CAUSE }),
    ).rejects.toMatchObject({ code: "actor.invalidEvent" });
  });
});

describe("a forced state of a payment", () => {
  const PAYMENT = addressOf.payment("c");
  beforeEach(async () => {
    open(definitions);
    const received = {
      ...{
        type: "payment.received",
        userId: 7,
        amountMinor: 500,
        currency: "XTR",
        orderId: "o",
        providerChargeId: null,
      },
      ...{ recurring: false, firstRecurring: false, expiresAt: null, source: "update" },
    };
    await here.actors.send(PAYMENT, received, { cause: CAUSE });
  });

  it("runs assigns and timers, and of its effects those that are named", async () => {
    await force(PAYMENT, ["received.asking"]);
    expect(await here.actors.read(PAYMENT)).toMatchObject({ states: ["received.asking"], context: { asks: 2 } });
    const [silent] = await here.actors.history(PAYMENT);
    expect(silent?.effects).toBeUndefined();
    await force(PAYMENT, ["received.asking"], { run: ["presentCharge"] });
    const [told] = await here.actors.history(PAYMENT);
    expect(told?.effects).toEqual(["tell order/o charge.presented"]);
  });
  it("is planned with the effects that do not run, and does what the plan says", async () => {
    const plan = await here.foresight.planForce(PAYMENT, { targets: ["received.asking"], run: [] });
    expect(plan).toMatchObject({
      ...{ entryEffects: ["presentCharge"], follows: [], after: ["received.asking"] },
      step: { event: "staff.forced", effects: [], timersSet: [{ id: "answerWait.received.asking" }] },
    });
    const result = await here.actors.force(
      PAYMENT,
      { targets: ["received.asking"], run: [], by: "alice", reason: "the provider lost it" },
      { cause: CAUSE, key: "k", expectedRev: plan.expectedRev, planHash: plan.planHash },
    );
    expect(result.outcome).toBe("applied");
  });
  it("never pays money back", async () => {
    await expect(here.foresight.planForce(PAYMENT, { targets: ["refunding"], run: [] })).rejects.toMatchObject({
      details: { fields: ["targets: this would begin refundCharge, which only an event may"] },
    });
    await expect(force(PAYMENT, ["refunding"])).rejects.toMatchObject({ code: "actor.invalidForce" });
  });
});

describe("the states that can be forced", () => {
  it.each(definitions.map((definition) => [definition.name, definition] as const))(
    "are all of %s but its regions, each alone",
    (_name, definition) => {
      const paths = forcible(definition);
      expect(paths.length).toBeGreaterThan(1);
      for (const path of paths) expect(problemsOf(definition, { targets: [path], run: [] })).toEqual([]);
    },
  );
  it("have another role by names that the machine has", () => {
    for (const definition of definitions)
      for (const path of Object.keys(definition.forceRoles)) expect(forcible(definition)).toContain(path);
  });
  it("of a payment, an order and a gate are the owner's to force", () => {
    const owners = definitions.filter(({ forceRole }) => forceRole === "owner").map(({ name }) => name);
    expect(owners.sort()).toEqual(["dataset", "order", "payment"]);
  });
});
