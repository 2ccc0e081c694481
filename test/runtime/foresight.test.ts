import { beforeEach, describe, expect, it } from "vitest";
import { StateMachine } from "xstate";
import { paymentDefinition } from "../../machines/payment/definition.ts";
import { subscriptionDefinition } from "../../machines/subscription/definition.ts";
import { differenceOf } from "../../src/runtime/difference.ts";
import { choicesOf } from "../../src/runtime/event-choices.ts";
import { isEnd, nodeAt } from "../../src/runtime/state-nodes.ts";
import { firstStep } from "../../src/runtime/step.ts";
import { CAUSE, type ManualClock, makeTestActors, manualClock, START, type TestActors } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { probe } from "./support/probe.ts";

const client = testRedis();
let clock: ManualClock;
let here: TestActors;
beforeEach(() => {
  clock = manualClock();
  here = makeTestActors(client, freshPrefix(), { definitions: [probe], clock });
});
const send = (event: { type: string; [field: string]: unknown }, address: `ticket/${string}` = "ticket/p") =>
  here.actors.send(address, event, { cause: CAUSE });
const dump = async () => (await client.keys(`${here.keys.prefix}:*`)).sort();

describe("a plan", () => {
  it("says what would change, and nothing has", async () => {
    await send({ type: "probe.armed", inMs: 5 }).catch(() => {});
    await send({ type: "probe.counted", by: 1 });
    await send({ type: "probe.armed", inMs: 5_000 });
    const before = [await here.actors.read("ticket/p"), await dump()];
    const plan = await here.foresight.plan("ticket/p", { type: "probe.disarmed" });
    expect(plan).toMatchObject({
      before: ["timer.armed", "work.idle"],
      after: ["timer.resting", "work.idle"],
      step: {
        from: ["timer.armed"],
        to: ["timer.resting"],
        timersCancelled: ["chosen.timer.armed", "long.timer.armed"],
      },
      final: false,
    });
    expect([await here.actors.read("ticket/p"), await dump()]).toEqual(before);
  });
  it("lists timers with their due times, and work whose result nobody knows", async () => {
    await send({ type: "probe.counted", by: 1 });
    const armed = await here.foresight.plan("ticket/p", { type: "probe.armed", inMs: 60 });
    expect(armed.step.timersSet).toContainEqual({ id: "chosen.timer.armed", dueAt: START + 60 });
    const asked = await here.foresight.plan("ticket/p", { type: "probe.asked", chatId: "-1" });
    expect(asked.step.effects).toEqual(["invoke checkMembership"]);
  });
  it("follows an event to the actor that would hear of it, as far as that one exists or would", async () => {
    await send({ type: "probe.counted", by: 1 });
    const plan = await here.foresight.plan("ticket/p", { type: "probe.told", ticket: "q" });
    expect(plan.follows).toMatchObject([
      { address: "ticket/q", event: "probe.counted", outcome: "applied", to: ["timer.resting", "work.idle"] },
    ]);
    expect(plan.foreseen.get("ticket/q")).toMatchObject({ context: { total: 1 } });
    expect(await here.actors.read("ticket/q")).toBeNull();
  });
  it("is the same while the clock runs, and another after each event", async () => {
    await send({ type: "probe.counted", by: 1 });
    const hash = async () => (await here.foresight.plan("ticket/p", { type: "probe.armed", inMs: 60 })).planHash;
    const first = await hash();
    clock.time += 1_000;
    expect(await hash()).toBe(first);
    await send({ type: "probe.counted", by: 1 });
    expect(await hash()).not.toBe(first);
  });
  it("tells of a machine that throws, without a trace of it in the history", async () => {
    await send({ type: "probe.counted", by: 1 });
    await expect(here.foresight.plan("ticket/p", { type: "probe.broke" })).rejects.toMatchObject({
      code: "actor.machineFailed",
    });
    expect(await here.actors.history("ticket/p")).toHaveLength(1);
  });
});

