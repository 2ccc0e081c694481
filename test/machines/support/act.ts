// One actor in a test: the pure step of the runtime with a clock that the test moves. Every step goes through stored JSON.
import type { ActorAddress } from "../../../machines/address.ts";
import type { MachineDefinition } from "../../../machines/definition.ts";
import type { Effect, EffectKind } from "../../../machines/effects.ts";
import { readEnvelope, writeEnvelope } from "../../../src/runtime/envelope.ts";
import type { ActorEvent } from "../../../src/runtime/ports.ts";
import {
  firstStep,
  type LiveActor,
  leafPaths,
  nextStep,
  restore,
  type Step,
  timerEvent,
} from "../../../src/runtime/step.ts";

export class ActedActor {
  readonly definition: MachineDefinition;
  readonly address: ActorAddress;
  #now: number;
  #rev = 0;
  #actor: LiveActor | null = null;
  #last: Step | null = null;

  constructor(definition: MachineDefinition, id: string, now: number) {
    this.definition = definition;
    this.address = `${definition.name}/${id}`;
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }
  /** Leaf states, sorted and joined: `granting.creating`, or `health.healthy.settled removals.flowing`. */
  get state(): string {
    return [...leafPaths(this.#live.snapshot)].sort().join(" ");
  }
  context<C>(): C {
    return this.#live.snapshot.context as C;
  }
  get timers(): readonly string[] {
    return Object.keys(this.#live.envelope.timers);
  }
  /** Work that runs: invocation ids. */
  get running(): readonly string[] {
    return Object.keys(this.#live.envelope.invocations);
  }
  get outcome(): Step["outcome"] {
    return this.#step.outcome;
  }
  /** What the last step asked for, without its invocations. */
  get effects(): readonly Effect[] {
    return this.#step.effects.flatMap((stored) => (stored.kind === "effect" ? [stored.effect] : []));
  }
  effectsOf<K extends EffectKind>(kind: K): readonly Extract<Effect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  }
  /** Names of the messages to the customer that the last step asked for. */
  get notices(): readonly string[] {
    return this.effectsOf("notifyCustomer").map(({ notice }) => notice);
  }
  /** What the last step told other actors. */
  get tells(): readonly { readonly to: string; readonly type: string }[] {
    return this.effectsOf("tell").map(({ to, event }) => ({ to, type: event.type }));
  }
  /** Input of an invocation that the last step started. */
  started(src: string): unknown {
    return this.#step.effects.find((stored) => stored.kind === "invoke" && stored.src === src)?.["input" as never];
  }

  /** A public event, refused like at the door when it has a wrong shape. */
  send(event: ActorEvent): this {
    return this.#apply(this.definition.event.parse(event) as ActorEvent);
  }
  finish(childId: string, output: unknown): this {
    return this.#result(childId, { type: `xstate.done.actor.${childId}`, output });
  }
  fail(childId: string, code = "effect.unavailable", final = false): this {
    return this.#result(childId, { type: `xstate.error.actor.${childId}`, error: { code, final } });
  }
  /** Moves the clock and fires what becomes due, in order. */
  elapse(ms: number): this {
    const until = this.#now + ms;
    for (;;) {
      const due = Object.entries(this.#live.envelope.timers)
        .filter(([, timer]) => timer.dueAt <= until)
        .sort(([, a], [, b]) => a.dueAt - b.dueAt)[0];
      if (!due) break;
      this.#now = Math.max(this.#now, due[1].dueAt);
      this.#apply(due[1].event ?? timerEvent(this.definition.name, due[0]));
    }
    this.#now = until;
    return this;
  }
  /** The service is down: the clock moves, nothing fires. Afterwards what became due fires late, in order. */
  sleep(ms: number): this {
    this.#now += ms;
    return this.elapse(0);
  }
  /** The service is still down while an event arrives: it is applied before the timers that are overdue. */
  oversleep(ms: number): this {
    this.#now += ms;
    return this;
  }

  #result(childId: string, event: ActorEvent): this {
    if (!(childId in this.#live.envelope.invocations)) throw new Error(`${childId} does not run in ${this.state}`);
    const invocations = { ...this.#live.envelope.invocations };
    delete invocations[childId];
    this.#actor = { ...this.#live, envelope: { ...this.#live.envelope, invocations } };
    return this.#apply(event);
  }

  #apply(event: ActorEvent): this {
    const stamped = { ...event, at: this.#now } as ActorEvent & { at: number };
    this.#rev += 1;
    this.#last =
      this.#actor === null
        ? firstStep(
            this.definition,
            this.address,
            this.address.slice(this.address.indexOf("/") + 1),
            stamped,
            this.#rev,
          )
        : nextStep(this.definition, this.address, this.#actor, stamped, this.#rev);
    const stored = writeEnvelope(this.#last.next.envelope);
    this.#actor = restore(this.definition, readEnvelope(this.definition, this.address, stored));
    return this;
  }

  get #live(): LiveActor {
    if (!this.#actor) throw new Error("nothing was sent yet");
    return this.#actor;
  }
  get #step(): Step {
    if (!this.#last) throw new Error("nothing was sent yet");
    return this.#last;
  }
}
