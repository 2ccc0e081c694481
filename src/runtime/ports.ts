import type { ActorAddress, MachineName } from "../../machines/address.ts";
import type { Lookup } from "../../machines/definition.ts";
import type { StoredInvocation, StoredTimer } from "./envelope.ts";

/** The only source of time. Unit: epoch milliseconds. */
export interface Clock {
  now(): number;
}

/** Why something happened: what came in, and which person of the staff asked for it. */
export interface Cause {
  readonly kind: "update" | "timer" | "effect" | "staff" | "customer" | "system";
  /** update id, timer id, effect id, command id. */
  readonly id: string;
  readonly by?: string;
  readonly reason?: string;
}

/** An event as callers give it: the machine's public event, without `at`. */
export interface ActorEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface SendOptions {
  readonly cause: Cause;
  /** Idempotency key, remembered for an hour, and among the actor's last 16 keyed events however old. */
  readonly key?: string;
  /** Idempotency key that is remembered for ever: for money. Unlike `key`, one that is seen again is on record in the audit. */
  readonly once?: string;
  /** Refuse when the actor moved on since it was looked at. */
  readonly expectedRev?: number;
  /** Refuse when the event would not do what the plan of this hash says (foresight). */
  readonly planHash?: string;
}

/** `ignored`: the machine had no use for it in this state; `duplicate`: its key was seen, nothing happened. */
export type Outcome = "applied" | "ignored" | "duplicate" | "noActor";

export interface SendResult {
  readonly outcome: Outcome;
  /** Revision after this event (for a duplicate by `key`: the one that the first had). 0: no such actor. */
  readonly rev: number;
  /** For a duplicate: what the first one led to. */
  readonly first?: "applied" | "ignored";
  readonly view: ActorView | null;
}

/** An actor as others may see it. */
export interface ActorView {
  readonly address: ActorAddress;
  readonly machine: MachineName;
  readonly id: string;
  readonly rev: number;
  readonly status: "active" | "done" | "error";
  /** Paths of the leaf states, such as `billing.active.term` and `intent.prepaid`. */
  readonly states: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
  readonly timers: Readonly<Record<string, StoredTimer>>;
  readonly invocations: Readonly<Record<string, StoredInvocation>>;
}

/** One entry of an actor's history: who caused what, when, and what came of it. Append-only, hash-chained. */
export interface AuditEntry {
  /** Place in the partition's stream. */
  readonly entryId: string;
  readonly previous: string;
  readonly hash: string;
  readonly address: string;
  readonly rev: number;
  /** Epoch ms, the clock of the process that applied it. */
  readonly at: number;
  readonly event: ActorEvent;
  readonly cause: Cause;
  readonly outcome: "applied" | "ignored" | "failed";
  /** Why it was ignored or failed. */
  readonly note?: string;
  /** Leaf states that were left and entered; absent when none changed. */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly effects?: readonly string[];
  readonly timers?: readonly string[];
}

/** What bot, http and workers may do with actors. */
export interface Actors {
  /**
   * Applies one event and makes the result durable before it returns.
   * @throws AppError actor.unknownMachine, actor.invalidId, actor.invalidEvent, actor.staleRevision (expectedRev only), actor.planChanged (planHash only), command.keyReused (of the staff only),
   * actor.quarantined, actor.machineFailed, redis.unreachable
   */
  send(address: ActorAddress, event: ActorEvent, options: SendOptions): Promise<SendResult>;
  read(address: ActorAddress): Promise<ActorView | null>;
  /** Resolves as soon as the predicate holds, or with the last view after the time limit. */
  waitFor(
    address: ActorAddress,
    predicate: (view: ActorView) => boolean,
    options: { readonly timeoutMs: number },
  ): Promise<{ readonly met: boolean; readonly view: ActorView | null }>;
  /** Newest first. */
  history(
    address: ActorAddress,
    options?: { readonly limit?: number; readonly before?: string },
  ): Promise<readonly AuditEntry[]>;
  /** Recomputes the hash chain of one actor. */
  verify(address: ActorAddress): Promise<Verification>;
  find(lookup: Lookup): Promise<readonly ActorAddress[]>;
  /** Ids of the actors in a state (a leaf path or a prefix of one), in id order, a page at a time per partition. */
  inState(machine: MachineName, statePrefix: string): AsyncIterable<ActorAddress>;
  /** The same, a page at a time, for walks that go on another day. */
  pageInState(machine: MachineName, statePrefix: string, cursor: string | null, limit: number): Promise<StatePage>;
  countByState(machine: MachineName): Promise<Readonly<Record<string, number>>>;
}

