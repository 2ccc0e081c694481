// XState's own interpreter as the oracle: it runs the same machine file in memory, and writes down what the durable runtime stores.
import {
  type ActorLogic,
  type AnyActor,
  type AnyStateMachine,
  createActor,
  type EventObject,
  type Snapshot,
} from "xstate";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { Effect } from "../../../machines/effects.ts";
import type { ActorEvent } from "../../../src/runtime/ports.ts";
import { timerIdOf } from "../../../src/runtime/step.ts";

/** What both sides are compared by. */
export interface Observed {
  readonly value: unknown;
  readonly context: unknown;
  /** Timer id → due time, epoch ms. */
  readonly timers: Readonly<Record<string, number>>;
  /** Invocation id → name of the work. */
  readonly invocations: Readonly<Record<string, string>>;
  /** In the order in which they were asked for, since the last look. */
  readonly effects: readonly unknown[];
}

interface Alarm {
  readonly dueAt: number;
  readonly name: string;
  readonly ring: () => void;
}

/**
 * XState's SimulatedClock, but timers that are due at the same moment ring in the order of their names, as the durable runtime
 * fires them; SimulatedClock leaves that order open.
 */
class NamedClock {
  time: number;
  /** Of the timer that is set next. */
  nextName = "";
  readonly #alarms = new Map<number, Alarm>();
  #lastId = 0;

  constructor(time: number) {
    this.time = time;
  }
  setTimeout(ring: () => void, delay: number): number {
    this.#lastId += 1;
    this.#alarms.set(this.#lastId, { dueAt: this.time + Math.max(0, delay), name: this.nextName, ring });
    return this.#lastId;
  }
  clearTimeout(id: number): void {
    this.#alarms.delete(id);
  }
  ringWhatIsDue(): void {
    for (let turn = 0; turn < 1_000; turn += 1) {
      const due = [...this.#alarms].filter(([, { dueAt }]) => dueAt <= this.time);
      const next = due.sort(([, a], [, b]) => a.dueAt - b.dueAt || (a.name < b.name ? -1 : 1))[0];
      if (!next) return;
      this.#alarms.delete(next[0]);
      next[1].ring();
    }
    throw new Error("timers never stop being due");
  }
}

type WorkEvent =
  | { readonly type: "work.done"; readonly output: unknown }
  | { readonly type: "work.failed"; readonly error: unknown };

/** Stands for promise logic and ends when the test says so, within the same turn. */
const work: ActorLogic<Snapshot<unknown>, EventObject, unknown> = {
  getInitialSnapshot: () => ({ status: "active", output: undefined, error: undefined }),
  getPersistedSnapshot: (snapshot) => snapshot,
  transition: (snapshot, raw) => {
    const event = raw as unknown as WorkEvent;
    if (event.type === "work.done") return { status: "done", output: event.output, error: undefined };
    if (event.type === "work.failed") return { status: "error", output: undefined, error: event.error };
    return snapshot;
  },
};

export class Interpreter {
  readonly #actor: AnyActor;
  readonly #clock: NamedClock;
  readonly #dueAt = new Map<string, number>();
  #effects: unknown[] = [];

  readonly #machineName: string;

  constructor(definition: MachineDefinition, id: string, at: number) {
    this.#machineName = definition.name;
    const clock = new NamedClock(at);
    this.#clock = clock;
    const stubs = Object.entries(definition.effects).map(([name, effectsOf]) => [
      name,
      (args: never) => {
        for (const effect of effectsOf(args)) this.#effects.push({ kind: "effect", effect: Effect.parse(effect) });
      },
    ]);
    const actors = Object.fromEntries(Object.keys(definition.machine.implementations.actors).map((src) => [src, work]));
    const machine = definition.machine.provide({ actions: Object.fromEntries(stubs), actors }) as AnyStateMachine;
    const actor = createActor(machine, {
      clock,
      input: { id, at },
      inspect: (event) => {
        if (event.type !== "@xstate.action" || event.action.type !== "xstate.spawnChild") return;
        const {
          id: childId,
          src,
          input,
        } = event.action.params as unknown as { id: string; src: string; input: unknown };
        this.#effects.push({ kind: "invoke", childId, src, input });
      },
    });
    this.#actor = actor;
    const { system } = actor as unknown as {
      system: {
        _relay(source: unknown, target: unknown, event: EventObject): void;
        scheduler: { schedule(source: unknown, target: unknown, event: EventObject, delay: number, id: string): void };
      };
    };
    // The durable runtime gives every event, timers and results included, the time at which it is applied. The interpreter has no
    // such hook for its own events: all of them pass through `_relay`, so it is wrapped. Events for children stay as they are.
    const relay = system._relay;
    system._relay = (source, target, event) =>
      relay(source, target, target === actor ? ({ ...event, at: clock.time } as EventObject) : event);
    const { scheduler } = system;
    const schedule = scheduler.schedule;
    scheduler.schedule = (source, target, event, delay, timerId) => {
      clock.nextName = timerIdOf(this.#machineName, timerId);
      this.#dueAt.set(timerIdOf(this.#machineName, timerId), clock.time + Math.max(0, delay));
      schedule(source, target, event, delay, timerId);
    };
    actor.on("*", () => {
      throw new Error("durable machines emit nothing");
    });
    actor.subscribe({ error: () => {} }); // looked at in observe(): an unheard error would end the process
    actor.start();
  }

  send(event: ActorEvent): void {
    this.#actor.send({ ...event });
  }

  /** Moves the clock and lets everything fire that is due then, late ones included, in order of due time. */
  moveTo(time: number): void {
    this.#clock.time = time;
    this.#clock.ringWhatIsDue();
  }

  end(
    childId: string,
    result: { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown },
  ): void {
    const child = this.#actor.getSnapshot().children[childId] as AnyActor | undefined;
    if (!child) throw new Error(`the interpreter runs no ${childId}`);
    const event: WorkEvent = result.ok
      ? { type: "work.done", output: result.output }
      : { type: "work.failed", error: result.error };
    child.send(event);
  }

  observe(): Observed {
    const snapshot = this.#actor.getSnapshot();
    if (snapshot.status === "error") throw snapshot.error;
    const scheduled = (
      this.#actor.system as unknown as { _snapshot: { _scheduledEvents: Record<string, { id: string }> } }
    )._snapshot._scheduledEvents;
    const timers = Object.values(scheduled).map(
      ({ id }) =>
        [timerIdOf(this.#machineName, id), this.#dueAt.get(timerIdOf(this.#machineName, id)) ?? Number.NaN] as const,
    );
    const running = Object.entries(snapshot.children as Record<string, AnyActor>).filter(
      ([, child]) => child.getSnapshot().status === "active",
    );
    const effects = this.#effects;
    this.#effects = [];
    return {
      value: snapshot.value,
      context: snapshot.context,
      timers: Object.fromEntries(timers),
      invocations: Object.fromEntries(running.map(([childId, child]) => [childId, String(child.src)])),
      effects,
    };
  }

  stop(): void {
    this.#actor.stop();
  }
}