describe("a state that is an end", () => {
  const isEndOf = (path: string, { machine } = paymentDefinition) => {
    const node = nodeAt(machine, path);
    return node !== null && isEnd(node);
  };
  it("leads nowhere, or only to other ends: money that is back may be charged back as well", () => {
    expect(["refunded", "chargedBack"].map((path) => isEndOf(path))).toEqual([true, true]);
  });
  it("is none where a way leads back into a life", () => {
    expect(["applied", "refunding", "quarantined"].map((path) => isEndOf(path))).toEqual([false, false, false]);
    expect(isEndOf("billing.revoked", subscriptionDefinition)).toBe(false);
  });
});

describe("the events that staff may choose from", () => {
  const money = { userId: 7, amountMinor: 500, currency: "XTR", orderId: "o", providerChargeId: "" };
  const received = { type: "payment.received", ...money, recurring: false, firstRecurring: false, expiresAt: null };
  const { next } = firstStep(paymentDefinition, "payment/c", "c", { ...received, at: START }, 1);
  const choice = (type: string) => choicesOf(paymentDefinition, next.snapshot, START).find((one) => one.type === type);

  it("are possible where the state has a use for them", () => {
    expect(choice("chargeback.seen")).toEqual({ type: "chargeback.seen", possible: true, guard: null });
    expect(choice("refund.requested")).toEqual({ type: "refund.requested", possible: false, guard: null });
  });
  it("name the guard that refuses them", () => {
    const guarded = {
      ...paymentDefinition,
      staffEvents: { "payment.accepted": "owner", "payment.received": "owner" },
    } as const;
    const quarantined = { ...next.snapshot, _nodes: [paymentDefinition.machine.root.states.quarantined] } as never;
    expect(choicesOf(guarded, quarantined, START)[0]).toEqual({
      ...{ type: "payment.accepted", possible: false, guard: "isUnanswered" },
    });
  });
  it("are not refused by a guard that asks for what the form will fill in", () => {
    const guarded = { ...paymentDefinition, staffEvents: { "payment.received": "owner" } } as const;
    expect(choicesOf(guarded, next.snapshot, START)).toEqual([
      { type: "payment.received", possible: true, guard: null },
    ]);
  });
  it("are the creators for an actor that does not exist", () => {
    const guarded = {
      ...paymentDefinition,
      staffEvents: { "payment.received": "owner", "chargeback.seen": "owner" },
    } as const;
    expect(choicesOf(guarded, null, START).map(({ possible }) => possible)).toEqual([true, false]);
  });
});

