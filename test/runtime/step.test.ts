import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyMachineSnapshot, initialTransition, transition } from "xstate";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Envelope } from "../../src/runtime/envelope.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import { firstStep, nextStep, restore, type Step } from "../../src/runtime/step.ts";
import { probe } from "./support/probe.ts";

new MachineCatalog([probe]);
const START = 1_800_000_000_000;
const open = () => firstStep(probe, "ticket/p", "p", { type: "probe.opened", note: "", at: START }, 1);
const after = (step: Step, event: { type: string; [field: string]: unknown }, at = START, rev = 2) =>
  nextStep(probe, "ticket/p", step.next, { ...event, at }, rev);

describe("an actor that has a timer armed", () => {
  const armed = after(open(), { type: "probe.armed", inMs: 5_000 });

  it("carries due time and generation", () => {
    expect(armed.timersSet).toEqual({
      "chosen.timer.armed": { generation: 2, dueAt: START + 5_000 },
      "long.timer.armed": { generation: 2, dueAt: START + 40 * 86_400_000 },
    });
  });
  it("gives both timers up when the state is left", () => {
    const left = after(armed, { type: "probe.disarmed" });
    expect(left.timersCancelled).toEqual(["chosen.timer.armed", "long.timer.armed"]);
    expect(left.timersSet).toEqual({});
  });
  it("has a new generation of both after re-entry, and cancels none", () => {
    const again = after(armed, { type: "probe.armed", inMs: 7_000 }, START + 1_000, 3);
    expect(again.timersCancelled).toEqual([]);
    expect(again.timersSet["chosen.timer.armed"]).toEqual({ generation: 3, dueAt: START + 8_000 });
  });
  it("acts with the time at which the timer fired", () => {
    const fired = after(armed, { type: "xstate.after.chosen.ticket.timer.armed" }, START + 9_000, 3);
    expect(fired.next.envelope.snapshot.context.firedAt).toEqual([START + 9_000]);
    expect(fired.effects).toMatchObject([{ kind: "effect", effect: { kind: "recordLedger", at: START + 9_000 } }]);
  });
});

describe("an actor that waits for a result", () => {
  const asking = after(open(), { type: "probe.asked", chatId: "-1" });

  it("asks for the work as data", () => {
    expect(asking.effects).toEqual([
      { kind: "invoke", childId: "check", src: "checkMembership", input: { chatId: "-1", userId: 1 } },
    ]);
    expect(asking.next.envelope.invocations).toEqual({
      check: { generation: 2, src: "checkMembership", effectId: "ticket/p|2|0" },
    });
  });
  it("calls the work off when it leaves", () => {
    const left = after(asking, { type: "probe.dropped" }, START, 3);
    expect(left.invocationsStopped).toEqual(["ticket/p|2|0"]);
    expect(left.next.envelope.invocations).toEqual({});
  });
  it("calls the old work off and asks anew on re-entry", () => {
    const again = after(asking, { type: "probe.asked", chatId: "-2" }, START, 3);
    expect(again.invocationsStopped).toEqual(["ticket/p|2|0"]);
    expect(again.next.envelope.invocations.check?.effectId).toBe("ticket/p|3|0");
  });
  it("is not killed by a failure that nobody handles", () => {
    const step = after(open(), { type: "xstate.error.actor.nobody", error: {} });
    expect(step).toMatchObject({ outcome: "ignored", next: { envelope: { snapshot: { status: "active" } } } });
  });
});

describe("an actor as it is stored", () => {
  it("is the same after a round trip through JSON", () => {
    const asking = after(
      after(open(), { type: "probe.armed", inMs: 1 }),
      { type: "probe.asked", chatId: "-1" },
      START,
      3,
    );
    const read = restore(probe, JSON.parse(JSON.stringify(asking.next.envelope)) as Envelope);
    const direct = nextStep(probe, "ticket/p", asking.next, { type: "probe.dropped", at: START }, 4);
    const stored = nextStep(probe, "ticket/p", read, { type: "probe.dropped", at: START }, 4);
    expect(JSON.stringify(stored.next.envelope)).toBe(JSON.stringify(direct.next.envelope));
    expect(stored.invocationsStopped).toEqual(direct.invocationsStopped);
  });
});

describe("the reused scope", () => {
  const events = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant("probe.counted"), by: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ type: fc.constant("probe.armed"), inMs: fc.nat(10_000) }),
      fc.constant({ type: "probe.disarmed" }),
      fc.record({ type: fc.constant("probe.asked"), chatId: fc.constantFrom("-1", "-2") }),
      fc.constant({ type: "probe.dropped" }),
      fc.constant({ type: "xstate.after.chosen.ticket.timer.armed" }),
      fc.constant({ type: "xstate.done.actor.check", output: { membership: "left" } }),
    ),
    { maxLength: 12 },
  );

  it("gives the same snapshots and actions as XState's public transition()", () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const definition: MachineDefinition = probe;
        let ours = firstStep(probe, "ticket/p", "p", { type: "probe.opened", note: "", at: START }, 1).next;
        let theirs = initialTransition(definition.machine, { id: "p", at: START } as never)[0] as AnyMachineSnapshot;
        for (const [index, raw] of sequence.entries()) {
          const event = { ...raw, at: START + index };
          ours = nextStep(probe, "ticket/p", ours, event, index + 2).next;
          theirs = transition(definition.machine, theirs as never, event as never)[0] as AnyMachineSnapshot;
          expect(ours.snapshot.value).toEqual(theirs.value);
          expect(ours.snapshot.context).toEqual(theirs.context);
          expect(Object.keys(ours.snapshot.children)).toEqual(Object.keys(theirs.children));
        }
      }),
      { numRuns: 300 },
    );
  });
});
