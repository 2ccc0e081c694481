// What the admin API answers about what waits for a person, about tickets and about the books.
import { z } from "zod";
import { At, Person } from "./actors.ts";
import { TicketLine } from "./people.ts";

const Address = z.string().meta({ description: "`<machine>/<id>`" });

export const StateCounts = z
  .object({
    states: z
      .record(z.string(), z.int())
      .meta({ description: "by path; an actor with several regions counts in each" }),
  })
  .meta({ id: "StateCounts" });
export const Addresses = z.object({ actors: z.array(Address) }).meta({ id: "Addresses" });
export const AddressPage = z
  .object({ actors: z.array(Address), cursor: z.string().nullable().meta({ description: "null after the last page" }) })
  .meta({ id: "AddressPage" });
export const Verification = z
  .object({
    ok: z.boolean(),
    entries: z.int(),
    brokenAt: z
      .int()
      .nullable()
      .meta({ description: "the first event, from the newest back, whose entry is not right" }),
    problem: z.enum(["missingEntry", "changedEntry", "headMismatch", "missingActor"]).nullable(),
  })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof Verification>;

export const TicketPage = z
  .object({ tickets: z.array(TicketLine), cursor: z.string().nullable() })
  .meta({ id: "TicketPage" });
export type TicketPage = z.infer<typeof TicketPage>;
export const Ticket = z
  .object({
    id: z.string(),
    state: z.string(),
    userId: z.int().nullable(),
    customer: Person.nullable(),
    subject: z.string().nullable(),
    about: Address.nullable().meta({ description: "the actor that it is about" }),
    detail: z.string().nullable(),
    openedAt: At,
    answeredAt: At.nullable(),
    closedAt: At.nullable(),
    repeats: z.int().meta({ description: "how often the same cause was reported again while it was open" }),
    messages: z.array(z.object({ from: z.enum(["customer", "staff"]), text: z.string(), at: At })),
  })
  .meta({ id: "Ticket" });
export type Ticket = z.infer<typeof Ticket>;
export const TicketDone = z
  .object({ outcome: z.enum(["applied", "ignored", "duplicate", "noActor"]), state: z.string() })
  .meta({ id: "TicketDone" });

export const QuarantineList = z
  .object({ actors: z.array(z.object({ address: Address, problem: z.string(), at: At })) })
  .meta({ id: "QuarantineList" });
export type QuarantineList = z.infer<typeof QuarantineList>;
export const Released = z
  .object({ released: z.boolean().meta({ description: "false when it was not there" }) })
  .meta({ id: "Released" });
export const FailedEffectList = z
  .object({ effects: z.array(z.object({ effectId: z.string(), kind: z.string(), code: z.string(), at: At })) })
  .meta({ id: "FailedEffectList" });
export type FailedEffectList = z.infer<typeof FailedEffectList>;
export const Retried = z.object({ retried: z.literal(true) }).meta({ id: "Retried" });
export const UpdatesSetAside = z
  .object({
    updates: z.array(
      z.object({
        id: z.string(),
        updateId: z.int().nullable(),
        kind: z.string(),
        problem: z.enum(["malformed", "failed"]),
        fields: z.array(z.string()),
        at: At,
        chatId: z.int().nullable(),
        userId: z.int().nullable(),
        money: z.record(z.string(), z.record(z.string(), z.unknown())),
      }),
    ),
  })
  .meta({ id: "UpdatesSetAside" });
export type UpdatesSetAside = z.infer<typeof UpdatesSetAside>;
export const Forgotten = z.object({ forgotten: z.literal(true) }).meta({ id: "Forgotten" });

export const LedgerSums = z
  .object({
    sums: z.array(
      z.object({
        currency: z.string(),
        entry: z.string(),
        amountMinor: z.int().meta({ description: "in the smallest unit of the currency" }),
        rows: z.int(),
      }),
    ),
  })
  .meta({ id: "LedgerSums" });
export type LedgerSums = z.infer<typeof LedgerSums>;

export const ClockNow = z.object({ now: At }).meta({ id: "ClockNow" });
