import { describe, expect, it } from "vitest";
import { assign, setup } from "xstate";
import { z } from "zod";
import { defineMachine } from "../../machines/definition.ts";
import { declareActions } from "../../machines/effects.ts";
import { event, type Stamped } from "../../machines/event.ts";
import { ActorSystem } from "../../src/runtime/actor-system.ts";
import { stepOf } from "../../src/runtime/delivery.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import { CAUSE, manualClock } from "../support/actors.ts";
import { book } from "../support/book.ts";
import { makeMemoryStore } from "../support/memory-store.ts";

const BriefEvent = z.discriminatedUnion("type", [event("brief.opened", {}), event("brief.ended", {})]);
type AnyEvent = Stamped<z.infer<typeof BriefEvent>>;
interface BriefContext {
  readonly late: number;
}
const effects = {};

/** Ends below a timer of the whole machine. */
const machine = setup({
  types: {} as { context: BriefContext; events: AnyEvent },
  actions: declareActions(effects),
  delays: { deadline: 1_000 },
}).createMachine({
  id: "ticket",
  context: { late: 0 },
  initial: "open",
  after: { deadline: { actions: assign({ late: ({ context }) => context.late + 1 }) } },
  states: { open: { on: { "brief.ended": "over" } }, over: { type: "final" } },
});
const brief = defineMachine<BriefContext, AnyEvent>({
  name: "ticket",
  version: 1,
  machine,
  id: z.string().min(1),
  event: BriefEvent,
  creators: ["brief.opened"],
  effects,
  lookups: () => [],
});

const silent = { effectsAdded: () => {}, timerMoved: () => {} };

describe("an actor that is over", () => {
  const store = makeMemoryStore();
  const clock = manualClock();
  const actors = new ActorSystem({ machines: new MachineCatalog([brief]), store, clock, afterCommit: silent });

  it("keeps no timer, which would be due for ever", async () => {
    await actors.send("ticket/a", { type: "brief.opened" }, { cause: CAUSE });
    expect(store.due(clock.time + 1_000)).toHaveLength(1);
    await actors.send("ticket/a", { type: "brief.ended" }, { cause: CAUSE });
    expect(store.due(clock.time + 1_000)).toEqual([]);
    expect((await actors.read("ticket/a"))?.timers).toEqual({});
  });

  it("gives up a timer that an older build left to it", async () => {
    await actors.send("ticket/b", { type: "brief.opened" }, { cause: CAUSE });
    const open = await actors.peek("ticket/b");
    await actors.send("ticket/b", { type: "brief.ended" }, { cause: CAUSE });
    const over = await actors.peek("ticket/b");
    if (!open || !over) throw new Error("it is not there");
    const envelope = { ...over.live.envelope, timers: open.live.envelope.timers };
    const [timerId = ""] = Object.keys(envelope.timers);
    const step = stepOf(
      {
        ...{ address: "ticket/b", definition: brief, id: "b", event: { type: `xstate.after.${timerId}` } },
        ...{ options: { cause: CAUSE }, internal: { kind: "timer", timerId }, ends: null },
      },
      { ...over, live: { ...over.live, envelope } },
      over.rev + 1,
      clock.time + 1_000,
    );
    expect(step).toMatchObject({ outcome: "ignored", timersCancelled: [timerId], next: { envelope: { timers: {} } } });
  });
});

describe("a machine that throws at a state that another process has left behind", () => {
  it("takes the event at the newer one: nothing fails, and nothing is put off", async () => {
    const store = makeMemoryStore();
    const clock = manualClock();
    const [here, there] = [0, 1].map(
      () => new ActorSystem({ machines: new MachineCatalog([book]), store, clock, afterCommit: silent }),
    );
    await here?.send("order/b", { type: "book.armed", inMs: 5 }, { cause: CAUSE });
    await here?.send("order/b", { type: "book.spoiled" }, { cause: CAUSE });
    await there?.send("order/b", { type: "book.mended" }, { cause: CAUSE });
    clock.time += 5;
    const [timer] = store.due(clock.time);
    if (!timer || !here) throw new Error("no timer is due");
    expect(await here.fireTimer(timer)).toBe("applied");
    expect((await here.history("order/b")).map(({ outcome }) => outcome)).not.toContain("failed");
  });
});