export interface StatePage {
  readonly addresses: readonly ActorAddress[];
  /** Where the next page begins; null after the last one. Opaque. */
  readonly cursor: string | null;
}

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  /** First revision (newest to oldest) whose entry is missing or was changed. */
  readonly brokenAt: number | null;
  /** `missingActor`: the actor is gone, but what it left behind says that it was there. */
  readonly problem: "missingEntry" | "changedEntry" | "headMismatch" | "missingActor" | null;
}

/** An actor as it lies in the store. */
export interface StoredActor {
  readonly rev: number;
  /** Envelope, JSON. */
  readonly envelope: string;
  /** Recent idempotency keys, JSON. */
  readonly keys: string;
  /** Hash of the newest audit entry. */
  readonly head: string;
  readonly lastEntry: string;
}

export interface OutboxEntry {
  readonly effectId: string;
  /** JSON of StoredEffect. */
  readonly body: string;
}

/** One step, all or nothing. */
export interface Commit {
  readonly address: ActorAddress;
  readonly expectedRev: number;
  /** null: unchanged, keep what is stored. */
  readonly envelope: string | null;
  readonly keys: string | null;
  readonly head: string;
  /** JSON of the audit entry. */
  readonly entry: string;
  readonly once: { readonly key: string; readonly outcome: string } | null;
  readonly outboxAdd: readonly OutboxEntry[];
  readonly outboxRemove: readonly string[];
  readonly timersSet: readonly { readonly id: string; readonly dueAt: number }[];
  readonly timersRemove: readonly string[];
  readonly indexAdd: readonly string[];
  readonly indexRemove: readonly string[];
}

export type CommitResult =
  | {
      readonly kind: "committed";
      readonly rev: number;
      readonly lastEntry: string;
      readonly earliestDueAt: number | null;
    }
  | { readonly kind: "stale" }
  | { readonly kind: "duplicate"; readonly outcome: string }
  /** The actor would begin anew, but its money keys show that it was there: nothing was written. */
  | { readonly kind: "actorLost" };

export interface DueTimer {
  readonly address: ActorAddress;
  readonly timerId: string;
  readonly dueAt: number;
}

/** Where actors are kept. One conformance suite, run on Redis. */
export interface ActorStore {
  load(address: ActorAddress): Promise<StoredActor | null>;
  /** 0: no such actor. */
  revision(address: ActorAddress): Promise<number>;
  commit(commit: Commit): Promise<CommitResult>;
  history(
    address: ActorAddress,
    options: { readonly limit: number; readonly before?: string },
  ): Promise<readonly StoredEntry[]>;
  find(lookup: Lookup): Promise<readonly ActorAddress[]>;
  pageInState(machine: MachineName, statePrefix: string, cursor: string | null, limit: number): Promise<StatePage>;
  countByState(machine: MachineName): Promise<Readonly<Record<string, number>>>;
  /** A timer or a quarantined actor that cannot be handled now is put off instead of looping. */
  postponeTimer(timer: DueTimer, dueAt: number): Promise<void>;
  dropTimer(timer: DueTimer): Promise<void>;
  quarantine(address: ActorAddress, problem: string, at: number): Promise<void>;
  /** What a lost actor left behind; null: no trace found. Reads much, so only for people who look into a case. */
  traceOf(address: ActorAddress): Promise<"once" | "index" | "audit" | null>;
}

/** An actor whose stored form was refused. `at`: epoch ms, the last time. */
export interface Quarantined {
  readonly address: ActorAddress;
  readonly problem: string;
  readonly at: number;
}

/** For the people who mend them. */
export interface Quarantine {
  count(): Promise<number>;
  /** Oldest first. */
  list(): Promise<readonly Quarantined[]>;
  /** Takes it off the list; it comes back when its actor still cannot be read. @returns false when it was not there. */
  release(address: ActorAddress): Promise<boolean>;
}

export interface StoredEntry {
  readonly entryId: string;
  readonly body: string;
  readonly hash: string;
  readonly previous: string;
}

/** Told after each commit; losing a call loses nothing, the sweeper finds the outbox entry and the timer. */
export interface AfterCommit {
  effectsAdded(
    address: ActorAddress,
    effectIds: readonly { readonly effectId: string; readonly lane: EffectLane }[],
  ): void;
  timerMoved(address: ActorAddress, earliestDueAt: number): void;
}

/** A step that is durable: what happened, and the actor before and after. `before`: null for an actor that it made. `at`: epoch ms. */
export interface CommittedStep {
  readonly machine: MachineName;
  readonly event: ActorEvent;
  readonly at: number;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>>;
  /** Leaf states that were left and entered. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * Told of each step that this process made durable, of one machine: neither of repetitions nor of what was ignored, nor of a race that
 * was lost. It is called within the delivery, so it must be quick; what it throws is its own affair.
 */
export type StepObserver = (step: CommittedStep) => void;

/** `actors`: events to other actors; `outside`: everything that leaves the service. */
export type EffectLane = "actors" | "outside";
