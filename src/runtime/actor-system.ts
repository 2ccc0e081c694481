import { setTimeout as delay } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { ActorAddress, MachineName } from "../../machines/address.ts";
import type { Lookup, MachineDefinition } from "../../machines/definition.ts";
import { AppError, isAppError } from "../errors.ts";
import { chainHash, readEntry, verifyChain, writeEntry } from "./audit.ts";
import { auditBody } from "./audit-body.ts";
import { CommitWatchers } from "./commit-watchers.ts";
import { commitOf, type Delivery, type Internal, type Known, laneOf, stepOf, toView, unchanged } from "./delivery.ts";
import { readEnvelope } from "./envelope.ts";
import { checkForce, FORCED } from "./force.ts";
import type { Forcing } from "./foresight-ports.ts";
import type { MachineCatalog } from "./machine-catalog.ts";
import { planOf } from "./plan.ts";
import type {
  ActorEvent,
  ActorStore,
  Actors,
  ActorView,
  AfterCommit,
  AuditEntry,
  Clock,
  DueTimer,
  SendOptions,
  SendResult,
  StatePage,
  StepObserver,
  Verification,
} from "./ports.ts";
import { isSameEvent, keyReused } from "./same-event.ts";
import { findKey, readKeys, rememberKey } from "./seen-keys.ts";
import { effectIdOf, restore, type Step, timerEvent } from "./step.ts";
import { Turns } from "./turns.ts";

/**
 * Losing a race means that somebody else got on. A process with many events for one actor commits faster than another can reload, so
 * the loser waits a little longer each time and gets its turn when that burst is over. Unit: milliseconds.
 */
const GIVE_UP_AFTER_MS = 10_000;
const LONGEST_WAIT_MS = 40;
/** A timer whose machine fails, or whose actor cannot be read, is tried again after this. Unit: milliseconds. */
const POSTPONE_FAILED_MS = 300_000;
/** A timer whose actor is too busy elsewhere. Unit: milliseconds. */
const POSTPONE_BUSY_MS = 1_000;

/** Actors listed by state are read in pages of this size. */
const INDEX_PAGE = 500;

type ForceOptions = Parameters<Forcing["force"]>[2];

export interface ActorSystemDeps {
  readonly machines: MachineCatalog;
  readonly store: ActorStore;
  readonly clock: Clock;
  readonly afterCommit: AfterCommit;
  /** Who counts: at most one per machine. */
  readonly observers?: ReadonlyMap<MachineName, StepObserver>;
  /** Actors kept in memory; 0 turns the cache off. */
  readonly cacheSize?: number;
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-commit" | "after-commit") => void;
}

/** Loads, steps, commits. Holds no truth of its own: any number of processes may do the same at the same time. */
export class ActorSystem implements Actors, Forcing {
  readonly #deps: ActorSystemDeps;
  readonly #cache: LRUCache<ActorAddress, Known> | null;
  readonly #turns = new Turns();
  readonly #watchers = new CommitWatchers();

  constructor(deps: ActorSystemDeps) {
    this.#deps = deps;
    const max = deps.cacheSize ?? 10_000;
    this.#cache = max > 0 ? new LRUCache({ max }) : null;
  }