describe("an actor as it was", () => {
  it("is what it was, after each of its events", async () => {
    await send({ type: "probe.opened", note: "secret" });
    const views = [await here.actors.read("ticket/p")];
    const events = [
      { type: "probe.counted", by: 2 },
      { type: "probe.armed", inMs: 5_000 },
      { type: "probe.asked", chatId: "-1" },
      { type: "probe.disarmed" },
      { type: "probe.disarmed" },
      { type: "probe.raised" },
    ];
    for (const event of events) {
      clock.time += 1_000;
      await send(event);
      views.push(await here.actors.read("ticket/p"));
    }
    for (const [index, view] of views.entries()) {
      const past = await here.foresight.asOf("ticket/p", index + 1);
      expect(past).toMatchObject({
        ...{ rev: index + 1, newest: 7, exact: true, states: view?.states, context: view?.context },
        timers: Object.entries(view?.timers ?? {})
          .map(([id, { dueAt }]) => ({ id, dueAt }))
          .sort((a, b) => a.dueAt - b.dueAt),
        invocations: Object.values(view?.invocations ?? {}).map(({ src }) => src),
      });
    }
  });
  it("goes on after a timer, a result and a machine that threw", async () => {
    await send({ type: "probe.armed", inMs: 5_000 }).catch(() => {});
    await send({ type: "probe.counted", by: 1 });
    await send({ type: "probe.armed", inMs: 5_000 });
    clock.time += 5_000;
    await here.actors.fireTimer({ address: "ticket/p", timerId: "chosen.timer.armed", dueAt: START + 5_000 });
    await send({ type: "probe.asked", chatId: "-1" });
    const asking = await here.actors.read("ticket/p");
    const effectId = asking?.invocations.check?.effectId ?? "";
    await here.actors.deliverResult("ticket/p", effectId, "check", { ok: true, output: { membership: "member" } });
    await send({ type: "probe.broke" }).catch(() => {});
    const now = await here.actors.read("ticket/p");
    const past = await here.foresight.asOf("ticket/p", now?.rev ?? 0);
    expect(past).toMatchObject({ exact: true, states: now?.states, context: now?.context, invocations: [] });
  });
  it("says what one event changed", async () => {
    await send({ type: "probe.counted", by: 2 });
    await send({ type: "probe.counted", by: 3 });
    expect((await here.foresight.asOf("ticket/p", 2))?.difference).toEqual([{ path: "total", before: 2, after: 5 }]);
  });
  it("says which transitions one event took, by state and branch", async () => {
    await send({ type: "probe.counted", by: 2 });
    await send({ type: "probe.armed", inMs: 9_000 });
    expect((await here.foresight.asOf("ticket/p", 1))?.taken).toEqual([]);
    expect((await here.foresight.asOf("ticket/p", 2))?.taken).toEqual([
      { source: "timer.resting", event: "probe.armed", branch: 0 },
    ]);
  });
  it("was not before its first event, nor after its newest", async () => {
    await send({ type: "probe.counted", by: 2 });
    expect(await here.foresight.asOf("ticket/p", 0)).toBeNull();
    expect(await here.foresight.asOf("ticket/p", 2)).toBeNull();
    expect(await here.foresight.asOf("ticket/q", 1)).toBeNull();
  });
  it("goes on with the record's states where today's machine leads elsewhere, and says so", async () => {
    await send({ type: "probe.counted", by: 2 });
    await send({ type: "probe.armed", inMs: 9_000 });
    await send({ type: "probe.counted", by: 2 });
    const other = ofAnotherRelease(probe);
    const later = makeTestActors(client, here.keys.prefix, { definitions: [other], clock });
    const past = await later.foresight.asOf("ticket/p", 3);
    expect(past).toMatchObject({ exact: false, states: ["timer.armed", "work.idle"], context: { total: 4 } });
    expect(past?.timers).toContainEqual({ id: "chosen.timer.armed", dueAt: START + 9_000 });
  });
  it("is found in a history of more than a thousand events", async () => {
    for (let count = 0; count < 1_200; count += 1) await send({ type: "probe.counted", by: 1 });
    expect(await here.foresight.asOf("ticket/p", 1_100)).toMatchObject({ exact: true, context: { total: 1_100 } });
    expect(await here.foresight.asOf("ticket/p", 3)).toMatchObject({ newest: 1_200, context: { total: 3 } });
  }, 60_000);
});

/** The probe of another release, in which nothing is armed any more. */
function ofAnotherRelease(definition: typeof probe): typeof probe {
  const { config, implementations } = definition.machine;
  const states = config.states as Record<string, { states: object }>;
  const timer = { ...states.timer, states: { ...states.timer?.states, resting: {} } };
  return {
    ...definition,
    machine: new StateMachine({ ...config, states: { ...states, timer } } as never, implementations),
  };
}

describe("the difference between two contexts", () => {
  it.each([
    ["nothing", { a: 1 }, { a: 1 }, []],
    ["a value", { a: 1 }, { a: 2 }, [{ path: "a", before: 1, after: 2 }]],
    ["something deeper", { a: { b: null } }, { a: { b: 1 } }, [{ path: "a.b", before: null, after: 1 }]],
    ["something new", {}, { a: 1 }, [{ path: "a", after: 1 }]],
    ["something gone", { a: 1 }, {}, [{ path: "a", before: 1 }]],
    ["a list", { a: [1] }, { a: [1, 2] }, [{ path: "a", before: [1], after: [1, 2] }]],
    ["equal lists", { a: [1] }, { a: [1] }, []],
  ])("is %s", (_name, before, after, expected) => {
    expect(differenceOf(before, after)).toEqual(expected);
  });
});
