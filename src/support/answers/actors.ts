// What the admin API answers about actors: one schema is the check in tests, the OpenAPI document and the type that the pages read.
import { z } from "zod";
import { ActorAddress, MachineName } from "../../../machines/address.ts";

/** Epoch milliseconds of the service's clock. */
export const At = z.int().meta({ id: "At", description: "Epoch milliseconds of the service's clock." });
const Address = ActorAddress.meta({ id: "Address", description: "`<machine>/<id>`." });

/** A state's path, such as `billing.active.term`. */
const States = z.array(z.string()).meta({ description: "paths of the leaf states, such as `billing.active.term`" });

export const Person = z
  .object({
    userId: z.int(),
    name: z.string().nullable(),
    username: z.string().nullable().meta({ description: "without @" }),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof Person>;

export const TimerLine = z
  .object({ id: z.string().meta({ description: "`<delay>.<state>`" }), dueAt: At })
  .meta({ id: "TimerLine" });

/** One row of a table of actors. */
export const ActorLine = z
  .object({
    address: Address,
    machine: MachineName,
    id: z.string(),
    states: States,
    since: At.nullable().meta({ description: "when it came into its states" }),
    nextTimer: TimerLine.nullable(),
    customer: Person.nullable(),
    problem: z.string().optional().meta({ description: "why it cannot be read; then the rest is empty" }),
  })
  .meta({ id: "ActorLine" });
export type ActorLine = z.infer<typeof ActorLine>;

/** One field of an event, as a form asks for it. */
export const EventField = z
  .object({
    name: z.string(),
    required: z.boolean(),
    schema: z.record(z.string(), z.unknown()).meta({ description: "JSON schema" }),
  })
  .meta({ id: "EventField" });
export type EventField = z.infer<typeof EventField>;

/** An event that staff may send to this kind of actor, and whether it would do anything now. */
export const EventChoice = z
  .object({
    type: z.string(),
    role: z.string().meta({ description: "the least role that may send it" }),
    mayYou: z.boolean().meta({ description: "whether yours is enough" }),
    possible: z.boolean().meta({ description: "whether the state has a use for it and no guard refuses it" }),
    guard: z.string().nullable().meta({ description: "the guard that refuses it" }),
    does: z.string().meta({ description: "in English; only `code` is marked up" }),
    means: z.object({ en: z.string(), ru: z.string() }).meta({ description: "the same in both languages" }),
    fields: z.array(EventField).meta({ description: "besides `type`, `by` and `reason`" }),
    reasonIsTold: z.boolean().optional().meta({ description: "the customer reads the command's reason" }),
  })
  .meta({ id: "EventChoice" });
export type EventChoice = z.infer<typeof EventChoice>;

export const ActorDetail = z
  .object({
    address: Address,
    machine: MachineName,
    id: z.string(),
    rev: z.int().meta({ description: "sequence number of its newest event" }),
    status: z.enum(["active", "done", "error"]),
    states: States,
    context: z.record(z.string(), z.unknown()),
    timers: z.record(z.string(), z.looseObject({ generation: z.int(), dueAt: At })),
    invocations: z.record(z.string(), z.looseObject({ generation: z.int(), src: z.string(), effectId: z.string() })),
  })
  .meta({ id: "ActorDetail" });
export type ActorDetail = z.infer<typeof ActorDetail>;

/** The n-th branch, from 0, that a state declares for an event. */
const TakenBranch = z.object({ source: z.string(), event: z.string(), branch: z.int() }).meta({ id: "TakenBranch" });
const Taken = z.array(TakenBranch).meta({
  description: "the transitions that the newest event shown took; none where they cannot be told",
});

/** What the actor's page needs besides: who it belongs to, what may be done, and who else is concerned. */
export const ActorPage = ActorDetail.extend({
  customer: Person.nullable(),
  since: At.nullable(),
  now: At,
  events: z.array(EventChoice),
  force: z.object({
    role: z.string(),
    mayYou: z.boolean(),
    targets: States.meta({ description: "every state that can be forced, by its path" }),
    roles: z
      .record(z.string(), z.string())
      .meta({ description: "the least role for those states that need another one than `role`, by path" }),
    notYours: States.meta({ description: "those that your role is not enough for" }),
  }),
  related: z.array(ActorLine).meta({ description: "the other actors of the same person or payment" }),
  personal: z.array(z.string()).meta({ description: "names of context fields that hold something personal" }),
  taken: Taken,
}).meta({ id: "ActorPage" });
export type ActorPage = z.infer<typeof ActorPage>;

export const Cause = z
  .object({
    kind: z.enum(["update", "timer", "effect", "staff", "customer", "system"]),
    id: z.string(),
    by: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: "Cause" });

export const HistoryEntry = z
  .object({
    entryId: z.string(),
    address: z.string(),
    seq: z.int().meta({ description: "1 for the actor's first event" }),
    at: At,
    event: z.looseObject({ type: z.string() }),
    cause: Cause,
    outcome: z.enum(["applied", "ignored", "failed"]),
    note: z.string().optional(),
    from: States.optional(),
    to: States.optional(),
    effects: z.array(z.string()).optional(),
    timers: z
      .array(z.string())
      .optional()
      .meta({ description: "`+<id>@<due, epoch ms>` for armed, `-<id>` for cancelled" }),
    hash: z.string(),
    previous: z.string(),
  })
  .meta({ id: "HistoryEntry" });
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const Difference = z
  .object({
    path: z.string(),
    before: z.unknown().optional().meta({ description: "absent where there was nothing" }),
    after: z.unknown().optional().meta({ description: "absent where nothing is left" }),
  })
  .meta({ id: "Difference" });
export type Difference = z.infer<typeof Difference>;

/** The actor as it was right after one of its events. */
export const PastActor = z
  .object({
    address: Address,
    seq: z.int(),
    newest: z.int().meta({ description: "sequence number of its newest event" }),
    entry: HistoryEntry,
    states: States,
    context: z.record(z.string(), z.unknown()),
    timers: z.array(TimerLine),
    invocations: z.array(z.string()),
    difference: z.array(Difference).meta({ description: "what this event changed in the context" }),
    taken: Taken,
    exact: z.boolean().meta({
      description:
        "false where replaying the history through today's machine led elsewhere than the record says; then the states are the record's and the context may differ",
    }),
  })
  .meta({ id: "PastActor" });
export type PastActor = z.infer<typeof PastActor>;

const Assumes = z.string().optional().meta({
  description:
    "the work that has to succeed for this, such as `refundCharge succeeds`; several with a comma. Absent where it happens anyway",
});

/** What an event would do: pure, nothing has changed yet. */
export const PlannedStep = z
  .object({
    address: Address,
    event: z.string(),
    outcome: z.enum(["applied", "ignored", "noActor"]),
    note: z.string().optional(),
    from: States,
    to: States,
    effects: z.array(z.string()),
    timersSet: z.array(TimerLine),
    timersCancelled: z.array(z.string()),
    assumes: Assumes,
  })
  .meta({ id: "PlannedStep" });
export type PlannedStep = z.infer<typeof PlannedStep>;

export const Plan = z
  .object({
    planHash: z.string().meta({
      description: "give it back with the command: refused when the plan, with all that follows, is another by then",
    }),
    expectedSeq: z.int(),
    before: States,
    after: States,
    step: PlannedStep,
    follows: z.array(PlannedStep).meta({
      description:
        "events that follow from the effects, at other actors and here, in order. Of work that it begins (`invoke …`) it goes on with the good end, and says so in `assumes`; what looks somewhere ends there",
    }),
    told: z
      .array(z.object({ notice: z.string(), language: z.enum(["ru", "en"]), text: z.string(), assumes: Assumes }))
      .meta({ description: "what the customer will be told, as plain text" }),
    entryEffects: z.array(z.string()).meta({
      description: "only for a forced state: effects of entering that do not run unless they are named in `run`",
    }),
    final: z
      .boolean()
      .meta({ description: "it ends, with what follows, in a state that nothing leads out of, or only to other ends" }),
    approval: z.boolean().meta({ description: "a second person has to approve it" }),
  })
  .meta({ id: "Plan" });
export type Plan = z.infer<typeof Plan>;

export const Sent = z
  .object({
    outcome: z.enum(["applied", "ignored", "duplicate", "noActor"]),
    rev: z.int(),
    first: z.enum(["applied", "ignored"]).optional(),
    view: ActorDetail.nullable(),
  })
  .meta({ id: "Sent" });
export type Sent = z.infer<typeof Sent>;
