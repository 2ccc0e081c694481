import type { AnyStateMachine } from "xstate";
import type { z } from "zod";
import type { MachineName } from "./address.ts";
import type { Effect } from "./effects.ts";
import type { InvocationName } from "./invocations.ts";

/** Something a person looks an actor up by: `attribute=value`. Attributes: see docs/redis-keys.md. */
export type Lookup = `${"telegramId" | "username" | "chargeId" | "orderId" | "chatId" | "product"}=${string}`;

/** What a person of the staff may do; each may do what those before may. */
export type StaffRole = "viewer" | "support" | "finance" | "owner";

/** All that the runtime needs to know about one machine. */
export interface MachineDefinition {
  readonly name: MachineName;
  /** Version of the stored snapshot; raised together with a migration. */
  readonly version: number;
  readonly machine: AnyStateMachine;
  /** Accepts or refuses an actor id. */
  readonly id: z.ZodType<string>;
  /** Public events. `xstate.*` events are never among them. */
  readonly event: z.ZodType<{ readonly type: string }>;
  /** Event types that bring an actor into being; any other to a missing actor is answered `noActor`. */
  readonly creators: ReadonlySet<string>;
  /**
   * Events that people of the staff may send, and the least role for each. All others are words of Telegram, of other actors or of the
   * customer: whoever could say them could make up payments.
   */
  readonly staffEvents: Readonly<Record<string, StaffRole>>;
  /** The least role that may force a state, past the guards. */
  readonly forceRole: StaffRole;
  /** Where another role is needed: by state, which means all that lie in it too. As much as the event has that leads there. */
  readonly forceRoles: Readonly<Record<string, StaffRole>>;
  /** Work that no forced state may begin: it has a way of its own, on which it is asked whether it may. */
  readonly neverByForce: readonly InvocationName[];
  /**
   * Events with a once key that the machine hears again, because it tells a repetition from a contradiction; all others are only put
   * on record when they come again.
   */
  readonly hearsAgain: ReadonlySet<string>;
  /** Effects of each named action, as data. Keys are exactly the action names the machine uses. */
  readonly effects: Readonly<Record<string, (args: { context: never; event: never }) => readonly Effect[]>>;
  readonly lookups: (context: never) => readonly Lookup[];
  /** Fields of events that must not be written to the audit, per event type. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  /** From version n to n + 1, on the stored snapshot's JSON. */
  readonly migrations: Readonly<Record<number, (stored: unknown) => unknown>>;
}

/** Keeps the precise types inside a machine's room and gives the runtime the general one. */
export function defineMachine<Context, Event extends { readonly type: string }>(definition: {
  name: MachineName;
  version: number;
  machine: AnyStateMachine;
  id: z.ZodType<string>;
  event: z.ZodType<{ readonly type: string }>;
  creators: readonly string[];
  staffEvents?: Readonly<Partial<Record<Event["type"], StaffRole>>>;
  /** Support by default. */
  forceRole?: StaffRole;
  forceRoles?: Readonly<Record<string, StaffRole>>;
  neverByForce?: readonly InvocationName[];
  hearsAgain?: readonly Event["type"][];
  effects: Readonly<Record<string, (args: { context: Context; event: Event }) => readonly Effect[]>>;
  lookups: (context: Context) => readonly Lookup[];
  personal?: Readonly<Record<string, readonly string[]>>;
  migrations?: Readonly<Record<number, (stored: unknown) => unknown>>;
}): MachineDefinition {
  return {
    ...definition,
    creators: new Set(definition.creators),
    staffEvents: definition.staffEvents ?? {},
    forceRole: definition.forceRole ?? "support",
    forceRoles: definition.forceRoles ?? {},
    neverByForce: definition.neverByForce ?? [],
    hearsAgain: new Set(definition.hearsAgain),
    personal: definition.personal ?? {},
    migrations: definition.migrations ?? {},
  } as unknown as MachineDefinition;
}
