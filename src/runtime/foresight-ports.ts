// What may be asked about an actor besides how it stands: what would happen, what may be done, and how it was.
import type { ActorAddress } from "../../machines/address.ts";
import type { Effect } from "../../machines/effects.ts";
import type { Force } from "./force.ts";
import type { ActorEvent, ActorView, AuditEntry, SendOptions, SendResult } from "./ports.ts";
import type { TakenBranch } from "./taken.ts";

/** `dueAt`: epoch ms. */
export interface TimerLine {
  readonly id: string;
  readonly dueAt: number;
}

/** What one event would do to one actor. */
export interface PlannedStep {
  readonly address: ActorAddress;
  readonly event: string;
  readonly outcome: "applied" | "ignored" | "noActor";
  readonly note?: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** As the audit would say it; `invoke …` for work whose result the actor waits for. */
  readonly effects: readonly string[];
  readonly timersSet: readonly TimerLine[];
  readonly timersCancelled: readonly string[];
  /** The work that has to succeed for this to follow: `refundCharge succeeds`; several with a comma. Absent where it follows anyway. */
  readonly assumes?: string;
}

/** What an event would do, here and at the actors that would hear of it. Nothing was written. */
export interface ActorPlan {
  readonly planHash: string;
  readonly expectedRev: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly step: PlannedStep;
  readonly follows: readonly PlannedStep[];
  /** All effects of the step and of what follows, in order, as data. */
  readonly effects: readonly Effect[];
  /** Those of them that happen only if work succeeds, and which; as in `PlannedStep.assumes`. */
  readonly assumptions: ReadonlyMap<Effect, string>;
  /** The actors that something would happen to, as they would stand. */
  readonly foreseen: ReadonlyMap<ActorAddress, ActorView>;
  /** Of a forced state: effects of leaving and entering that do not run unless they are named. */
  readonly entryEffects: readonly string[];
  /** It ends, with what follows, where nothing leads out or only to other ends. */
  readonly final: boolean;
}

/** Whether an event of the staff would do anything now. */
export interface EventPossibility {
  readonly type: string;
  readonly possible: boolean;
  /** The guard that refuses it. */
  readonly guard: string | null;
}

export interface Difference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The actor as it was right after one of its events. */
export interface PastView {
  readonly address: ActorAddress;
  readonly rev: number;
  readonly newest: number;
  readonly entry: AuditEntry;
  readonly states: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
  readonly timers: readonly TimerLine[];
  readonly invocations: readonly string[];
  /** What this event changed in the context. */
  readonly difference: readonly Difference[];
  /** The transitions that this event took; none where they cannot be told. */
  readonly taken: readonly TakenBranch[];
  /** False where today's machine leads elsewhere than the record says, or where the history is too long to be played again. */
  readonly exact: boolean;
}

export interface Foresight {
  /** @throws AppError actor.unknownMachine, actor.invalidId, actor.invalidEvent, actor.quarantined, actor.machineFailed */
  plan(address: ActorAddress, event: ActorEvent): Promise<ActorPlan>;
  /** Of a forced state. @throws AppError the same, and actor.invalidForce */
  planForce(address: ActorAddress, force: Force): Promise<ActorPlan>;
  /** Of every event that staff may send to this kind of actor. */
  choices(address: ActorAddress): Promise<readonly EventPossibility[]>;
  /** @returns null when it has had no such event. @throws AppError actor.unknownMachine, actor.invalidId */
  asOf(address: ActorAddress, rev: number): Promise<PastView | null>;
}

/** Whoever may put an actor into a state that no event leads to. */
export interface Forcing {
  /**
   * Bypasses the guards: an event `staff.forced` like any other otherwise, on record with who and why.
   * @throws AppError actor.invalidForce, and what `Actors.send` throws
   */
  force(
    address: ActorAddress,
    force: Force & { readonly by: string; readonly reason: string },
    options: SendOptions & { readonly expectedRev: number; readonly key: string },
  ): Promise<SendResult>;
}