  async send(address: ActorAddress, event: ActorEvent, options: SendOptions): Promise<SendResult> {
    const { definition, id } = this.#deps.machines.of(address);
    const checked = definition.event.safeParse(event);
    if (!checked.success) {
      const fields = checked.error.issues.map(({ path, message }) => `${path.join(".") || "type"}: ${message}`);
      throw new AppError("actor.invalidEvent", { details: { address, type: String(event.type).slice(0, 64), fields } });
    }
    return await this.#inOrder({
      address,
      definition,
      id,
      event: checked.data as ActorEvent,
      options,
      internal: null,
      ends: null,
    });
  }

  async force(
    address: ActorAddress,
    { targets, run, by, reason }: Parameters<Forcing["force"]>[1],
    options: ForceOptions,
  ) {
    const { definition, id } = this.#deps.machines.of(address);
    const known = await this.peek(address);
    // A repetition finds the actor where the first one put it.
    if (known && !findKey(known.keys, options.key))
      checkForce(definition, address, known.live, { targets, run }, known.rev + 1, this.#deps.clock.now());
    const event: ActorEvent = { type: FORCED, targets, run, by, reason };
    const internal: Internal = { kind: "force" };
    return await this.#inOrder({ address, definition, id, event, options, internal, ends: null });
  }

  /** A due timer. One that is no longer armed, or armed for later, is dropped and says so in the audit. */
  async fireTimer(timer: DueTimer): Promise<SendResult["outcome"] | "failed"> {
    const { address, timerId } = timer;
    try {
      const { definition, id } = this.#deps.machines.of(address);
      const options: SendOptions = { cause: { kind: "timer", id: timerId } };
      const internal: Internal = { kind: "timer", timerId };
      const result = await this.#inOrder({
        address,
        definition,
        id,
        event: timerEvent(definition.name, timerId),
        options,
        internal,
        ends: null,
      });
      if (result.outcome === "noActor") await this.#deps.store.dropTimer(timer);
      return result.outcome;
    } catch (error) {
      if (isAppError(error, "redis.unreachable")) throw error;
      const waitMs = isAppError(error, "actor.staleRevision") ? POSTPONE_BUSY_MS : POSTPONE_FAILED_MS;
      await this.#deps.store.postponeTimer(timer, this.#deps.clock.now() + waitMs);
      return "failed";
    }
  }

  /** The outcome of an invoked effect; one whose invocation was left or begun anew is dropped and says so in the audit. */
  async deliverResult(
    address: ActorAddress,
    effectId: string,
    childId: string,
    result: { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown },
  ): Promise<SendResult> {
    const { definition, id } = this.#deps.machines.of(address);
    const event: ActorEvent = result.ok
      ? { type: `xstate.done.actor.${childId}`, actorId: childId, output: result.output }
      : { type: `xstate.error.actor.${childId}`, actorId: childId, error: result.error };
    const options: SendOptions = { cause: { kind: "effect", id: effectId } };
    return await this.#inOrder({
      address,
      definition,
      id,
      event,
      options,
      internal: { kind: "result", childId, effectId },
      ends: effectId,
    });
  }

  /** True while the invocation that an outbox entry belongs to is still waited for. */
  async awaits(address: ActorAddress, childId: string, effectId: string): Promise<boolean> {
    const view = await this.read(address);
    return view?.invocations[childId]?.effectId === effectId;
  }

  async read(address: ActorAddress): Promise<ActorView | null> {
    const { definition, id } = this.#deps.machines.of(address);
    const known = await this.peek(address);
    return known ? toView(address, definition, id, known) : null;
  }

  /** The newest snapshot as it can be stepped: for whoever asks what an event would do. Nothing may be changed in it. */
  async peek(address: ActorAddress): Promise<Known | null> {
    const { definition } = this.#deps.machines.of(address);
    const cached = this.#cache?.get(address);
    // Another process may have moved the actor since: a reader must not be told yesterday's state.
    if (cached && cached.rev !== (await this.#deps.store.revision(address))) this.#cache?.delete(address);
    return await this.#load(address, definition);
  }

  async waitFor(
    address: ActorAddress,
    predicate: (view: ActorView) => boolean,
    { timeoutMs }: { readonly timeoutMs: number },
  ) {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const view = await this.read(address);
      if (view && predicate(view)) return { met: true, view };
      const left = deadline - performance.now();
      if (left <= 0) return { met: false, view };
      // Another process may have moved the actor: commits made here wake at once, others are seen by looking again.
      await this.#watchers.next(address, Math.min(left, 50));
    }
  }

  async history(
    address: ActorAddress,
    options: { readonly limit?: number; readonly before?: string } = {},
  ): Promise<readonly AuditEntry[]> {
    this.#deps.machines.of(address);
    const { limit = 100, before } = options;
    const entries = await this.#deps.store.history(address, { limit, ...(before === undefined ? {} : { before }) });
    return entries.map(readEntry);
  }

  async verify(address: ActorAddress): Promise<Verification> {
    this.#deps.machines.of(address);
    const stored = await this.#deps.store.load(address);
    if (!stored) {
      const trace = await this.#deps.store.traceOf(address);
      return { ok: trace === null, entries: 0, brokenAt: null, problem: trace === null ? null : "missingActor" };
    }
    const entries = await this.#deps.store.history(address, { limit: stored.rev + 1 });
    return verifyChain(entries, stored.head, stored.rev);
  }

  find(lookup: Lookup): Promise<readonly ActorAddress[]> {
    return this.#deps.store.find(lookup);
  }

  async *inState(machine: MachineName, statePrefix: string): AsyncIterable<ActorAddress> {
    let cursor: string | null = null;
    do {
      const page: StatePage = await this.pageInState(machine, statePrefix, cursor, INDEX_PAGE);
      yield* page.addresses;
      cursor = page.cursor;
    } while (cursor !== null);
  }

  pageInState(machine: MachineName, statePrefix: string, cursor: string | null, limit: number): Promise<StatePage> {
    return this.#deps.store.pageInState(machine, statePrefix, cursor, limit);
  }

  countByState(machine: MachineName): Promise<Readonly<Record<string, number>>> {
    return this.#deps.store.countByState(machine);
  }

  #inOrder(delivery: Delivery): Promise<SendResult> {
    return this.#turns.take(delivery.address, () => this.#apply(delivery));
  }

  async #apply(delivery: Delivery): Promise<SendResult> {
    const { address, definition } = delivery;
    const { expectedRev } = delivery.options;
    // Whoever looked may have seen a newer state than this process remembers.
    if (expectedRev !== undefined && this.#cache?.get(address)?.rev !== expectedRev) this.#cache?.delete(address);
    let giveUpAt = Number.POSITIVE_INFINITY;
    for (let losses = 0; ; losses += 1) {
      const known = this.#cache?.get(address) ?? (await this.#load(address, definition));
      const settled = await this.#attempt(delivery, known);
      if (settled) return settled;
      this.#cache?.delete(address);
      if (losses === 0) giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
      if (performance.now() >= giveUpAt) throw new AppError("actor.staleRevision", { details: { address, losses } });
      if (losses >= 2) await delay(Math.random() * Math.min(LONGEST_WAIT_MS, 2 ** (losses - 2)));
    }
  }

  /** One try; null when another process committed first. */
  async #attempt(delivery: Delivery, known: Known | null): Promise<SendResult | null> {
    const { address, definition, id, options, internal } = delivery;
    if (!known && (internal || !definition.creators.has(delivery.event.type)))
      return { outcome: "noActor", rev: 0, view: null };
    const { key } = options;
    const seen = known && key !== undefined ? findKey(known.keys, key) : null;
    if (known && seen && options.cause.kind === "staff") await this.#checkSame(delivery, known.rev, seen.rev);
    if (known && seen)
      return { outcome: "duplicate", rev: seen.rev, first: seen.outcome, view: toView(address, definition, id, known) };
    if (options.expectedRev !== undefined && options.expectedRev !== (known?.rev ?? 0)) {
      throw new AppError("actor.staleRevision", {
        details: { address, expected: options.expectedRev, actual: known?.rev ?? 0 },
      });
    }

    const at = this.#deps.clock.now();
    const rev = (known?.rev ?? 0) + 1;
    let step: Step;
    try {
      step = stepOf(delivery, known, rev, at);
    } catch (cause) {
      const failure = await this.#recordFailure(delivery, known, rev, at, cause);
      if (failure === null) return null;
      throw failure;
    }
    if (options.planHash !== undefined && options.planHash !== (await this.#planHashOf(delivery, at)))
      throw new AppError("actor.planChanged", { details: { address } });
    const keys = key === undefined ? (known?.keys ?? []) : rememberKey(known?.keys ?? [], key, rev, step.outcome, at);
    const entry = writeEntry(auditBody(delivery, step, rev, at));
    const head = chainHash(known?.head ?? "", entry);
    this.#deps.crashPoint?.("before-commit");
    const result = await this.#deps.store.commit(
      commitOf(delivery, known, step, {
        rev,
        keys,
        keysChanged: key !== undefined,
        entry,
        head,
      }),
    );
    this.#deps.crashPoint?.("after-commit");
    if (result.kind === "stale") return null;
    if (result.kind === "actorLost") {
      const error = new AppError("actor.quarantined", { details: { address, problem: "missingActor" } });
      await this.#quarantine(address, error);
      throw error;
    }
    if (result.kind === "duplicate") {
      if (!known) return null;
      const { once: _, ...again } = options;
      const heard = await this.#attempt({ ...delivery, options: again, isSeenBefore: true }, known);
      return heard && { ...heard, outcome: "duplicate", first: result.outcome === "ignored" ? "ignored" : "applied" };
    }
    const now: Known = { rev, live: step.next, keys, head };
    this.#cache?.set(address, now);
    if (step.effects.length > 0) {
      const added = step.effects.map((effect, index) => ({
        effectId: effectIdOf(address, rev, index),
        lane: laneOf(effect),
      }));
      this.#deps.afterCommit.effectsAdded(address, added);
    }
    if (result.earliestDueAt !== null) this.#deps.afterCommit.timerMoved(address, result.earliestDueAt);
    if (step.outcome === "applied" && !delivery.isSeenBefore) this.#observe(delivery, known, step, at);
    this.#watchers.wake(address);
    return { outcome: step.outcome, rev, view: toView(address, definition, id, now) };
  }

  #observe({ definition, event }: Delivery, known: Known | null, { next, from, to }: Step, at: number): void {
    const observer = this.#deps.observers?.get(definition.name);
    if (observer === undefined) return;
    const before = known?.live.envelope.snapshot.context ?? null;
    const after = next.envelope.snapshot.context;
    try {
      observer({ machine: definition.name, event, at, before, after, from, to });
    } catch {
      // The step is durable: whoever sent the event must not hear that it failed.
    }
  }

  /** A person's key that did something else is a mistake, which must not look like a repetition. */
  async #checkSame({ address, definition, event }: Delivery, newest: number, rev: number): Promise<void> {
    const entries = await this.#deps.store.history(address, { limit: newest - rev + 1 });
    const recorded = entries.map(readEntry).find((entry) => entry.rev === rev);
    if (recorded && !isSameEvent(definition, recorded.event, event)) throw keyReused();
  }

  /** What follows at other actors is part of what was agreed to; they may move all the same before they hear of it. */
  async #planHashOf({ address, event, internal }: Delivery, at: number): Promise<string> {
    const { machines } = this.#deps;
    const deps = { machines, peek: this.peek.bind(this), find: this.find.bind(this) };
    return (await planOf(deps, address, event, at, internal)).planHash;
  }

  /**
   * A machine that throws changes nothing, but that it threw is on record.
   * @returns null when it threw at a state that another process has moved on from: the newer one may have a use for the event
   */
  async #recordFailure(
    delivery: Delivery,
    known: Known | null,
    rev: number,
    at: number,
    cause: unknown,
  ): Promise<AppError | null> {
    const { address } = delivery;
    const problem = cause instanceof Error ? cause.name : "unknown";
    if (known) {
      const step = unchanged(known.live, problem);
      const entry = writeEntry({ ...auditBody(delivery, step, rev, at), outcome: "failed" });
      const made = { rev, keys: known.keys, keysChanged: false, entry, head: chainHash(known.head, entry) };
      const result = await this.#deps.store.commit(
        commitOf(
          { ...delivery, internal: null, ends: null, options: { cause: delivery.options.cause } },
          known,
          step,
          made,
        ),
      );
      this.#cache?.delete(address);
      if (result.kind === "stale") return null;
    }
    return new AppError("actor.machineFailed", { cause, details: { address, event: delivery.event.type } });
  }

  async #load(address: ActorAddress, definition: MachineDefinition): Promise<Known | null> {
    const cached = this.#cache?.get(address);
    if (cached) return cached;
    const stored = await this.#deps.store.load(address);
    if (!stored) return null;
    try {
      const live = restore(definition, readEnvelope(definition, address, stored.envelope));
      const known: Known = { rev: stored.rev, live, keys: readKeys(address, stored.keys), head: stored.head };
      this.#cache?.set(address, known);
      return known;
    } catch (cause) {
      const error =
        cause instanceof AppError
          ? cause
          : new AppError("actor.quarantined", { cause, details: { address, problem: "notRestorable" } });
      await this.#quarantine(address, error);
      throw error;
    }
  }

  #quarantine(address: ActorAddress, error: AppError): Promise<void> {
    return this.#deps.store.quarantine(
      address,
      `${error.code} ${JSON.stringify(error.details)}`,
      this.#deps.clock.now(),
    );
  }
}
