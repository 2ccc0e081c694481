// The durable side of the comparison: the service's own actor system on a store in memory.
import type { ActorAddress } from "../../../machines/address.ts";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { Envelope } from "../../../src/runtime/envelope.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import type { ActorEvent } from "../../../src/runtime/ports.ts";
import { CAUSE, type ManualClock, manualClock } from "../../support/actors.ts";
import { type MemoryStore, makeMemoryStore } from "../../support/memory-store.ts";
import type { Observed } from "./interpreter.ts";

export class Durable {
  readonly store: MemoryStore = makeMemoryStore();
  readonly clock: ManualClock;
  readonly #address: ActorAddress;
  /** Keeps the actor in memory; its copy is out of date after every step of the other one. */
  readonly #remembering: ActorSystem;
  /** Restores the actor from JSON for every step. */
  readonly #forgetting: ActorSystem;
  #looked = 0;

  constructor(definition: MachineDefinition, id: string, at: number) {
    this.clock = manualClock(at);
    this.#address = `${definition.name}/${id}`;
    const afterCommit = { effectsAdded: () => {}, timerMoved: () => {} };
    const deps = { machines: new MachineCatalog([definition]), store: this.store, clock: this.clock, afterCommit };
    this.#remembering = new ActorSystem(deps);
    this.#forgetting = new ActorSystem({ ...deps, cacheSize: 0 });
  }

  system(fresh: boolean): ActorSystem {
    return fresh ? this.#forgetting : this.#remembering;
  }

  async send(event: ActorEvent, fresh: boolean): Promise<void> {
    await this.system(fresh).send(this.#address, event, { cause: CAUSE });
  }

  async moveTo(time: number, fresh: boolean): Promise<void> {
    this.clock.time = time;
    for (let turn = 0; turn < 1_000; turn += 1) {
      const timer = this.store.due(time)[0];
      if (!timer) return;
      const outcome = await this.system(fresh).fireTimer(timer);
      if (outcome !== "applied") throw new Error(`${timer.timerId}, armed and due, was ${outcome}`);
    }
    throw new Error("timers never stop being due");
  }

  /** Every invocation that runs, in the order of their ids. */
  async running(): Promise<{ readonly childId: string; readonly src: string; readonly effectId: string }[]> {
    const { invocations } = await this.#envelope();
    return Object.entries(invocations)
      .map(([childId, { src, effectId }]) => ({ childId, src, effectId }))
      .sort((a, b) => (a.childId < b.childId ? -1 : 1));
  }

  async end(
    childId: string,
    effectId: string,
    result: Parameters<ActorSystem["deliverResult"]>[3],
    fresh: boolean,
  ): Promise<string> {
    return (await this.system(fresh).deliverResult(this.#address, effectId, childId, result)).outcome;
  }

  async fireUnarmed(timerId: string, fresh: boolean): Promise<string> {
    return this.system(fresh).fireTimer({ address: this.#address, timerId, dueAt: this.clock.time });
  }

  async observe(): Promise<Observed> {
    const { snapshot, timers, invocations } = await this.#envelope();
    const due = Object.entries(timers).map(([timerId, { dueAt }]) => [timerId, dueAt] as const);
    const effects = this.store.asked.slice(this.#looked).map(({ body }) => JSON.parse(body) as unknown);
    this.#looked = this.store.asked.length;
    return {
      value: snapshot.value,
      context: snapshot.context,
      timers: Object.fromEntries(due),
      invocations: Object.fromEntries(Object.entries(invocations).map(([childId, { src }]) => [childId, src])),
      effects,
    };
  }

  /** What the sorted set of due times holds; must say the same as the envelope. */
  scheduled(): Record<string, number> {
    return Object.fromEntries(this.store.due(Number.MAX_SAFE_INTEGER).map(({ timerId, dueAt }) => [timerId, dueAt]));
  }

  /** Outbox entries of work whose result is waited for, or of effects without a result. */
  outboxIds(): readonly string[] {
    return [...this.store.outbox.keys()];
  }

  async verify(): Promise<boolean> {
    return (await this.#forgetting.verify(this.#address)).ok;
  }

  async #envelope(): Promise<Envelope> {
    const stored = await this.store.load(this.#address);
    return Envelope.parse(JSON.parse(stored?.envelope ?? "null"));
  }
}
